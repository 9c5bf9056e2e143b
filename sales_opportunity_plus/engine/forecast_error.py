"""How far past forecasts were off, beyond what luck with single deals explains.

Deals of one period are not independent: a good quarter is good for all. So a sum of
independent deals gives ranges far too narrow. What past forecasts missed by tells how
much wider the truth is; as long as they are few, .20 is assumed.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Deviation of the log error before any past forecast, and what it weighs.
ASSUMED = 0.20
ASSUMED_WEIGHT = 1.0
#: Forecasts at no bias that the mean error is mixed with.
UNBIASED_WEIGHT = 2.0
#: Forecasts that were made, from which on rebuilt ones are not asked any more.
ENOUGH = 4
#: Days in which what a forecast missed by loses half its weight: two quarters.
HALF_LIFE = 182.0
#: A period without any won deal is off by no more than a factor of e².
FARTHEST = 2.0


@dataclass(frozen=True, slots=True)
class PastForecast:
    """What was forecast, what came, and the variance that independent deals explain.

    ``weight`` may fall with age: what forecasts missed by long ago says little of
    today's.
    """

    forecast: float
    actual: float
    variance: float = 0.0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ForecastError:
    """Log of actual ÷ forecast: its mean and its deviation; n forecasts taught it.

    ``is_rebuilt``: some of them were rebuilt later, and nobody had seen them.
    """

    mean: float = 0.0
    deviation: float = ASSUMED
    n: int = 0
    is_rebuilt: bool = False


def learn_error(past: Iterable[PastForecast]) -> ForecastError:
    """From matured forecasts of the same kind and horizon.

    >>> learn_error([])
    ForecastError(mean=0.0, deviation=0.2, n=0, is_rebuilt=False)
    """
    found = []
    for one in past:
        if not one.forecast > 0 or not math.isfinite(one.actual) or not one.weight > 0:
            continue
        ratio = max(one.actual / one.forecast, math.exp(-FARTHEST))
        luck = one.variance / one.forecast / one.forecast
        found.append((one.weight, min(math.log(ratio), FARTHEST), luck))
    weight = math.fsum(w for w, _error, _luck in found)
    mean = math.fsum(w * error for w, error, _luck in found) / (
        weight + UNBIASED_WEIGHT
    )
    beyond = math.fsum(
        w * max((error - mean) ** 2 - luck, 0.0) for w, error, luck in found
    )
    square = (ASSUMED_WEIGHT * ASSUMED**2 + beyond) / (ASSUMED_WEIGHT + weight)
    return ForecastError(mean, math.sqrt(square), len(found))


def learn_from_statements(
    live: Sequence[PastForecast], rebuilt: Sequence[PastForecast]
) -> ForecastError:
    """From forecasts that were made; rebuilt ones help out where these are few.

    Who rebuilds a forecast knows more than was known then, say when a deal closed in
    the end, and less of what people and stages said. So rebuilt ones may teach that
    ranges must be wider, never that they must be narrower, higher or lower.

    >>> learn_from_statements([], [PastForecast(100.0, 100.0)] * 9).deviation
    0.2
    """
    learnt = learn_error(live)
    if learnt.n >= ENOUGH:
        return learnt
    both = learn_error([*live, *rebuilt])
    if both.n == learnt.n:
        return learnt
    wide = math.hypot(both.deviation, both.mean - learnt.mean)
    deviation = max(wide, learnt.deviation, ASSUMED)
    return ForecastError(learnt.mean, deviation, both.n, is_rebuilt=True)


def fresh(days: float) -> float:
    """The weight of a forecast made so many days ago.

    >>> fresh(0.0), fresh(HALF_LIFE)
    (1.0, 0.5)
    """
    return math.pow(0.5, max(days, 0.0) / HALF_LIFE)
