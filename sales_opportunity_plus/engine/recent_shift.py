"""Follow the drift: one number that re-centres a score on the last months' outcomes.

Win rates move; which deals are better than others moves less. The shift of the
log-odds is the one that makes the last outcomes likeliest, those of a month ago half
as heavy as today's, held near zero as long as they are few.

Not every swing lasts: where quarters end high and begin low, last month's is the wrong
one for the next. So the shift counts only if it would have helped in the months that
are known, each forecast from those before it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .log_odds import sigmoid

#: Months of outcomes that count.
MONTHS = 3.0
#: Of the likelihood: 12.5 · shift², a standard deviation of .2 before any outcome.
HOLD = 12.5
STEPS = 25
#: Past months that the shift is tried on.
TRIALS = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """The log-odds that a deal was given, and what came of it how many months ago."""

    log_odds: float
    won: bool
    months: float
    weight: float = 1.0


def recent_shift(outcomes: Iterable[Outcome], now: float = 0.0) -> float:
    """Log-odds to add to what is said from ``now`` (months ago) on.

    >>> recent_shift([])
    0.0
    >>> recent_shift([Outcome(-1.4, True, 0.0)] * 5) > 0
    True
    """
    rows = [
        (o.log_odds, float(o.won), o.weight * math.pow(0.5, o.months - now))
        for o in outcomes
        if now <= o.months <= now + MONTHS
    ]
    shift = 0.0
    for _step in range(STEPS):
        slope, bend = -2.0 * HOLD * shift, 2.0 * HOLD
        for score, won, weight in rows:
            rate = sigmoid(score + shift)
            slope += weight * (won - rate)
            bend += weight * rate * (1.0 - rate)
        # The likelihood is concave; a bounded step cannot swing.
        step = min(max(slope / bend, -1.0), 1.0)
        shift += step
        if abs(step) < 1e-6:
            break
    return shift


def proven_shift(outcomes: Sequence[Outcome]) -> float:
    """The shift, or zero where it would not have helped in the past months."""
    without = with_shift = 0.0
    for ago in range(1, TRIALS + 1):
        month = [o for o in outcomes if ago - 1 <= o.months < ago]
        if not month or not any(o.months >= ago for o in outcomes):
            continue
        shift = recent_shift(outcomes, now=float(ago))
        without += _loss(month, 0.0)
        with_shift += _loss(month, shift)
    return recent_shift(outcomes) if with_shift < without else 0.0


def _loss(outcomes: Iterable[Outcome], shift: float) -> float:
    """−log likelihood."""
    total = 0.0
    for o in outcomes:
        score = o.log_odds + shift
        soft = max(score, 0.0) + math.log1p(math.exp(-abs(score)))
        total += o.weight * (soft - o.won * score)
    return total
