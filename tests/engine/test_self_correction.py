"""Forecasts corrected by their past: what lasts is followed, nothing breaks it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine.forecast_error import (
    ForecastError,
    PastForecast,
    learn_error,
)
from sales_opportunity_plus.engine.self_correction import Issued, corrected


def weekly(count, came, methods=1):
    """One forecast of 100 a week for 28 days; ``came`` says what came of it."""
    return [
        Issued(7 * k, 7 * k + 28, (7 * k % 91) / 91, (100.0,) * methods, came(k))
        for k in range(count)
    ]


def test_without_a_past_nothing_is_corrected():
    assert corrected([], 100, 0.5, [80.0]) == pytest.approx(80.0)
    assert corrected([], 100, 0.5, []) == 0.0


def test_a_lasting_error_is_corrected():
    past = weekly(40, lambda k: 50.0)
    assert corrected(past, 300, 0.3, [100.0]) == pytest.approx(52.0, abs=4.0)


def test_a_good_forecast_is_left_alone():
    past = weekly(40, lambda k: 105.0 if k % 2 else 95.0)
    assert corrected(past, 300, 0.3, [100.0]) == pytest.approx(100.0, abs=3.0)


def test_the_end_of_the_quarter_is_known_by_itself():
    past = weekly(80, lambda k: 40.0 if (7 * k % 91) > 75 else 120.0)
    late, early = corrected(past, 600, 0.95, [100.0]), corrected(past, 600, 0.4, [100])
    assert late < 90.0 < 110.0 < early


def test_the_method_that_was_right_counts():
    past = [
        Issued(7 * k, 7 * k + 28, 0.5, (100.0 + 50.0 * (k % 3), 80.0), 80.0)
        for k in range(40)
    ]
    assert corrected(past, 300, 0.5, (150.0, 80.0)) == pytest.approx(80.0, abs=5.0)


def test_what_has_not_matured_teaches_nothing():
    past = weekly(4, lambda k: 1.0)
    assert corrected(past, 20, 0.2, [100.0]) == pytest.approx(100.0)


amounts = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, -1.0, 1e-300, 1e300, 5.0]),
)
pasts = st.lists(
    st.builds(
        Issued,
        made=st.integers(0, 400),
        matured=st.integers(0, 430),
        phase=st.floats(0, 1),
        said=st.tuples(amounts, amounts),
        actual=amounts,
    ),
    max_size=12,
)


@given(pasts, st.floats(0, 1), st.lists(amounts, max_size=3))
def test_whatever_is_said_the_forecast_is_a_number(past, phase, said):
    found = corrected(past, 365, phase, said)
    assert not math.isnan(found)
    usable = [one for one in said if math.isfinite(one) and one > 0]
    assert not usable or found > 0.0


def test_old_errors_weigh_less():
    old = [PastForecast(100.0, 300.0, weight=0.01)] * 5
    fresh = [PastForecast(100.0, 100.0)] * 5
    assert learn_error(old + fresh).deviation < learn_error(fresh).deviation + 0.05
    assert learn_error([PastForecast(1.0, 1.0, weight=0.0)]) == ForecastError()
