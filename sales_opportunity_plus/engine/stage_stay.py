"""Where a deal was at the end of each day, and what happened on the next one.

The clock ticks in days. A deal that moves twice on a day was only where the day ended;
on the day it came it left ``ENTRY`` for that place, or was closed at once.
"""

from collections.abc import Sequence
from typing import NamedTuple

#: Where every deal is before the day it comes.
ENTRY = ""
WON, LOST = "won", "lost"


class Stay(NamedTuple):
    """From the end of one day until another day; without an event it goes on.

    ``event`` is WON, LOST or "to " and the next stage.
    """

    stage: str
    entered: int
    left: int
    event: str | None


def to(stage: str) -> str:
    """The event of a move to a stage."""
    return f"to {stage}"


def day_stays(
    moves: Sequence[tuple[int, str]], closed: tuple[int, str] | None, until: int
) -> list[Stay]:
    """The stays of one deal.

    :param moves: (day, stage) in order of time, the first one when the deal came
    :param closed: (day, WON or LOST)
    :param until: the last day that is known; what comes later is not looked at

    >>> moves = [(1, "New"), (1, "Qualified"), (4, "New")]
    >>> for stay in day_stays(moves, (9, WON), until=6):
    ...     print(stay.stage, stay.entered, stay.left, stay.event)
     0 1 to Qualified
    Qualified 1 4 to New
    New 4 6 None
    """
    came = moves[0][0]
    if came > until:
        return []
    end = closed if closed and closed[0] <= until else None
    places: list[tuple[int, str]] = []
    for day, stage in moves:
        if day > until or (end and day >= end[0]):
            break
        if places and places[-1][0] == day:
            places.pop()
        if not places or places[-1][1] != stage:
            places.append((day, stage))
    stays, entered, here = [], came - 1, ENTRY
    for day, stage in places:
        stays.append(Stay(here, entered, day, to(stage)))
        entered, here = day, stage
    if end:
        stays.append(Stay(here, entered, max(end[0], came), end[1]))
    else:
        stays.append(Stay(here, entered, until, None))
    return stays
