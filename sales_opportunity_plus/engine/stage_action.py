"""Tell which actions of the stages are due when an opportunity moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Trigger = Literal["leave", "enter", "won", "lost"]
#: What happened at once, and in which stage.
Event = tuple[Trigger, int | None]


@dataclass(frozen=True, slots=True)
class StageAction:
    """An action as the registry keeps it; empty sets and ``None`` mean *any*."""

    id: int
    trigger: Trigger
    sequence: int = 10
    stage_id: int | None = None
    team_ids: frozenset[int] = frozenset()
    company_ids: frozenset[int] = frozenset()
    has_domain: bool = False
    repeat: bool = False


def events_of(
    move: str, status: str, before: int | None, after: int | None
) -> tuple[Event, ...]:
    """What happens to an opportunity on a move, in the order of things.

    A deal that is lost, archived or reopened where it stands neither leaves its
    stage nor enters it.

    >>> events_of("forward", "open", 1, 2)
    (('leave', 1), ('enter', 2))
    >>> events_of("won", "won", 2, 3)
    (('leave', 2), ('enter', 3), ('won', 3))
    >>> events_of("lost", "lost", 2, 2)
    (('lost', 2),)
    >>> events_of("created", "open", None, 1)
    (('enter', 1),)
    """
    events: list[Event] = []
    if before != after:
        if before is not None:
            events.append(("leave", before))
        if after is not None and status in ("open", "won"):
            events.append(("enter", after))
    if status == "won" and move in ("won", "created"):
        events.append(("won", after))
    if status == "lost" and move in ("lost", "created"):
        events.append(("lost", after))
    return tuple(events)


def due(
    actions: Iterable[StageAction],
    events: Iterable[Event],
    team_id: int | None,
    company_id: int | None | Literal[False],
) -> tuple[StageAction, ...]:
    """The actions that these events set off, their domains left aside.

    What a stage does when it is left comes first, then the sequence counts.

    >>> enter, leave = StageAction(1, "enter", 5, 2), StageAction(2, "leave", 9, 1)
    >>> events = events_of("forward", "open", 1, 2)
    >>> [action.id for action in due([enter, leave], events, None, None)]
    [2, 1]
    >>> here = StageAction(3, "enter", stage_id=2, team_ids=frozenset({7}))
    >>> [len(due([here], events, team, None)) for team in (7, 8, None)]
    [1, 0, 0]
    """
    happened = dict(events)
    found = [
        action
        for action in actions
        if action.trigger in happened
        and action.stage_id in (None, happened[action.trigger])
        and (not action.team_ids or team_id in action.team_ids)
        and (not action.company_ids or company_id in action.company_ids)
    ]
    found.sort(key=lambda action: (action.trigger != "leave", action.sequence))
    return tuple(found)
