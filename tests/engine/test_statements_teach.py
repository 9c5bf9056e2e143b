"""What forecasts that were written down teach the next ones."""

import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine.cumulants import of_deal, total
from sales_opportunity_plus.engine.forecast_error import (
    ASSUMED,
    ENOUGH,
    PastForecast,
    learn_error,
    learn_from_statements,
)
from sales_opportunity_plus.engine.projection import (
    cumulants_of_new,
    spread_of_amounts,
)
from sales_opportunity_plus.engine.self_correction import Issued, learn_correction

pasts = st.lists(
    st.builds(
        PastForecast,
        forecast=st.floats(-10, 1e9),
        actual=st.floats(-10, 1e9),
        variance=st.floats(0, 1e9),
        weight=st.floats(0, 1),
    ),
    max_size=12,
)


@given(pasts, pasts)
def test_rebuilt_forecasts_only_widen(live, rebuilt):
    found, alone = learn_from_statements(live, rebuilt), learn_error(live)
    assert found.n >= alone.n
    if found.is_rebuilt:
        assert found.n > alone.n and alone.n < ENOUGH
        assert found.deviation >= max(alone.deviation, ASSUMED)
        assert found.mean == alone.mean
    else:
        assert found == alone


def test_enough_live_ones_are_asked_alone():
    live = [PastForecast(100.0, 100.0)] * ENOUGH
    rebuilt = [PastForecast(100.0, 900.0)] * 20
    assert learn_from_statements(live, rebuilt) == learn_error(live)
    few = learn_from_statements(live[1:], rebuilt)
    assert few.is_rebuilt and few.n == ENOUGH - 1 + 20 and few.deviation > 1.0


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(-(10**6), 10**6)), max_size=6),
    st.integers(0, 9),
)
def test_a_multiple_of_cumulants_is_that_of_multiplied_amounts(some, factor):
    multiplied = total([(p, amount * factor) for p, amount in some])
    assert total(some).times(float(factor)) == multiplied


def test_a_part_of_cumulants():
    deal = of_deal(0.25, 100)
    assert deal.times(0.5).mean == Fraction(25, 2)
    assert deal.times(0.5).deviation == pytest.approx(deal.deviation / 2)


def test_new_deals_agree_with_draws():
    draw = random.Random(3)
    squares_of_spread = math.log(1.5)
    amounts = [
        draw.lognormvariate(5.0, math.sqrt(squares_of_spread)) for _deal in range(20000)
    ]
    spread = spread_of_amounts(sum(amounts), sum(a * a for a in amounts), len(amounts))
    assert spread == pytest.approx(1.5, rel=0.1)
    mean = sum(amounts) / len(amounts)
    sums = [
        sum(draw.choice(amounts) for _deal in range(_poisson(draw, 4.0)))
        for _draw in range(20000)
    ]
    first, second, third, _fourth = cumulants_of_new(4.0, mean, spread)
    middle = sum(sums) / len(sums)
    assert first == pytest.approx(middle, rel=0.03)
    assert second == pytest.approx(_moment(sums, middle, 2), rel=0.06)
    assert third == pytest.approx(_moment(sums, middle, 3), rel=0.35)


def _moment(values, middle, order):
    return sum((value - middle) ** order for value in values) / len(values)


def _poisson(draw, mean):
    count, left = 0, math.exp(-mean)
    chance = draw.random()
    while chance > left:
        chance *= draw.random()
        count += 1
    return count


def months(count, came, said=100.0):
    return [Issued(30 * k, 30 * k + 30, 0.5, (said,), came) for k in range(count)]


def test_a_projection_is_corrected_once_enough_periods_have_matured():
    assert learn_correction(months(ENOUGH - 1, 50.0), 500, 0.5, [80.0]) is None
    found = learn_correction(months(12, 50.0), 500, 0.5, [80.0])
    assert found.n == 12
    assert found.factor == pytest.approx(0.55, abs=0.05)
    # What matures later is not known yet.
    assert learn_correction(months(12, 50.0), 60, 0.5, [80.0]) is None


@pytest.mark.parametrize("said", [[], [0.0], [-5.0], [math.nan], [math.inf]])
def test_nothing_to_come_is_not_corrected(said):
    assert learn_correction(months(12, 50.0), 500, 0.5, said) is None


@given(st.lists(st.floats(-1e6, 1e9), min_size=4, max_size=20), st.floats(0.01, 1e9))
def test_a_correction_is_a_positive_number(actuals, said):
    past = [Issued(7 * k, 7 * k + 7, 0.5, (100.0,), a) for k, a in enumerate(actuals)]
    found = learn_correction(past, 500, 0.2, [said])
    assert found and 0.0 < found.factor < math.inf
