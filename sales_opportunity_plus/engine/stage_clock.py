"""When deals are won: from the stage and the days in it to P(won within h days).

On each day a deal is won, lost, moved or stays. Tomorrow's chance is today's rate plus
what remains from wherever it goes, so one recursion over the days answers for every
horizon, and a small system of equations for ever. A deal that lies in a stage for
longer than any was ever won there fades by itself.

Where outcomes come by season, a horizon that has a date is counted back from its last
day, each day with the rates of its month.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .linear_system import SingularError, solve
from .monthly_counts import MonthlyCounts
from .season import (
    Season,
    in_season,
    learn_seasons,
    season_of,
    seasons_as_json,
    seasons_from_json,
)
from .stage_hazard import STARTS, Hazards, bucket, learn_hazards
from .stage_stay import ENTRY

#: Beyond this age in stage nothing changes.
OLDEST = STARTS[-1]
#: The longest horizon, in days; later is answered as for this one.
FARTHEST = 366
#: Last days of which the tables are kept, by season.
ENDINGS = 16


Table = dict[str, "array[float]"]


@dataclass(slots=True)
class _Ending:
    """What a horizon that ends on a day brings, from so many days before."""

    table: Table
    days: int = 0
    #: Of a deal that comes on each of these days, from the last one.
    fresh: list[float] = field(default_factory=list)


@dataclass(slots=True)
class StageClock:
    """Tables of the chance to be won, made for as many days as are asked for."""

    hazards: Hazards
    seasons: tuple[Season, ...] = ()
    _within: list[Table] = field(default_factory=list)
    _ever: Table = field(default_factory=dict)
    _endings: dict[int, _Ending] = field(default_factory=dict)
    _by_season: list[Hazards] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._within = [self._nothing()]
        self._ever = _ever_won(self.hazards)
        self._by_season = [in_season(self.hazards, one) for one in self.seasons]

    def _nothing(self) -> Table:
        return {
            stage: array("d", [0.0]) * (OLDEST + 1) for stage in self.hazards.stages
        }

    def knows(self, stage: str) -> bool:
        return stage in self.hazards.won

    def won_within(
        self, stage: str, age: int, days: int, today: int | None = None
    ) -> float | None:
        """P(won within so many days); None for a stage without history.

        :param today: the day before the first of them, as an ordinal: where outcomes
            come by season, it is the one of these days
        """
        if not self.knows(stage):
            return None
        if days <= 0:
            return 0.0
        horizon, place = min(days, FARTHEST), min(max(age, 0), OLDEST)
        if today is not None and self.seasons:
            return self._ending(today + horizon, horizon).table[stage][place]
        while len(self._within) <= horizon:
            self._within.append(_one_day_more(self.hazards, self._within[-1]))
        return self._within[horizon][stage][place]

    def won_ever(self, stage: str, age: int) -> float | None:
        if not self.knows(stage):
            return None
        return self._ever[stage][min(max(age, 0), OLDEST)]

    def won_from_new(
        self, per_day: float, days: int, today: int | None = None
    ) -> float:
        """Deals won within the days among those that will come in them."""
        if not self.knows(ENTRY):
            return 0.0
        if today is not None and self.seasons and days > 0:
            horizon = min(days, FARTHEST)
            return per_day * sum(self._ending(today + horizon, horizon).fresh)
        chances = (self.won_within(ENTRY, 0, left) for left in range(1, days + 1))
        return per_day * sum(chance or 0.0 for chance in chances)

    def _ending(self, last: int, days: int) -> _Ending:
        found = self._endings.get(last)
        if found is None or found.days > days:
            if len(self._endings) >= ENDINGS:
                self._endings.pop(next(iter(self._endings)))
            found = self._endings[last] = _Ending(self._nothing())
        while found.days < days:
            hazards = self._by_season[season_of(last - found.days)]
            found.table = _one_day_more(hazards, found.table)
            found.days += 1
            if ENTRY in found.table:
                found.fresh.append(found.table[ENTRY][0])
        return found

    def as_json(self) -> dict[str, object]:
        """The rates; the tables are made from them."""
        return {
            "starts": [*STARTS],
            "won": {stage: [*rates] for stage, rates in self.hazards.won.items()},
            "lost": {stage: [*rates] for stage, rates in self.hazards.lost.items()},
            "moves": {stage: [*rows] for stage, rows in self.hazards.moves.items()},
            "seasons": seasons_as_json(self.seasons),
        }

    @classmethod
    def from_json(cls, data: dict[str, object]) -> "StageClock":
        if data["starts"] != [*STARTS]:
            raise ValueError("the stage clock was made with other days in stage")
        won, lost, moves = data["won"], data["lost"], data["moves"]
        assert isinstance(won, dict) and isinstance(lost, dict)
        assert isinstance(moves, dict)
        hazards = Hazards(
            {stage: tuple(rates) for stage, rates in won.items()},
            {stage: tuple(rates) for stage, rates in lost.items()},
            {stage: tuple(dict(row) for row in rows) for stage, rows in moves.items()},
        )
        return cls(hazards, seasons_from_json(data.get("seasons", [])))


def learn_clock(counts: MonthlyCounts, by_season: bool = True) -> StageClock:
    """From days and events by month, as far as they are complete."""
    complete = counts.complete()
    hazards = learn_hazards(complete.total())
    seasons = learn_seasons(complete, hazards) if by_season else ()
    return StageClock(hazards, seasons)


#: The bucket of each age.
_PLACES = tuple(bucket(age) for age in range(OLDEST + 1))


def _by_bucket(
    hazards: Hazards, stage: str, fresh: dict[str, float]
) -> tuple[list[float], list[float]]:
    """By bucket: won today or from another stage later, and staying."""
    gained, staying = [], []
    for place in range(len(STARTS)):
        won, moves = hazards.won[stage][place], hazards.moves[stage][place]
        later = sum(rate * fresh[target] for target, rate in moves.items())
        gained.append(won + later)
        leaving = won + hazards.lost[stage][place] + sum(moves.values())
        staying.append(max(1.0 - leaving, 0.0))
    return gained, staying


def _one_day_more(hazards: Hazards, before: Table) -> Table:
    fresh = {stage: chances[0] for stage, chances in before.items()}
    after = {}
    for stage, chances in before.items():
        gained, staying = _by_bucket(hazards, stage, fresh)
        older = chances[1:]
        older.append(chances[-1])
        after[stage] = array(
            "d",
            [
                gained[place] + staying[place] * chance
                for place, chance in zip(_PLACES, older, strict=True)
            ],
        )
    return after


def _ever_won(hazards: Hazards) -> Table:
    """By stage and age; stages first, then every age from the oldest down."""
    stages = hazards.stages
    # f(stage, 0) = own + Σ through · f(other, 0): what an unknown's unit brings.
    none = dict.fromkeys(stages, 0.0)
    right = [_at_first(hazards, stage, none, with_won=True) for stage in stages]
    matrix = [
        [
            float(stage == other)
            - _at_first(hazards, stage, {**none, other: 1.0}, with_won=False)
            for other in stages
        ]
        for stage in stages
    ]
    fresh = dict(zip(stages, _solved(matrix, right), strict=True))
    return {stage: _by_age(hazards, stage, fresh) for stage in stages}


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    try:
        found = solve(matrix, right)
    except SingularError:
        # Stages that only lead to each other: no deal was ever closed from there.
        return [0.0] * len(right)
    return [min(max(chance, 0.0), 1.0) for chance in found]


#: Days of each bucket but the last, which has no end.
_LENGTHS = tuple(end - start for start, end in pairwise(STARTS))


def _at_first(
    hazards: Hazards, stage: str, fresh: dict[str, float], with_won: bool
) -> float:
    """The chance of a deal that comes to a stage, bucket by bucket from the last."""
    gained, staying = _by_bucket(hazards, stage, fresh)
    if not with_won:
        gained = [g - w for g, w in zip(gained, hazards.won[stage], strict=True)]
    chance = _at_last(gained, staying)
    for place in reversed(range(len(_LENGTHS))):
        stay, days = staying[place], _LENGTHS[place]
        kept = stay**days
        geometric = (1.0 - kept) / (1.0 - stay) if stay < 1.0 else float(days)
        chance = gained[place] * geometric + kept * chance
    return chance


def _at_last(gained: Sequence[float], staying: Sequence[float]) -> float:
    """The chance of a deal so old that nothing changes any more."""
    leaving = 1.0 - staying[-1]
    return gained[-1] / leaving if leaving > 1e-12 else 0.0


def _by_age(hazards: Hazards, stage: str, fresh: dict[str, float]) -> "array[float]":
    """Chances by age when those of a deal that comes to a stage are known."""
    gained, staying = _by_bucket(hazards, stage, fresh)
    chance = _at_last(gained, staying)
    chances = [chance]
    for place in reversed(_PLACES[:-1]):
        chance = gained[place] + staying[place] * chance
        chances.append(chance)
    return array("d", chances[::-1])
