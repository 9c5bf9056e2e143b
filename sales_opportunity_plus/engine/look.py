"""Looks at deals, to learn from: counts of all of them, codes of a sample.

A deal may bring several looks, one for each day at which its history was looked at;
they come one after the other. Counts by case hold every look at a closed deal. To learn
from, a sample is enough: when there are more than ``LIMIT`` looks, half of the deals
leave it, and so on. So memory is bounded, and the same deals give the same score.

An open deal counts as won by the share that the stage clock gives it. Without the open
ones the quick deals would be too many, and the quick ones are mostly lost ones.
"""

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .feature import UNSEEN, Coding, Value
from .log_odds import logit
from .stage_clock import StageClock

LIMIT = 30_000
FOLDS = 5
#: Looks of which the deals of so many folds are enough to hold out.
MANY, FEW_FOLDS = 15_000, 2


@dataclass(frozen=True, slots=True)
class Look:
    """What was known of a deal on a day, and what came of it.

    ``months`` is how long ago it was closed. None: it is open, and ``won`` is the share
    by which it counts as won.
    """

    deal: int
    values: Sequence[Value]
    won: float
    months: float | None


@dataclass(frozen=True, slots=True)
class ClockOpinion:
    """Clocks that know nothing of the deals of a fold, and where they look."""

    without_fold: Sequence[StageClock]
    stage_at: int
    age_at: int

    def log_odds(self, fold: int, row: Sequence[Value]) -> float:
        """NaN for a stage that the clock does not know."""
        age = row[self.age_at]
        days = int(age) if isinstance(age, (int, float)) and math.isfinite(age) else 0
        clock = self.without_fold[fold]
        chance = clock.won_ever(str(row[self.stage_at]), days)
        return math.nan if chance is None else logit(chance)


def fold_of(deal: int) -> int:
    """The fold that a deal is held out with; a database can say the same."""
    return deal % FOLDS


def scatter(deal: int) -> int:
    """A number of 32 bits that has no order left, the same on every machine."""
    mixed = (deal * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    mixed ^= mixed >> 32
    return (mixed * 0xD6E8FEB86659FD93 >> 16) & 0xFFFFFFFF


class Looks:
    """Counts by feature and case, and the looks at a sample of deals as columns."""

    def __init__(
        self,
        codings: Sequence[Coding],
        clock: ClockOpinion | None = None,
        limit: int = LIMIT,
    ) -> None:
        self.codings = tuple(codings)
        self._clock, self._limit = clock, limit
        self.closed = self.won_deals = self.deals = self.rows = 0
        self.seen = [[0] * coding.size for coding in codings]
        self.seen_won = [[0] * coding.size for coding in codings]
        self.codes = [array("i") for _ in codings]
        self.fold, self.won = array("b"), array("f")
        self.months, self.clock_log_odds = array("f"), array("f")
        self._marks = array("Q")
        self._below = 1 << 32
        self._last: int | None = None
        self._row: Sequence[Value] = ()
        self._codes: list[int] = []

    def add(self, looks: Iterable[Look]) -> "Looks":
        for look in looks:
            codes = self.count(look)
            mark = scatter(look.deal)
            if mark < self._below:
                self._keep(look, codes, mark)
                if len(self.fold) > self._limit:
                    self._halve()
        return self

    def count(self, look: Look) -> list[int]:
        """Count a look without keeping it; return its codes."""
        is_closed = look.months is not None
        codes = self._coded(look)
        if look.deal != self._last:
            self._last = look.deal
            self.deals += 1
            self.closed += is_closed
            self.won_deals += is_closed and look.won > 0.5
        self.rows += 1
        if is_closed:
            is_won = look.won > 0.5
            for seen, won, code in zip(self.seen, self.seen_won, codes, strict=True):
                if code != UNSEEN:
                    seen[code] += 1
                    won[code] += is_won
        return codes

    def _coded(self, look: Look) -> list[int]:
        """The codes of a look; what is as on the deal's last look has those."""
        row = look.values
        if look.deal != self._last:
            codes = [coding.code(row) for coding in self.codings]
        else:
            before, codes = self._row, [*self._codes]
            moved = {k for k, value in enumerate(row) if value is not before[k]}
            for place, coding in enumerate(self.codings):
                if not moved.isdisjoint(coding.feature.at):
                    codes[place] = coding.code(row)
        self._row, self._codes = row, codes
        return codes

    def _keep(self, look: Look, codes: Sequence[int], mark: int) -> None:
        fold = fold_of(look.deal)
        for column, code in zip(self.codes, codes, strict=True):
            column.append(code)
        self.fold.append(fold)
        self.won.append(look.won)
        self.months.append(math.nan if look.months is None else look.months)
        opinion = self._clock.log_odds(fold, look.values) if self._clock else math.nan
        self.clock_log_odds.append(opinion)
        self._marks.append(mark)

    def _halve(self) -> None:
        self._below //= 2
        kept = [place for place, mark in enumerate(self._marks) if mark < self._below]
        for name in ("fold", "won", "months", "clock_log_odds", "_marks"):
            column = getattr(self, name)
            setattr(self, name, array(column.typecode, (column[k] for k in kept)))
        self.codes = [array("i", (column[k] for k in kept)) for column in self.codes]

    @property
    def per_deal(self) -> float:
        """What a look weighs: many looks at one deal are not many deals."""
        return self.deals / self.rows if self.rows else 1.0

    @property
    def asked(self) -> int:
        """Folds whose deals are held out in turn; of many looks, some say enough."""
        return FOLDS if len(self.fold) < MANY else FEW_FOLDS

    def asked_places(self) -> list[int]:
        """Of the sample, looks held out at closed deals: their outcome is a fact."""
        asked = self.asked
        return [
            k
            for k, (months, fold) in enumerate(zip(self.months, self.fold, strict=True))
            if fold < asked and not math.isnan(months)
        ]
