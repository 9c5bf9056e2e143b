"""The forecast board: company, teams and salespeople, each the sum of what is below.

Amounts are whole ten-thousandths and cumulants whole numbers, so a row equals the sum
of its rows to the last digit. Ranges are never added: a row's range comes from its own
summed cumulants. What a manager decides (a target, an adjustment) may stand on any row;
a row without one takes the sum of those below.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .cumulants import MONEY, PARTS, Cumulants, as_money

#: (team, salesperson), 0 for none.
Scope = tuple[int, int]
#: (chance, amount) of each.
Deals = tuple[tuple[float, float], ...]
COUNTS = ("closed_count", "overdue_count", "open_count", "rate_missing")
CATEGORIES = ("commit", "most_likely", "best_case", "pipeline")
AMOUNTS = ("closed", *CATEGORIES, "omitted", "overdue", "weighted", "open_total")
#: Of the projection, added up in the same way.
PROJECTED = ("from_open", "from_new", "projection", "naive_last", "naive_run_rate")
#: Up to so many open deals, the range of a row is worked out from each of them.
FEW = 25
#: So many deals at most are looked at one by one for a board.
LOOKED_AT = 1000


@dataclass(frozen=True, slots=True)
class Figures:
    """What adds up: amounts in ten-thousandths and counts, by name."""

    sums: Mapping[str, int] = field(default_factory=dict)
    cumulants: Cumulants = Cumulants()
    #: Variance of the largest deal, and which one.
    top: tuple[int, int] = (0, 0)
    #: The open deals one by one where they are few; else ``None``.
    deals: Deals | None = ()

    def __add__(self, other: "Figures") -> "Figures":
        names = self.sums.keys() | other.sums.keys()
        return Figures(
            {name: self.sum_of(name) + other.sum_of(name) for name in names},
            self.cumulants + other.cumulants,
            max(self.top, other.top),
            _together(self.deals, other.deals),
        )

    def sum_of(self, name: str) -> int:
        return self.sums.get(name, 0)

    def number(self, name: str) -> float:
        """A count, or an amount in units of money."""
        value = self.sum_of(name)
        return value if name in COUNTS else value / MONEY

    def cumulative(self, category: str) -> float:
        """The category with all that are more certain, won included."""
        names = ("closed", *CATEGORIES[: CATEGORIES.index(category) + 1])
        return sum(self.sum_of(name) for name in names) / MONEY

    @property
    def top_share(self) -> float:
        """Of the variance, that of the largest deal."""
        spread = self.cumulants.second
        return self.top[0] / spread if spread else 0.0


def _together(some: Deals | None, others: Deals | None) -> Deals | None:
    if some is None or others is None or len(some) + len(others) > FEW:
        return None
    return some + others


def few_scopes(lines: Iterable[Mapping[str, Any]]) -> list[Scope]:
    """Whose deals are few enough to be looked at one by one, the fewest first.

    >>> line = {"team_id": 3, "user_id": 7, "open_count": 2}
    >>> few_scopes([line, {**line, "open_count": 26}, {**line, "open_count": 0}])
    [(3, 7)]
    """
    found: list[Scope] = []
    left = LOOKED_AT
    for line in sorted(lines, key=lambda one: int(one["open_count"])):
        left -= int(line["open_count"])
        if line["open_count"] > FEW or left < 0:
            break
        if line["open_count"]:
            found.append((line["team_id"], line["user_id"]))
    return found


def figures_of(line: Mapping[str, Any]) -> Figures:
    """Those of a line of the roll-up, or of the projection; what it lacks is 0.

    ``deals`` are those of a line of ``few_scopes``.

    >>> figures_of({"closed": 12.5, "open_count": 2}).number("closed")
    12.5
    """
    sums = {name: int(line.get(name) or 0) for name in COUNTS if name in line}
    for name in (*AMOUNTS, *PROJECTED):
        if line.get(name) is not None:
            sums[name] = as_money(line[name])
    cumulants = Cumulants(
        *(
            round(float(line.get(f"k{order}") or 0.0) * (PARTS * MONEY) ** order)
            for order in (1, 2, 3, 4)
        )
    )
    spread = round(float(line.get("top_share") or 0.0) * cumulants.second)
    is_open = line.get("open_count") or cumulants != Cumulants()
    deals = line.get("deals", None if is_open else ())
    top = (spread, int(line.get("top_lead_id") or 0))
    return Figures(sums, cumulants, top, deals)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the board; ``user`` is None for a group of people."""

    key: str
    parent: str | None
    depth: int
    team: int | None
    user: int | None
    figures: Figures

    @property
    def scope(self) -> Scope | None:
        """Whose targets and adjustments stand on it; nobody's for “none”."""
        if self.user is None:
            return (self.team or 0, 0) if self.team != 0 else None
        return (self.team or 0, self.user) if self.user else None


def rows_of(
    leaves: Mapping[Scope, Figures],
    parents: Mapping[int, int],
    teams: Sequence[int] = (),
    users: Sequence[int] = (),
    empty: Iterable[int] = (),
) -> list[Row]:
    """The rows from the company down, each parent before its children.

    :param parents: team above a team; a circle of teams is cut where it is entered
    :param teams: the order of teams; those that are not named come last
    :param users: the order of people
    :param empty: teams that are shown though nobody in them has figures

    >>> [r.key for r in rows_of({(3, 7): Figures(), (3, 0): Figures()}, {}, [3], [7])]
    ['all', 'team-3', 'team-3-user-7', 'team-3-user-0']
    """
    return _Tree(leaves, parents, teams, users, empty).rows()


class _Tree:
    def __init__(
        self,
        leaves: Mapping[Scope, Figures],
        parents: Mapping[int, int],
        teams: Sequence[int],
        users: Sequence[int],
        empty: Iterable[int],
    ) -> None:
        self.leaves = leaves
        self.team_order = {team: place for place, team in enumerate(teams)}
        self.user_order = {user: place for place, user in enumerate(users)}
        self.people: dict[int, list[int]] = {team: [] for team in empty}
        for team, user in leaves:
            self.people.setdefault(team, []).append(user)
        self.below: dict[int | None, list[int]] = {}
        placed: set[int] = set()
        for team in self.people:
            self._place(team, parents, placed)

    def _place(self, team: int, parents: Mapping[int, int], placed: set[int]) -> None:
        entered = {team}
        while team not in placed:
            placed.add(team)
            above = parents.get(team) or None
            if not team or above in entered:
                above = None
            self.below.setdefault(above, []).append(team)
            if above is None:
                return
            entered.add(above)
            team = above

    def rows(self) -> list[Row]:
        below: list[Row] = []
        for team in self._teams(None):
            below += self._of_team(team, "all", 1)
        return [Row("all", None, 0, None, None, _total(below, "all")), *below]

    def _of_team(self, team: int, parent: str, depth: int) -> list[Row]:
        key = f"team-{team}"
        below: list[Row] = []
        for child in self._teams(team):
            below += self._of_team(child, key, depth + 1)
        people = self.people.get(team, ())
        for user in sorted(people, key=lambda one: _place(self.user_order, one)):
            figures = self.leaves[team, user]
            below.append(Row(f"{key}-user-{user}", key, depth + 1, team, user, figures))
        return [Row(key, parent, depth, team, None, _total(below, key)), *below]

    def _teams(self, above: int | None) -> list[int]:
        found = self.below.get(above, ())
        return sorted(found, key=lambda one: _place(self.team_order, one))


def _place(order: Mapping[int, int], one: int) -> tuple[int, int]:
    """Where it stands: none last, and what has no place before that."""
    return (order.get(one, len(order)) if one else len(order) + 1, one)


def _total(rows: Iterable[Row], key: str) -> Figures:
    found = Figures()
    for row in rows:
        if row.parent == key:
            found += row.figures
    return found


def placed(given: Mapping[Scope, Any], known: Iterable[Scope]) -> dict[Scope, Any]:
    """What was given to a person whatever the team, at the one place he is at.

    >>> placed({(0, 7): 100.0}, [(3, 7), (3, 8)])
    {(3, 7): 100.0}
    """
    teams: dict[int, list[int]] = {}
    for team, user in known:
        teams.setdefault(user, []).append(team)
    found: dict[Scope, Any] = {}
    for (team, user), value in given.items():
        where = teams.get(user, ())
        if not team and user and len(where) == 1 and (where[0], user) not in given:
            team = where[0]
        found[team, user] = value
    return found


def summed(
    rows: Sequence[Row], given: Mapping[Scope, float | None]
) -> dict[str, float | None]:
    """For each row its own value, else the sum of the rows below; else None."""
    found: dict[str, float | None] = {}
    below: dict[str, float] = {}
    for row in reversed(rows):
        own = given.get(row.scope) if row.scope is not None else None
        value = below.get(row.key) if own is None else own
        found[row.key] = value
        if value is not None and row.parent is not None:
            below[row.parent] = below.get(row.parent, 0.0) + value
    return found


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What managers made of a category: signed amounts, or another amount instead."""

    sum: float = 0.0
    override: float | None = None


def adjustments(
    rows: Sequence[Row], given: Mapping[Scope, Mapping[str, Adjusted]]
) -> dict[str, dict[str, float]]:
    """By row and category, what adjustments add to the figures of the opportunities.

    An amount instead replaces all that is below, adjustments included.
    """
    found: dict[str, dict[str, float]] = {row.key: {} for row in rows}
    for row in reversed(rows):
        deltas = found[row.key]
        own = given.get(row.scope, {}) if row.scope is not None else {}
        for category, one in own.items():
            if one.override is not None:
                deltas[category] = one.override - row.figures.number(category)
            deltas[category] = deltas.get(category, 0.0) + one.sum
        if row.parent is not None:
            above = found[row.parent]
            for category, delta in deltas.items():
                above[category] = above.get(category, 0.0) + delta
    return found
