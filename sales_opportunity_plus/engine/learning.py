"""From the histories of deals to a calibration: the clock first, then the score.

Deals are read twice and never held: the first time the clock counts days and events
and a sample of looks says which bins there are; the second time the looks are scored.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .calibration import Calibration, Rung, calibrate, combined
from .feature import Feature, Kind, Value, learn_coding
from .look import FOLDS, LIMIT, ClockOpinion, Look, Looks, fold_of, scatter
from .monthly_counts import MonthlyCounts
from .stage_clock import StageClock, learn_clock
from .stage_stay import day_stays

#: Days at which one deal is looked at, at most.
LOOKS = 6
#: Looks that say which bins and categories there are.
SAMPLE = 10_000
#: Of the looks that are learnt from, so many are filled: none is to be thrown away.
SPARE = 0.95
MONTH = 30.4


@dataclass(frozen=True, slots=True)
class History:
    """A deal. Days are ordinals; ``moves`` are (day, stage, amount) in order of time.

    ``closed`` is (day, WON or LOST); ``facts`` are the values of the other features.
    """

    deal: int
    moves: Sequence[tuple[int, str, float]]
    closed: tuple[int, str] | None
    facts: tuple[Value, ...]

    def row(self, day: int) -> tuple[Value, ...]:
        """What was known at the end of a day: stage, days in it, amount, facts."""
        entered, stage, amount = self.moves[0]
        for at, name, value in self.moves:
            if at > day:
                break
            if name != stage:
                entered = at
            stage, amount = name, value
        return (stage, max(day - entered, 0), amount, *self.facts)


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
        score = self.calibration.scorecard
        if score is None:
            return None
        ever = self.clock.won_ever(str(row[0]), int(row[1] or 0))
        return combined(
            score.log_odds(row) + score.shift, ever, self.calibration.clock_share
        )


def learn(
    read: Callable[[], Iterable[History]],
    offered: Sequence[Feature],
    today: int,
    needed: int,
) -> Learned:
    """Learn from deals as they stand at the end of the day before ``today``.

    :param read: gives all deals, in the same order each time it is called
    :param needed: closed deals that anything beyond the overall rate needs
    """
    counts = [MonthlyCounts() for _ in range(FOLDS)]
    sample, deals = _Sample(), 0
    for history in read():
        deals += 1
        moves = [(day, stage) for day, stage, _amount in history.moves]
        stays = day_stays(moves, history.closed, today - 1)
        counts[fold_of(history.deal)].add(stays)
        sample.add(history, today)
    clock = learn_clock(_sum(counts))
    without = [
        learn_clock(_sum([*counts[:fold], *counts[fold + 1 :]]), by_season=False)
        for fold in range(FOLDS)
    ]
    codings = [learn_coding(feature, sample.rows) for feature in offered]
    looks = Looks(codings, ClockOpinion(without, 0, 1))
    # Few looks at many deals tell more than many looks at few.
    each = min(max(LIMIT // max(deals, 1), 1), LOOKS)
    kept = min(SPARE * LIMIT / max(deals * each, 1), 1.0) * 2**32
    for history in read():
        found = _looks(history, clock, today, each)
        if scatter(history.deal) < kept:
            looks.add(found)
        else:
            for look in found:
                looks.count(look)
    return Learned(calibrate(looks, rungs(len(codings)), needed), clock)


class _Sample:
    """A look at each of some deals, whichever they are: old ones and new ones."""

    def __init__(self) -> None:
        self.rows: list[tuple[Value, ...]] = []
        self._marks: list[int] = []
        self._below = 1 << 32

    def add(self, history: History, today: int) -> None:
        mark = scatter(history.deal)
        if mark >= self._below:
            return
        found = look_days(history, today)
        if self._below < 1 << 32 and found:
            found = [found[mark % len(found)]]
        for day in found:
            self.rows.append(history.row(day))
            self._marks.append(mark)
        if len(self.rows) > SAMPLE:
            self._below //= 2
            self.rows = [
                row
                for row, mark in zip(self.rows, self._marks, strict=True)
                if mark < self._below
            ]
            self._marks = [mark for mark in self._marks if mark < self._below]


def look_days(history: History, today: int) -> list[int]:
    """Days at which a deal was open, spread over its life.

    >>> look_days(History(1, [(10, "New", 0.0)], (12, "won"), ()), 20)
    [10, 11]
    """
    first = history.moves[0][0]
    last = min(history.closed[0] if history.closed else today, today) - 1
    if last < first:
        return []
    step = max((last - first) / (LOOKS - 1), 1.0)
    return sorted({min(first + round(step * k), last) for k in range(LOOKS)})


def _looks(
    history: History, clock: StageClock, today: int, each: int
) -> Iterator[Look]:
    days = look_days(history, today)
    if not days:
        return
    if history.closed and history.closed[0] < today:
        months: float | None = (today - history.closed[0]) / MONTH
        won = float(history.closed[1] == "won")
    else:
        stage, age = history.row(today - 1)[:2]
        months, won = None, clock.won_ever(str(stage), int(age or 0)) or 0.0
    if len(days) > each:
        # Evenly over its life; where it starts is left to the deal's number.
        first, step = scatter(history.deal) % len(days), len(days) / each
        days = sorted(days[int(first + step * k) % len(days)] for k in range(each))
    for day in days:
        yield Look(history.deal, history.row(day), won, months)


def _sum(counts: Iterable[MonthlyCounts]) -> MonthlyCounts:
    found = MonthlyCounts()
    for one in counts:
        found = found.plus(one)
    return found
