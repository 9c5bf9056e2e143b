"""Evidence of every case beyond what the other features say already.

The log-odds of winning are an intercept plus one number per feature and case. Each is
held near zero the harder, the fewer deals the case has and the less the cases of its
feature differ: the variance among a feature's cases is learnt along the way, from a
first guess that a handful of cases outweighs. With one feature this is a shrunken
naive Bayes; with several, what two features both say is counted once, which naive
Bayes needs weights for and gets less right.

Backfitting: feature after feature a Newton step, until nothing moves.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .feature import UNSEEN
from .log_odds import logit

#: First guess of a variance (a standard deviation of .45), worth so many cases.
GUESS = 0.2
GUESS_CASES = 4.0
CYCLES = 25
TOLERANCE = 5e-3
#: No step of a case is longer; a case of only won deals would run off otherwise.
STRIDE = 2.0


@dataclass(slots=True)
class Rows:
    """Columns of codes, and by row the share won and the weight."""

    columns: list[Sequence[int]]
    sizes: list[int]
    won: Sequence[float]
    weights: Sequence[float]


@dataclass(frozen=True, slots=True)
class Additive:
    """Log-odds: an intercept, and by feature those of its cases."""

    intercept: float
    effects: tuple[tuple[float, ...], ...]

    def log_odds(self, columns: Sequence[Iterable[int]], count: int) -> list[float]:
        """Of so many rows, given by columns of codes."""
        found = [self.intercept] * count
        for effects, column in zip(self.effects, columns, strict=True):
            told = (*effects, 0.0)  # the last one answers for UNSEEN
            found = [s + told[code] for s, code in zip(found, column, strict=True)]
        return found


def fit_additive(rows: Rows) -> Additive:
    """The intercept and the effects that the rows teach."""
    total = math.fsum(rows.weights)
    gained = [w * y for w, y in zip(rows.weights, rows.won, strict=True)]
    intercept = logit((math.fsum(gained) + 0.5) / (total + 1.0))
    # The last entry answers for UNSEEN and stays zero.
    assert UNSEEN == -1
    effects = [[0.0] * (size + 1) for size in rows.sizes]
    spreads = [GUESS] * len(effects)
    # One case alone says nothing beyond the intercept.
    telling = [
        place
        for place, column in enumerate(rows.columns)
        if len({*column} - {UNSEEN}) > 1
    ]
    # Odds, not log-odds: a step multiplies them, and no row needs its exponential.
    odds = [math.exp(intercept)] * len(gained)
    for _cycle in range(CYCLES):
        moved = 0.0
        for place in telling:
            column = rows.columns[place]
            told = _told(column, odds, gained, rows.weights, len(effects[place]))
            steps, spreads[place] = _steps(*told, effects[place], spreads[place])
            effects[place] = [e + s for e, s in zip(effects[place], steps, strict=True)]
            times = [math.exp(step) for step in steps]
            odds = [o * times[code] for o, code in zip(odds, column, strict=True)]
            moved = max(moved, *map(abs, steps))
        step = _intercept_step(odds, gained, rows.weights)
        intercept += step
        times_all = math.exp(step)
        odds = [o * times_all for o in odds]
        if max(moved, abs(step)) < TOLERANCE:
            break
    return Additive(intercept, tuple(tuple(found[:-1]) for found in effects))


def _told(
    column: Sequence[int],
    odds: Sequence[float],
    gained: Sequence[float],
    weights: Sequence[float],
    size: int,
) -> tuple[list[float], list[float]]:
    """By case: won beyond what was expected, and how much the rows know of it."""
    missed, known = [0.0] * size, [0.0] * size
    # The innermost loop of all learning.
    for code, odd, won, weight in zip(column, odds, gained, weights, strict=True):
        rate = odd / (1.0 + odd)
        due = weight * rate
        missed[code] += won - due
        known[code] += due - due * rate
    return missed, known


def _steps(
    missed: Sequence[float],
    known: list[float],
    effects: Sequence[float],
    spread: float,
) -> tuple[list[float], float]:
    """How each case of a feature moves, and the variance among them now."""
    known[-1] = 0.0
    seen = [k for k, information in enumerate(known) if information > 1e-9]
    steps = [0.0] * len(effects)
    if not seen:
        return steps, spread
    ideal = {
        k: effects[k] + min(max(missed[k] / known[k], -STRIDE), STRIDE) for k in seen
    }
    middle = sum(known[k] * ideal[k] for k in seen) / sum(known[k] for k in seen)
    hold, squares = 1.0 / spread, 0.0
    for k in seen:
        moved = known[k] * (ideal[k] - middle) / (known[k] + hold)
        squares += moved * moved + 1.0 / (known[k] + hold)
        steps[k] = moved - effects[k]
    return steps, (squares + GUESS_CASES * GUESS) / (len(seen) + GUESS_CASES)


def _intercept_step(
    odds: Sequence[float], gained: Sequence[float], weights: Sequence[float]
) -> float:
    missed, known = 0.0, 1e-9
    for odd, won, weight in zip(odds, gained, weights, strict=True):
        rate = odd / (1.0 + odd)
        due = weight * rate
        missed += won - due
        known += due - due * rate
    return min(max(missed / known, -STRIDE), STRIDE)
