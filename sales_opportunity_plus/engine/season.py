"""Deals crowd at the end of quarters: how much likelier an outcome is by their months.

For each month of the quarter, stage and days in stage: what happened against what the
clock expected. Where little happened the factor leans on that of the month over all
stages, and that on none. How much it leans, and whether a season is seen at all, is
settled by foretelling each past quarter from the other ones.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .monthly_counts import MonthlyCounts, month_of
from .stage_hazard import STARTS, HazardCounts, Hazards
from .stage_stay import LOST, WON

MONTHS = 3
#: Expected outcomes that "no season" weighs against a month of the quarter.
LEAN = 30.0
#: Expected outcomes that the month weighs against one stage and age in it.
LEANS = (3.0, 10.0, 30.0, 100.0, math.inf)

#: Of a stage and bucket: what happened and what was expected.
Cell = tuple[str, int]
#: The cell of all together.
WHOLE: Cell = ("", -1)
#: Rounds in which seasons and quarters settle what is whose.
ROUNDS = 10


def season_of(day: int) -> int:
    """Which month of a quarter a day is in; any quarters of three months will do.

    >>> january = 739617
    >>> [season_of(january + days) for days in (0, 31, 59, 90)]
    [0, 1, 2, 0]
    """
    return month_of(day)[0] % MONTHS


@dataclass(frozen=True, slots=True)
class Season:
    """By stage, a factor for each bucket of days in it."""

    won: dict[str, tuple[float, ...]]
    lost: dict[str, tuple[float, ...]]


def learn_seasons(counts: MonthlyCounts, hazards: Hazards) -> tuple[Season, ...]:
    """Those of the three months, or none where a season did not show."""
    factors = {
        event: _factors(counts, rates, event)
        for event, rates in ((WON, hazards.won), (LOST, hazards.lost))
    }
    if not any(factors.values()):
        return ()

    def of(event: str, season: int) -> dict[str, tuple[float, ...]]:
        found = factors[event]
        return {
            stage: tuple(
                found[season].get((stage, place), 1.0) if found else 1.0
                for place in range(len(STARTS))
            )
            for stage in hazards.stages
        }

    return tuple(Season(of(WON, k), of(LOST, k)) for k in range(MONTHS))


@dataclass(frozen=True, slots=True)
class _Month:
    """What happened and what was expected in one, by stage and bucket."""

    number: int
    came: dict[Cell, float]
    due: dict[Cell, float]


def _factors(
    counts: MonthlyCounts, rates: Mapping[str, Sequence[float]], event: str
) -> list[dict[Cell, float]]:
    months = [
        _month(number, found, rates, event) for number, found in counts.months().items()
    ]
    if len({month.number % MONTHS for month in months}) < 2:
        return []
    gains = dict.fromkeys(LEANS, 0.0)
    for quarter in {month.number // MONTHS for month in months}:
        others = [month for month in months if month.number // MONTHS != quarter]
        inside = [month for month in months if month.number // MONTHS == quarter]
        if len(inside) > 1 and others:
            plain, foretold = _likelihood(inside, None), _learnt(others)
            for lean in LEANS:
                gains[lean] += _likelihood(inside, _leaning(foretold, lean)) - plain
    lean = max(LEANS, key=lambda one: (gains[one], one == LEAN))
    return [] if gains[lean] < 0.0 else _leaning(_learnt(months), lean)


def _month(
    number: int, counts: HazardCounts, rates: Mapping[str, Sequence[float]], event: str
) -> _Month:
    due = {
        (stage, place): days * rates[stage][place]
        for (stage, place), days in counts.days.items()
        if stage in rates
    }
    came = {cell: counts.events.get((*cell, event), 0.0) for cell in due}
    return _Month(number, came, due)


@dataclass(frozen=True, slots=True)
class _Learnt:
    """Of a month of the quarter: its factor, and by cell what came and was due."""

    whole: float
    came: dict[Cell, float]
    due: dict[Cell, float]


def _learnt(months: Sequence[_Month]) -> list[_Learnt]:
    """Months of a good quarter are good without any season: quarters get factors too,
    and each factor is what is left when the others have been told."""
    wholes = [1.0] * MONTHS
    levels = dict.fromkeys((month.number // MONTHS for month in months), 1.0)
    sums = [
        (
            month.number // MONTHS,
            month.number % MONTHS,
            math.fsum(month.came.values()),
            math.fsum(month.due.values()),
        )
        for month in months
    ]
    for _round in range(ROUNDS):
        for quarter in levels:
            inside = [one for one in sums if one[0] == quarter]
            levels[quarter] = _factor([(c, d * wholes[k]) for _q, k, c, d in inside])
        for season in range(MONTHS):
            inside = [one for one in sums if one[1] == season]
            wholes[season] = _factor([(c, d * levels[q]) for q, _k, c, d in inside])
    found = [_Learnt(whole, {}, {}) for whole in wholes]
    for month in months:
        into = found[month.number % MONTHS]
        level = levels[month.number // MONTHS]
        for cell, due in month.due.items():
            into.due[cell] = into.due.get(cell, 0.0) + due * level
            into.came[cell] = into.came.get(cell, 0.0) + month.came[cell]
    return found


def _factor(pairs: Sequence[tuple[float, float]]) -> float:
    came, due = math.fsum(c for c, _d in pairs), math.fsum(d for _c, d in pairs)
    return (came + LEAN) / (due + LEAN)


def _leaning(learnt: Sequence[_Learnt], lean: float) -> list[dict[Cell, float]]:
    """Factors by stage and bucket; that of the whole month is ``WHOLE``'s."""
    found = []
    for one in learnt:
        factors = {WHOLE: one.whole}
        for cell, due in one.due.items():
            share = 1.0
            if lean < math.inf:
                share = (one.came[cell] + lean) / (one.whole * due + lean)
            factors[cell] = one.whole * share
        found.append(factors)
    return found


def _likelihood(
    months: Sequence[_Month], factors: Sequence[Mapping[Cell, float]] | None
) -> float:
    """Of how each cell's outcomes fell on the months of a quarter."""
    found = 0.0
    for cell in {cell for month in months for cell in month.due}:
        dues = []
        for month in months:
            due = month.due.get(cell, 0.0)
            if factors is not None:
                of = factors[month.number % MONTHS]
                due *= of.get(cell, of[WHOLE])
            dues.append(due)
        whole = math.fsum(dues)
        if whole > 0.0:
            for month, due in zip(months, dues, strict=True):
                came = month.came.get(cell, 0.0)
                if came:
                    found += came * math.log(max(due / whole, 1e-9))
    return found


def in_season(hazards: Hazards, season: Season) -> Hazards:
    """The rates of a month; together they stay at most 1."""
    won, lost = dict[str, tuple[float, ...]](), dict[str, tuple[float, ...]]()
    moves = dict[str, tuple[dict[str, float], ...]]()
    for stage in hazards.stages:
        rows = []
        for place in range(len(STARTS)):
            wins = hazards.won[stage][place] * season.won[stage][place]
            losses = hazards.lost[stage][place] * season.lost[stage][place]
            leaves = hazards.moves[stage][place]
            excess = max(wins + losses + math.fsum(leaves.values()), 1.0)
            to = {name: rate / excess for name, rate in leaves.items()}
            rows.append((wins / excess, losses / excess, to))
        won[stage] = tuple(row[0] for row in rows)
        lost[stage] = tuple(row[1] for row in rows)
        moves[stage] = tuple(row[2] for row in rows)
    return Hazards(won, lost, moves)


def seasons_as_json(seasons: Iterable[Season]) -> list[dict[str, object]]:
    return [
        {
            "won": {stage: [*factors] for stage, factors in season.won.items()},
            "lost": {stage: [*factors] for stage, factors in season.lost.items()},
        }
        for season in seasons
    ]


def seasons_from_json(data: object) -> tuple[Season, ...]:
    assert isinstance(data, list)
    return tuple(
        Season(
            {stage: tuple(factors) for stage, factors in one["won"].items()},
            {stage: tuple(factors) for stage, factors in one["lost"].items()},
        )
        for one in data
    )
