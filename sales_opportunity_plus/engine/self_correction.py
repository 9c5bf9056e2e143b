"""What to forecast when several methods have a past: each corrected by its own.

Of each method there are three opinions: as it stands; times what all its past forecasts
should have been multiplied by; times what those made at about the same point of the
quarter should have been, because deals crowd at its end. Corrections lean toward none,
newer forecasts count more. What an opinion would have forecast in the past, each time
from what had matured by then, says how likely it is to be the right one, and by that
they are mixed.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

#: Days in which a past forecast loses half its weight in a correction: a quarter.
HALF_LIFE = 91.0
#: And in the record of an opinion: a season must come twice to be known as one.
RECORD_HALF_LIFE = 182.0
#: How near in the quarter (of 1) is near.
NEAR = 0.08
#: Mean forecasts as they should have been, that the past ones are mixed with.
UNBIASED = 0.5
#: Log error of an opinion before it has any record, squared, and what it weighs.
ASSUMED_SQUARE, ASSUMED_WEIGHT = 0.06, 2.0
#: No single forecast is held to be further off than by a factor of e³.
FARTHEST = 3.0
#: What is more is no amount of money, and sums of it would not be numbers.
HUGE = 1e100
#: Periods that must have matured before anything is corrected by them.
ENOUGH = 4
#: Past forecasts that are looked at, the newest: two years, made weekly.
KEPT = 104


@dataclass(frozen=True, slots=True)
class Issued:
    """Forecasts of what open deals bring in a period, as they were made.

    ``made`` and ``matured`` are days; ``phase`` is how much of its quarter was over
    (0 to 1) when they were made; ``said`` is what each method said, always the same
    methods in the same order.
    """

    made: int
    matured: int
    phase: float
    said: tuple[float, ...]
    actual: float


@dataclass(frozen=True, slots=True)
class _Past:
    """One method's forecast."""

    made: int
    matured: int
    phase: float
    forecast: float
    actual: float


def corrected(
    past: Sequence[Issued], day: int, phase: float, said: Sequence[float]
) -> float:
    """The forecast made on a day, from what had matured by then.

    :param said: what each method says now

    >>> round(corrected([], 100, 0.5, [100.0]))
    100
    >>> round(corrected([Issued(0, 30, 0.0, (100.0,), 50.0)] * 2, 60, 0.5, [100.0]))
    71
    """
    usable = {number for number, one in enumerate(said) if _is_positive(one)}
    matured = sorted(
        (one for one in past if one.matured <= day and abs(one.actual) < HUGE),
        key=lambda one: one.made,
    )
    opinions: list[tuple[float, float]] = []
    for number in usable:
        known = [
            _Past(one.made, one.matured, one.phase, one.said[number], one.actual)
            for one in matured[-KEPT:]
            if number < len(one.said) and _is_positive(one.said[number])
        ]
        opinions += _opinions(known, day, phase, said[number])
    if not opinions:
        return max([one for one in said if math.isfinite(one)], default=0.0)
    best = max(say for _forecast, say in opinions)
    weights = [math.exp(say - best) for _forecast, say in opinions]
    logs = [math.log(forecast) for forecast, _say in opinions]
    whole = math.fsum(weights)
    return math.exp(
        math.fsum(w * x for w, x in zip(weights, logs, strict=True)) / whole
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """By what is multiplied what is still to come; n periods taught it."""

    factor: float
    n: int


def learn_correction(
    past: Sequence[Issued], day: int, phase: float, said: Sequence[float]
) -> Correction | None:
    """Of the first method; None where too few periods have matured.

    :param past: one forecast of each period, made as long before its end

    >>> past = [Issued(k, k + 30, 0.0, (100.0,), 50.0) for k in range(0, 150, 30)]
    >>> learn_correction(past[:3], 200, 0.0, [80.0])
    >>> learn_correction(past, 200, 0.0, [80.0]).factor < 0.7
    True
    """
    n = sum(one.matured <= day for one in past)
    if n < ENOUGH or not said or not _is_positive(said[0]):
        return None
    factor = corrected(past, day, phase, said) / said[0]
    return Correction(factor, n) if _is_positive(factor) else None


def _is_positive(amount: float) -> bool:
    return 0.0 < amount < HUGE


def _opinions(
    known: Sequence[_Past], day: int, phase: float, forecast: float
) -> Iterator[tuple[float, float]]:
    """Forecasts, and the log-likelihood of each opinion."""
    for opinion in (_none, _flat, _near):
        squares, weight = ASSUMED_WEIGHT * ASSUMED_SQUARE, ASSUMED_WEIGHT
        apart, last = 0.0, -math.inf
        for one in known:
            before = [other for other in known if other.matured <= one.made]
            fresh = math.pow(0.5, (day - one.made) / RECORD_HALF_LIFE)
            meant = opinion(before, one.made, one.phase) * one.forecast
            squares += fresh * _log_error(meant, one.actual) ** 2
            weight += fresh
            # Of forecasts that overlap, only what is new tells anything.
            length = max(one.matured - one.made, 1)
            apart += fresh * min((one.made - last) / length, 1.0)
            last = one.made
        say = -0.5 * apart * math.log(squares / weight)
        yield max(opinion(known, day, phase) * forecast, 1e-300), say


def _log_error(forecast: float, actual: float) -> float:
    floor = forecast * math.exp(-FARTHEST)
    return min(math.log(max(actual, floor, 1e-300) / max(forecast, 1e-300)), FARTHEST)


Opinion = Callable[[Sequence[_Past], int, float], float]


def _none(known: Sequence[_Past], day: int, phase: float) -> float:
    return 1.0


def _flat(known: Sequence[_Past], day: int, phase: float) -> float:
    return _ratio([(one, _fresh(one, day)) for one in known], 1.0, day)


def _near(known: Sequence[_Past], day: int, phase: float) -> float:
    rows = []
    for one in known:
        apart = abs(one.phase - phase)
        apart = min(apart, 1.0 - apart) / NEAR
        rows.append((one, _fresh(one, day) * math.exp(-0.5 * apart * apart)))
    return _ratio(rows, _flat(known, day, phase), day)


def _fresh(one: _Past, day: int) -> float:
    return math.pow(0.5, (day - one.made) / HALF_LIFE)


def _ratio(rows: Sequence[tuple[_Past, float]], toward: float, day: int) -> float:
    """Σ actual ÷ Σ forecast, mixed with half a mean forecast that needs ``toward``."""
    if not rows:
        return 1.0
    usual = math.fsum(_fresh(one, day) * one.forecast for one, _weight in rows)
    mixed = UNBIASED * usual / len(rows)
    came = math.fsum(weight * max(one.actual, 0.0) for one, weight in rows)
    said = math.fsum(weight * one.forecast for one, weight in rows)
    factor = (came + mixed * toward) / max(said + mixed, 1e-300)
    return min(max(factor, math.exp(-FARTHEST)), math.exp(FARTHEST))
