"""Which time limits an opportunity has in its stage, and how it stands to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

#: What starts the clock anew: entering the stage, beside it the last done activity
#: or the last mail of the customer.
ClockKind = Literal["stage", "activity", "reply"]
Unit = Literal["hours", "days"]
State = Literal["ok", "soon", "late"]

#: "Soon" begins here where no step of the ladder says otherwise.
SOON_PERCENT = 80


class Step(NamedTuple):
    """A rung of the ladder; ``since`` is when it was set up."""

    id: int
    percent: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit; no team means every team, no company every company."""

    id: int
    stage_id: int
    clock: ClockKind
    unit: Unit
    duration: float
    team_ids: frozenset[int] = frozenset()
    company_id: int | None = None
    calendar_id: int | None = None
    steps: tuple[Step, ...] = ()

    @property
    def rank(self) -> tuple[bool, bool]:
        """What was made for a team goes before what was made for a company."""
        return bool(self.team_ids), self.company_id is not None

    def covers(self, team_id: int | None, company_id: int | None) -> bool:
        return (not self.team_ids or team_id in self.team_ids) and (
            self.company_id is None or self.company_id == company_id
        )

    def span(self, percent: float = 100) -> timedelta:
        """That share of the duration, in the limit's own kind of time."""
        return timedelta(**{self.unit: self.duration * percent / 100})

    @property
    def soon_percent(self) -> int:
        early = [step.percent for step in self.steps if step.percent < 100]
        return min(early, default=SOON_PERCENT)


def governing(
    limits: Iterable[Limit],
    stage_id: int | None,
    team_id: int | None,
    company_id: int | None,
) -> tuple[Limit, ...]:
    """The limits that hold: for each clock the one made most closely for the team.

    >>> firm = Limit(1, 5, "stage", "days", 10)
    >>> team = Limit(2, 5, "stage", "days", 3, team_ids=frozenset({8}))
    >>> [limit.id for limit in governing([firm, team], 5, 8, None)]
    [2]
    >>> [limit.id for limit in governing([firm, team], 5, 9, None)]
    [1]
    """
    best: dict[str, Limit] = {}
    for limit in limits:
        if limit.stage_id == stage_id and limit.covers(team_id, company_id):
            known = best.get(limit.clock)
            if known is None or _before(limit, known):
                best[limit.clock] = limit
    return tuple(best.values())


def rivals(limit: Limit, limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """The limits that take an opportunity away from ``limit`` where they cover it."""
    return tuple(
        other
        for other in limits
        if (other.stage_id, other.clock) == (limit.stage_id, limit.clock)
        and other.id != limit.id
        and _before(other, limit)
    )


def _before(one: Limit, other: Limit) -> bool:
    if one.rank != other.rank:
        return one.rank > other.rank
    return one.id < other.id


def state(now: datetime, soon: datetime | None, due: datetime | None) -> State:
    """How an opportunity stands; ``None`` is never reached."""
    if due is not None and due <= now:
        return "late"
    if soon is not None and soon <= now:
        return "soon"
    return "ok"
