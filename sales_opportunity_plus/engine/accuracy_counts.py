"""``accuracy`` out of counts: any number of forecasts in memory that does not grow.

A database says how often each probability was said and how often it came true; what
is then said of Brier, log loss, AUC and calibration is the same as of each forecast
alone. One opportunity that was looked at ten times is no ten pieces of evidence: by
chance alone is told by the number of opportunities.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .accuracy import BINS, Bin, OutcomeAccuracy
from .log_odds import mean_log_loss


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a probability was said, and how often it came true."""

    said: float
    n: int
    won: int


def bin_of(said: float) -> int:
    """The place of a probability among the bins.

    >>> bin_of(0.0), bin_of(0.1), bin_of(1.0)
    (0, 1, 9)
    """
    return min(max(int(said * BINS), 0), BINS - 1)


def counted_accuracy(
    counts: Iterable[Counted], deals: Mapping[int, int] | None = None
) -> OutcomeAccuracy:
    """Accuracy of probabilities that were counted.

    :param deals: different opportunities by bin, where they were looked at repeatedly
    """
    ranked = sorted((one for one in counts if one.n), key=lambda one: one.said)
    n = sum(one.n for one in ranked)
    if not n:
        return OutcomeAccuracy(0, None, None, None, None, None, ())
    places, bins = _bins(ranked)
    return OutcomeAccuracy(
        n=n,
        brier=math.fsum(_squares(one) for one in ranked) / n,
        log_loss=math.fsum(_log_loss(one) for one in ranked) / n,
        auc=_auc(ranked),
        ece=math.fsum(found.n * abs(found.said - found.came) for found in bins) / n,
        ece_by_chance=_by_chance(places, bins, n, deals or {}),
        bins=bins,
    )


def _squares(one: Counted) -> float:
    return one.won * (1 - one.said) ** 2 + (one.n - one.won) * one.said**2


def _log_loss(one: Counted) -> float:
    return one.n * mean_log_loss([(one.said, one.won / one.n)])


def _bins(ranked: list[Counted]) -> tuple[list[int], tuple[Bin, ...]]:
    grouped: dict[int, list[Counted]] = {}
    for one in ranked:
        grouped.setdefault(bin_of(one.said), []).append(one)
    bins = []
    for place, found in grouped.items():
        n = sum(one.n for one in found)
        said = math.fsum(one.n * one.said for one in found) / n
        came = sum(one.won for one in found) / n
        bins.append(Bin(place / BINS, (place + 1) / BINS, n, said, came))
    return list(grouped), tuple(bins)


def _by_chance(
    places: list[int], bins: tuple[Bin, ...], n: int, deals: Mapping[int, int]
) -> float:
    """See ``accuracy.ece_by_chance``."""
    spread = math.fsum(
        found.n * math.sqrt(found.said * (1 - found.said) / deals.get(place, found.n))
        for place, found in zip(places, bins, strict=True)
    )
    return math.sqrt(2 / math.pi) * spread / n


def _auc(ranked: list[Counted]) -> float | None:
    """See ``accuracy.auc``."""
    won = sum(one.won for one in ranked)
    lost = sum(one.n - one.won for one in ranked)
    if not won or not lost:
        return None
    better, below = 0.0, 0
    start = 0
    while start < len(ranked):
        end = start
        won_here = lost_here = 0
        while end < len(ranked) and ranked[end].said == ranked[start].said:
            won_here += ranked[end].won
            lost_here += ranked[end].n - ranked[end].won
            end += 1
        better += won_here * (below + lost_here / 2)
        below += lost_here
        start = end
    return better / (won * lost)
