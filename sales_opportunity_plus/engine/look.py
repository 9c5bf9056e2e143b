"""Looks at deals, to learn from: the codes of a sample.

A deal may bring several looks, one for each day at which its history was looked at;
they come one after the other. A sample is enough: when there are more than ``LIMIT``
looks, half of the deals leave it, and so on. So memory is bounded, and the same deals
give the same score.

An open deal counts as won by the share that the stage clock gives it. Without the open
ones the quick deals would be too many, and the quick ones are mostly lost ones.
"""

import math
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice
from typing import NamedTuple

from .feature import Coding, Value
from .log_odds import logit
from .stage_clock import StageClock

LIMIT = 30_000
FOLDS = 5
#: Looks of which the deals of so many folds are enough to hold out.
MANY, FEW_FOLDS = 5_000, 2
#: Looks that are coded together.
TOGETHER = 5_000


class Look(NamedTuple):
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

    without_fold: Callable[[int], StageClock]
    stage_at: int
    age_at: int
    _clocks: dict[int, StageClock] = field(default_factory=dict)

    def log_odds(self, fold: int, stage: Value, age: Value) -> float:
        """NaN for a stage that the clock does not know."""
        clock = self._clocks.get(fold)
        if clock is None:
            clock = self._clocks[fold] = self.without_fold(fold)
        days = int(age) if isinstance(age, (int, float)) and math.isfinite(age) else 0
        chance = clock.won_ever(str(stage), days)
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
    """The looks at a sample of deals as columns; how many deals there were."""

    def __init__(
        self,
        codings: Sequence[Coding],
        clock: ClockOpinion | None = None,
        limit: int = LIMIT,
    ) -> None:
        self.codings = tuple(codings)
        self._clock, self._limit = clock, limit
        self.closed = self.won_deals = self.deals = self.rows = 0
        self.codes = [array("i") for _ in codings]
        self.fold, self.won, self.months = array("b"), array("f"), array("f")
        self._deal = array("q")
        #: Where the deal was, for the clock.
        self._place: list[tuple[Value, Value]] = []
        self._below = 1 << 32
        self._last: int | None = None

    def add(self, looks: Iterable[Look]) -> "Looks":
        coming = iter(looks)
        while found := list(islice(coming, TOGETHER)):
            self._count(found)
            if self._below < 1 << 32:
                found = [look for look in found if scatter(look.deal) < self._below]
            self._keep(found)
            while len(self.fold) > self._limit:
                self._halve()
        return self

    def _count(self, looks: Sequence[Look]) -> None:
        self.rows += len(looks)
        for deal, _values, won, months in looks:
            if deal != self._last:
                self._last = deal
                self.deals += 1
                if months is not None:
                    self.closed += 1
                    self.won_deals += won > 0.5

    def _keep(self, looks: Sequence[Look]) -> None:
        if not looks:
            return
        deals, values, won, months = zip(*looks, strict=True)
        columns = list(zip(*values, strict=True))
        for into, coding in zip(self.codes, self.codings, strict=True):
            into.extend(coding.codes(columns))
        self._deal.extend(deals)
        self.fold.extend([fold_of(deal) for deal in deals])
        self.won.extend(won)
        self.months.extend([math.nan if ago is None else ago for ago in months])
        if clock := self._clock:
            at = clock.stage_at, clock.age_at
            self._place += zip(*(columns[place] for place in at), strict=True)

    def _halve(self) -> None:
        self._below //= 2
        kept = [scatter(deal) < self._below for deal in self._deal]
        for name in ("fold", "won", "months", "_deal"):
            column = getattr(self, name)
            setattr(self, name, array(column.typecode, compress(column, kept)))
        self.codes = [array("i", compress(column, kept)) for column in self.codes]
        self._place = list(compress(self._place, kept))

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

    def clock_log_odds(self, places: Sequence[int]) -> list[float]:
        """What clocks say of these looks that know nothing of their deals."""
        if not self._clock:
            return [math.nan] * len(places)
        keys = [(self.fold[k], *self._place[k]) for k in places]
        said = {key: self._clock.log_odds(*key) for key in set(keys)}
        return [said[key] for key in keys]
