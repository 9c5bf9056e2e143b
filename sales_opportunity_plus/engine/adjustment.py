"""Adjustments of a forecast: what people say on top of the figures, rolled up.

A company's figure is the sum of its teams', a team's that of its salespersons. Who
adds an amount to one of them adds it to all above; who replaces one replaces what is
below it, and the figures below stay as they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

#: (team, salesperson); 0 where there is none. Of what was said, (team, 0) is the whole
#: team and (0, 0) the whole company; of a figure it is what nobody has.
Place = tuple[int, int]
NOTHING = Decimal(0)

Verdict = Literal["closer", "farther", "same"]


@dataclass(frozen=True, slots=True)
class Said:
    """Of one place: an amount that replaces its figure, and what is added to it."""

    added: Decimal = NOTHING
    override: Decimal | None = None

    def of(self, below: Decimal) -> Decimal:
        """The figure that counts.

        >>> Said(Decimal(5)).of(Decimal(100))
        Decimal('105')
        >>> Said(Decimal(5), Decimal(0)).of(Decimal(100))
        Decimal('5')
        """
        return (below if self.override is None else self.override) + self.added


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A figure: as it stands, with what was said below it, and with all of it."""

    base: Decimal = NOTHING
    below: Decimal = NOTHING
    total: Decimal = NOTHING

    @property
    def direct(self) -> Decimal:
        """What was said of it itself."""
        return self.total - self.below

    @property
    def indirect(self) -> Decimal:
        """What was said of those below it."""
        return self.below - self.base


@dataclass(frozen=True, slots=True)
class RolledUp:
    """The figures of a company; ``people`` has (team, 0) for what nobody has."""

    company: Adjusted
    teams: dict[int, Adjusted] = field(default_factory=dict)
    people: dict[Place, Adjusted] = field(default_factory=dict)


def what_counts(lines: Iterable[tuple[bool, Decimal]]) -> Said:
    """From what was said of a place, in its order: (does it replace, amount).

    What replaces a figure replaces what was said of it before; what is added
    afterwards is added to it.

    >>> lines = [(False, Decimal(3)), (True, Decimal(50)), (False, Decimal(-1))]
    >>> what_counts(lines)
    Said(added=Decimal('-1'), override=Decimal('50'))
    """
    said = Said()
    for replaces, amount in lines:
        if replaces:
            said = Said(NOTHING, amount)
        else:
            said = Said(said.added + amount, said.override)
    return said


def roll_up(base: Mapping[Place, Decimal], said: Mapping[Place, Said]) -> RolledUp:
    """Figures with what was said of them, for salespersons, teams and the company.

    >>> said = {(1, 7): Said(Decimal(20)), (1, 0): Said(override=Decimal(90))}
    >>> found = roll_up({(1, 7): Decimal(100)}, said)
    >>> found.people[1, 7].total, found.teams[1].direct, found.teams[1].indirect
    (Decimal('120'), Decimal('-30'), Decimal('20'))
    """
    people = {}
    for place in sorted({*base, *(place for place in said if place[1])}):
        figure = base.get(place, NOTHING)
        own = said.get(place, Said()) if place[1] else Said()
        people[place] = Adjusted(figure, figure, own.of(figure))
    names = {team for team, _person in people} | {team for team, _person in said}
    teams = {}
    for name in sorted(names):
        own = said.get((name, 0), Said()) if name else Said()
        members = [one for (team, _person), one in people.items() if team == name]
        teams[name] = _above(members, own)
    return RolledUp(_above(teams.values(), said.get((0, 0), Said())), teams, people)


def _above(parts: Iterable[Adjusted], said: Said) -> Adjusted:
    base = below = NOTHING
    for part in parts:
        base += part.base
        below += part.total
    return Adjusted(base, below, said.of(below))


def verdict(without: Decimal, with_it: Decimal, actual: Decimal) -> Verdict:
    """Whether an adjustment brought a forecast closer to what came.

    >>> verdict(Decimal(100), Decimal(80), Decimal(70))
    'closer'
    """
    before, after = abs(without - actual), abs(with_it - actual)
    if before == after:
        return "same"
    return "closer" if after < before else "farther"
