"""Ranges against draws, exact sums, and how past errors widen and correct."""

import doctest
import math
import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import (
    accuracy,
    cumulants,
    forecast_error,
    forecast_range,
    projection,
    recent_shift,
    self_correction,
)
from sales_opportunity_plus.engine.accuracy import outcome_accuracy, range_accuracy
from sales_opportunity_plus.engine.cumulants import of_deal, total
from sales_opportunity_plus.engine.forecast_error import (
    ForecastError,
    PastForecast,
    learn_error,
)
from sales_opportunity_plus.engine.forecast_range import (
    range_of_deals,
    range_of_sums,
)
from sales_opportunity_plus.engine.recent_shift import Outcome, proven_shift

MODULES = (
    *(accuracy, cumulants, forecast_error, forecast_range),
    *(projection, recent_shift, self_correction),
)
probabilities = st.floats(0, 1)
amounts = st.decimals(-(10**12), 10**12, places=2)
deals = st.lists(st.tuples(probabilities, amounts), max_size=12)


@pytest.mark.parametrize("module", MODULES)
def test_examples(module):
    assert doctest.testmod(module).failed == 0


@given(deals, deals)
def test_a_total_is_the_sum_of_its_groups_to_the_last_digit(some, others):
    assert total(some) + total(others) == total(others + some)
    exact = sum(
        Fraction(round(p * 10**6), 10**6) * Fraction(amount) for p, amount in some
    )
    assert total(some).mean == exact


@given(deals)
# Ten of less than a step of the grid.
@example([*[(0.5, Decimal("0.01"))] * 10, (0.03125, Decimal("-64.30"))])
def test_a_range_is_in_order_and_within_what_can_come(some):
    found = range_of_deals(some)
    low = sum(min(float(a), 0.0) for _p, a in some)
    high = sum(max(float(a), 0.0) for _p, a in some)
    slack = 1e-6 * (high - low) + 1e-6
    assert low - slack <= found.p10 <= found.p50 <= found.p90 <= high + slack


def drawn(some, count=20000, seed=5):
    draw = random.Random(seed)
    sums = sorted(
        sum(a for p, a in some if draw.random() < p) for _number in range(count)
    )
    return [sums[count // 10], sums[count // 2], sums[count * 9 // 10]]


@pytest.mark.parametrize("count", [5, 40, 250])
def test_agrees_with_draws(count):
    draw = random.Random(count)
    some = [
        (draw.random() * 0.6, draw.lognormvariate(8, 0.8)) for _deal in range(count)
    ]
    found = range_of_deals(some)
    spread = total(some).deviation
    for mine, theirs in zip(
        (found.p10, found.p50, found.p90), drawn(some), strict=True
    ):
        assert mine == pytest.approx(theirs, abs=0.08 * spread)


def test_sums_alone_do_for_many_deals():
    some = [(0.3, 100 + k % 7) for k in range(1000)]
    assert range_of_sums(total(some)) == range_of_deals(some)


def test_error_widens_and_moves():
    some = [(0.3, 100)] * 300
    narrow, wide = range_of_deals(some), range_of_deals(some, ForecastError())
    assert wide.p90 - wide.p10 > 2 * (narrow.p90 - narrow.p10)
    low = range_of_deals(some, ForecastError(mean=-0.5))
    assert low.p50 < 0.7 * wide.p50
    assert range_of_deals(some, certain=1000.0).p50 == narrow.p50 + 1000.0


def test_one_large_deal_is_told():
    found = cumulants.concentration([(0.5, 10), (0.5, 1000), (1.0, 10**6)])
    assert found.place == 1 and found.share > 0.99
    assert cumulants.concentration([(1.0, 5), (0.0, 5)]) is None


@pytest.mark.parametrize("amount", [math.inf, -math.inf, math.nan, Decimal("NaN")])
def test_amounts_that_are_none_are_refused(amount):
    with pytest.raises(ValueError, match="cannot|can be summed"):
        of_deal(0.5, amount)


def test_huge_zero_and_negative_amounts():
    found = range_of_deals([(0.5, 10**30), (0.5, 0), (0.5, -(10**30))])
    assert math.isfinite(found.p10) and found.p10 < 0 < found.p90


def test_past_errors_teach_and_luck_does_not():
    off = [PastForecast(100.0, 60.0), PastForecast(100.0, 160.0)] * 10
    lucky = [PastForecast(p.forecast, p.actual, variance=10**4) for p in off]
    assert learn_error(off).deviation > 0.4 > learn_error(lucky).deviation
    assert learn_error([PastForecast(0.0, 5.0), PastForecast(5.0, 0.0)]).n == 1


def test_a_lasting_drift_is_followed_and_a_swing_is_not():
    draw = random.Random(2)

    def months(rates):
        return [
            Outcome(-1.4, draw.random() < rate, ago + draw.random())
            for ago, rate in enumerate(rates)
            for _deal in range(300)
        ]

    assert proven_shift(months([0.35, 0.35, 0.35, 0.35])) > 0.4
    assert proven_shift(months([0.35, 0.08, 0.35, 0.08, 0.35, 0.08])) == 0.0
    assert proven_shift([]) == 0.0


def test_quality_of_nothing_and_of_perfection():
    assert outcome_accuracy([]).brier is None
    perfect = outcome_accuracy([(1.0, True), (0.0, False)])
    assert (perfect.brier, perfect.auc, perfect.ece) == (0.0, 1.0, 0.0)
    assert outcome_accuracy([(0.5, True)]).auc is None
    assert range_accuracy([]).coverage is None


def test_a_calibrated_forecast_errs_by_chance_only():
    draw = random.Random(4)
    chances = [draw.random() for _deal in range(2500)]
    found = outcome_accuracy([(p, draw.random() < p) for p in chances])
    assert found.ece == pytest.approx(found.ece_by_chance, abs=0.012)
