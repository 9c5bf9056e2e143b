"""From the histories of deals to a calibration: the clock first, then the score.

Deals are read once. The clock counts their days and events as they come by; of each a
few looks are kept, to be coded when all bins and categories are known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from .calibration import Calibration, Rung, calibrate, combined
from .feature import Feature, Kind, Value, learn_coding
from .look import FOLDS, ClockOpinion, Look, Looks, fold_of, scatter
from .monthly_counts import MonthlyCounts
from .stage_clock import StageClock, learn_clock
from .stage_stay import WON, day_stays

#: Days at which one deal is looked at, at most.
LOOKS = 6
#: Looks at all deals together, about: few at many deals tell more than many at few.
ENOUGH = 8_000
#: Looks that say which bins and categories there are.
SAMPLE = 5_000
MONTH = 30.4


class History(NamedTuple):
    """A deal. Days are ordinals; ``moves`` are (day, stage, amount) in order of time.

    ``closed`` is (day, WON or LOST); ``facts`` are the values of the other features.
    """

    deal: int
    moves: Sequence[tuple[int, str, float]]
    closed: tuple[int, str] | None
    facts: tuple[Value, ...]

    def rows(self, days: Iterable[int]) -> list[tuple[Value, ...]]:
        """What was known at the end of each day: stage, days in it, amount, facts."""
        found = []
        entered, stage, amount = self.moves[0]
        coming = iter(self.moves[1:])
        following = next(coming, None)
        for day in days:
            while following and following[0] <= day:
                if following[1] != stage:
                    entered = following[0]
                _day, stage, amount = following
                following = next(coming, None)
            found.append((stage, max(day - entered, 0), amount, *self.facts))
        return found


def features(facts: dict[str, Kind]) -> tuple[Feature, ...]:
    """What a score may look at; ``facts`` are those beside stage, days and amount."""
    own = (Feature(name, kind, (k,)) for k, (name, kind) in enumerate(facts.items(), 3))
    return (
        Feature("stage", "category", (0,)),
        Feature("stage and days", "crossing", (0, 1)),
        Feature("days", "number", (1,)),
        Feature("amount", "number", (2,)),
        *own,
    )


def rungs(count: int) -> tuple[Rung, ...]:
    """From the overall rate to everything but the crossing."""
    return (
        Rung("rate", ()),
        Rung("stage", (0,)),
        Rung("days", (1,)),
        Rung("scorecard", (0, *range(2, count))),
    )


@dataclass(frozen=True, slots=True)
class Learned:
    calibration: Calibration
    clock: StageClock

    def chance(self, row: Sequence[Value]) -> float | None:
        """P(won at last) of a row; None where nothing was learnt."""
        return self.chances([row])[0]

    def chances(self, rows: Sequence[Sequence[Value]]) -> list[float | None]:
        """Those of many rows."""
        score, share = self.calibration.scorecard, self.calibration.clock_share
        if score is None or not rows:
            return [None] * len(rows)
        columns = list(zip(*rows, strict=True))
        said = [s + score.shift for s in score.all_log_odds(columns, len(rows))]
        if not share:
            return [combined(s, None, share) for s in said]
        places = zip(columns[0], columns[1], strict=True)
        ever = [self.clock.won_ever(str(s), int(age or 0)) for s, age in places]
        return [combined(s, e, share) for s, e in zip(said, ever, strict=True)]


def learn(
    histories: Iterable[History],
    count: int,
    offered: Sequence[Feature],
    today: int,
    needed: int,
) -> Learned:
    """Learn from deals as they stand at the end of the day before ``today``.

    :param count: how many deals there are, about; the more, the fewer looks at each
    :param needed: closed deals that anything beyond the overall rate needs
    """
    counts = [MonthlyCounts() for _ in range(FOLDS)]
    each = min(max(ENOUGH // max(count, 1), 1), LOOKS)
    seen = []
    for history in histories:
        moves = [(day, stage) for day, stage, _amount in history.moves]
        stays = day_stays(moves, history.closed, today - 1)
        counts[fold_of(history.deal)].add(stays)
        if days := look_days(history, today, each):
            # Not the history: its moves are many.
            rows = history.rows([*days, today - 1])
            seen.append((history.deal, history.closed, rows))
    clock = learn_clock(MonthlyCounts().plus(*counts))
    looks = [look for one in seen for look in _looks(*one, clock, today)]
    del seen
    sample = [look.values for look in looks[:: len(looks) // SAMPLE + 1]]
    codings = [learn_coding(feature, sample) for feature in offered]

    def clock_without(fold: int) -> StageClock:
        others = MonthlyCounts().plus(*counts[:fold], *counts[fold + 1 :])
        return learn_clock(others, by_season=False)

    kept = Looks(codings, ClockOpinion(clock_without, 0, 1)).add(looks)
    return Learned(calibrate(kept, rungs(len(codings)), needed), clock)


def look_days(history: History, today: int, each: int = LOOKS) -> list[int]:
    """Days at which a deal was open, spread over its life; at most so many.

    >>> look_days(History(1, [(10, "New", 0.0)], (12, "won"), ()), 20)
    [10, 11]
    """
    first = history.moves[0][0]
    last = min(history.closed[0] if history.closed else today, today) - 1
    if last < first:
        return []
    count = min(last - first + 1, LOOKS)
    step = max((last - first) / (LOOKS - 1), 1.0)
    places = _places(count, each, scatter(history.deal) % count)
    return [first + round(step * place) for place in places]


@lru_cache(maxsize=256)
def _places(count: int, each: int, first: int) -> Sequence[int]:
    """Some of so many places, evenly; the first one is given."""
    if count <= each:
        return range(count)
    step = count / each
    return sorted(int(first + step * k) % count for k in range(each))


def _looks(
    deal: int,
    closed: tuple[int, str] | None,
    rows: Sequence[tuple[Value, ...]],
    clock: StageClock,
    today: int,
) -> list[Look]:
    """:param rows: of the days that are looked at, and the one that stands now"""
    *looked_at, now = rows
    months: float | None = None
    if closed and closed[0] < today:
        months, won = (today - closed[0]) / MONTH, float(closed[1] == WON)
    else:
        won = clock.won_ever(str(now[0]), int(now[1] or 0)) or 0.0
    return [Look(deal, row, won, months) for row in looked_at]
