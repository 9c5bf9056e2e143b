"""Low, middle and high of a sum of uncertain deals: P10, P50 and P90.

Up to ``FEW`` deals the distribution of the sum is worked out on a grid of amounts, one
deal after the other. Of many deals the cumulants are enough (Cornish–Fisher). Either
is then widened by the learned error of past forecasts, quantile by quantile: nothing is
drawn at random, the same deals always give the same range.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

from .cumulants import Amount, Cumulants, as_money, as_parts, total
from .forecast_error import ForecastError

FEW = 200
CELLS = 1000
#: Quantiles that stand for a distribution, and for the error that widens it.
POINTS = 200
WIDENING = 41
#: Beyond these the series of Cornish and Fisher is not to be trusted.
SKEWED, PEAKED = 1.5, 4.0


@dataclass(frozen=True, slots=True)
class Range:
    """Quantiles of the amount that will be won."""

    p10: float
    p50: float
    p90: float


@cache
def _normal(points: int) -> tuple[float, ...]:
    """Middles of equally likely slices of a standard normal."""
    normal = NormalDist()
    return tuple(normal.inv_cdf((k + 0.5) / points) for k in range(points))


def range_of_deals(
    deals: Sequence[tuple[float, Amount]],
    error: ForecastError | None = None,
    certain: float = 0.0,
) -> Range:
    """The range of (probability, amount); ``certain`` is closed already.

    >>> range_of_deals([(1.0, 100)])
    Range(p10=100.0, p50=100.0, p90=100.0)
    """
    if len(deals) <= FEW:
        points = _points_on_grid(deals)
    else:
        points = _points_by_cumulants(total(deals))
    return _widened(points, error, certain)


def range_of_sums(
    cumulants: Cumulants, error: ForecastError | None = None, certain: float = 0.0
) -> Range:
    """The range where only sums are known, say of many deals in a database."""
    return _widened(_points_by_cumulants(cumulants), error, certain)


def _points_by_cumulants(cumulants: Cumulants) -> list[float]:
    mean, deviation = float(cumulants.mean), cumulants.deviation
    if not deviation:
        return [mean]
    skew = min(max(cumulants.skewness, -SKEWED), SKEWED)
    excess = min(max(cumulants.excess, -PEAKED), PEAKED)
    points = []
    for z in _normal(POINTS):
        bent = (
            z
            + skew * (z * z - 1) / 6
            + excess * (z**3 - 3 * z) / 24
            - skew * skew * (2 * z**3 - 5 * z) / 36
        )
        points.append(mean + deviation * bent)
    return sorted(points)


def _points_on_grid(deals: Sequence[tuple[float, Amount]]) -> list[float]:
    """The sum's distribution on amounts of equal distance, by convolution.

    An amount between two of them is shared by both, so that the mean stays exact.
    """
    amounts = [as_money(amount) / as_money(1) for _p, amount in deals]
    chances = [as_parts(p) / as_parts(1.0) for p, _amount in deals]
    sure = math.fsum(a for a, p in zip(amounts, chances, strict=True) if p == 1.0)
    open_deals = [
        (p, a) for p, a in zip(chances, amounts, strict=True) if 0 < p < 1 and a
    ]
    if not open_deals:
        return [sure]
    low = math.fsum(min(a, 0.0) for _p, a in open_deals)
    # A negative amount that may come is a positive one that may not.
    gains = [(p, a) if a > 0 else (1.0 - p, -a) for p, a in open_deals]
    whole = math.fsum(a for _p, a in gains)
    step = whole / CELLS
    if len(gains) <= 10:
        return _quantiles(_outcomes(gains), sure + low)
    found = [1.0]
    for p, amount in gains:
        found = _with_deal(found, p, amount / step)
    # What is shared reaches beyond all that can come, where a deal is less than a step.
    outcomes = [(min(k * step, whole), mass) for k, mass in enumerate(found)]
    return _quantiles(outcomes, sure + low)


def _outcomes(gains: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Every outcome of a few deals: (amount, chance), from the lowest."""
    found = [(0.0, 1.0)]
    for p, gain in gains:
        found = [
            *((amount, chance * (1.0 - p)) for amount, chance in found),
            *((amount + gain, chance * p) for amount, chance in found),
        ]
    return sorted(found)


def _with_deal(before: list[float], p: float, cells: float) -> list[float]:
    whole, part = int(cells), cells - int(cells)
    after = [mass * (1.0 - p) for mass in before] + [0.0] * (whole + 1)
    near, far = p * (1.0 - part), p * part
    for place, mass in enumerate(before, whole):
        after[place] += near * mass
        after[place + 1] += far * mass
    return after


def _quantiles(outcomes: Sequence[tuple[float, float]], start: float) -> list[float]:
    points: list[float] = []
    below = 0.0
    for amount, chance in outcomes:
        below += chance
        while len(points) < POINTS and below > (len(points) + 0.5) / POINTS:
            points.append(start + amount)
    points += [start + outcomes[-1][0]] * (POINTS - len(points))
    return points


def _widened(
    points: Sequence[float], error: ForecastError | None, certain: float
) -> Range:
    if error is None:
        spread = sorted(points)
    else:
        factors = [
            math.exp(error.mean + error.deviation * z) for z in _normal(WIDENING)
        ]
        # Sorted already but for the factors: few runs are merged faster.
        spread = sorted([point * factor for factor in factors for point in points])
    low, middle, high = (_at(spread, share) + certain for share in (0.1, 0.5, 0.9))
    return Range(low, middle, high)


def _at(spread: Sequence[float], share: float) -> float:
    return spread[min(int(share * len(spread)), len(spread) - 1)]
