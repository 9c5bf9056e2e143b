"""Probabilities as log-odds, without overflow and without certainty."""

import math
from collections.abc import Iterable

#: No forecast is surer than this: one surprise would cost an endless log loss.
EDGE = 1e-6


def sigmoid(score: float) -> float:
    """The probability of log-odds.

    >>> sigmoid(0.0), sigmoid(-1e9), sigmoid(1e9)
    (0.5, 0.0, 1.0)
    """
    if score >= 0:
        return 1.0 / (1.0 + math.exp(-min(score, 745.0)))
    odds = math.exp(max(score, -745.0))
    return odds / (1.0 + odds) if odds > 1e-300 else 0.0


def logit(probability: float) -> float:
    """The log-odds of a probability, which is kept off 0 and 1 by ``EDGE``."""
    kept = min(max(probability, EDGE), 1.0 - EDGE)
    return math.log(kept / (1.0 - kept))


def mean_log_loss(pairs: Iterable[tuple[float, float]]) -> float:
    """Mean −ln of what was said of the outcome; pairs of (probability, outcome)."""
    count, total = 0, 0.0
    for probability, outcome in pairs:
        kept = min(max(probability, EDGE), 1.0 - EDGE)
        total -= outcome * math.log(kept) + (1.0 - outcome) * math.log1p(-kept)
        count += 1
    return total / count if count else math.nan
