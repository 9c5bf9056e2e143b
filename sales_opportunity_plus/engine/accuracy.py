"""How good forecasts were: of outcomes, of amounts and of ranges.

Every figure comes with its n where a small one could mislead; a calibration error
also with what chance alone would show for a perfect forecast.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .log_odds import mean_log_loss

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts between low and high: what was said on average, and what came."""

    low: float
    high: float
    n: int
    said: float
    came: float


@dataclass(frozen=True, slots=True)
class OutcomeAccuracy:
    """Of probabilities; None where there is nothing to say."""

    n: int
    brier: float | None
    log_loss: float | None
    auc: float | None
    ece: float | None
    ece_by_chance: float | None
    bins: tuple[Bin, ...]


def outcome_accuracy(pairs: Sequence[tuple[float, bool]]) -> OutcomeAccuracy:
    """Accuracy of (probability, was won)."""
    n = len(pairs)
    if not n:
        return OutcomeAccuracy(0, None, None, None, None, None, ())
    bins = reliability(pairs)
    return OutcomeAccuracy(
        n=n,
        brier=math.fsum((p - won) ** 2 for p, won in pairs) / n,
        log_loss=mean_log_loss((p, float(won)) for p, won in pairs),
        auc=auc(pairs),
        ece=sum(found.n * abs(found.said - found.came) for found in bins) / n,
        ece_by_chance=ece_by_chance(bins, n),
        bins=bins,
    )


def reliability(pairs: Iterable[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Ten bins of equal width, without the empty ones."""
    grouped: dict[int, list[tuple[float, bool]]] = {}
    for p, won in pairs:
        place = min(max(int(p * BINS), 0), BINS - 1)
        grouped.setdefault(place, []).append((p, won))
    return tuple(
        Bin(
            place / BINS,
            (place + 1) / BINS,
            len(found),
            math.fsum(p for p, _won in found) / len(found),
            sum(won for _p, won in found) / len(found),
        )
        for place, found in sorted(grouped.items())
    )


def ece_by_chance(bins: Sequence[Bin], n: int) -> float:
    """Expected error of a perfect forecast: of each bin the mean distance of a normal
    with the binomial's variance."""
    spread = sum(
        found.n * math.sqrt(found.said * (1 - found.said) / found.n) for found in bins
    )
    return math.sqrt(2 / math.pi) * spread / n


def auc(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """P(a won deal was given more than a lost one); ties are half.

    >>> auc([(0.9, True), (0.5, False), (0.5, True)])
    0.75
    """
    ranked = sorted(pairs, key=lambda pair: pair[0])
    won = sum(outcome for _p, outcome in ranked)
    lost = len(ranked) - won
    if not won or not lost:
        return None
    ranks, start = 0.0, 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and ranked[end][0] == ranked[start][0]:
            end += 1
        middle = (start + 1 + end) / 2
        ranks += middle * sum(outcome for _p, outcome in ranked[start:end])
        start = end
    return (ranks - won * (won + 1) / 2) / (won * lost)


@dataclass(frozen=True, slots=True)
class AmountAccuracy:
    """Of amounts: Σ|actual − forecast| ÷ Σ actual, and the signed one (+: too high)."""

    n: int
    wape: float | None
    bias: float | None


def amount_accuracy(pairs: Sequence[tuple[float, float]]) -> AmountAccuracy:
    """Accuracy of (forecast, actual).

    >>> amount_accuracy([(11.0, 10.0), (9.0, 10.0)])
    AmountAccuracy(n=2, wape=0.1, bias=0.0)
    """
    total = math.fsum(abs(actual) for _forecast, actual in pairs)
    if not total:
        return AmountAccuracy(len(pairs), None, None)
    missed = math.fsum(abs(actual - forecast) for forecast, actual in pairs)
    over = math.fsum(forecast - actual for forecast, actual in pairs)
    return AmountAccuracy(len(pairs), missed / total, over / total)


@dataclass(frozen=True, slots=True)
class RangeAccuracy:
    """Share of the actual amounts inside their range, and its mean width."""

    n: int
    coverage: float | None
    width: float | None


def range_accuracy(rows: Sequence[tuple[float, float, float]]) -> RangeAccuracy:
    """Accuracy of (low, high, actual); the width is in terms of the actual amounts.

    >>> range_accuracy([(8.0, 12.0, 10.0), (8.0, 12.0, 14.0)])
    RangeAccuracy(n=2, coverage=0.5, width=0.3333333333333333)
    """
    if not rows:
        return RangeAccuracy(0, None, None)
    inside = sum(low <= actual <= high for low, high, actual in rows)
    total = math.fsum(abs(actual) for _low, _high, actual in rows)
    wide = math.fsum(high - low for low, high, _actual in rows)
    return RangeAccuracy(len(rows), inside / len(rows), wide / total if total else None)
