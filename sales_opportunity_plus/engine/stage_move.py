"""Name the move of an opportunity from one position to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Status = Literal["open", "won", "lost", "archived"]
Move = Literal[
    "created",
    "converted",
    "forward",
    "skip",
    "backward",
    "won",
    "lost",
    "reopened",
    "archived",
    "team_change",
]
#: Why the position changed: somebody set it, or Odoo recomputed the stage
#: because the team, the salesperson or the type changed.
Cause = Literal["set", "recomputed"]


class Position(NamedTuple):
    """Where an opportunity stands: a stay lasts as long as this is the same."""

    stage_id: int | None
    status: Status = "open"
    lead_type: str = "opportunity"


@dataclass(frozen=True, slots=True)
class StageOrder:
    """The order of the stages, as a whole and as each team sees it.

    ``stages`` holds every stage id in its order; ``teams`` maps a stage that is
    reserved to some teams to the ids of those teams (absent: for all teams).
    """

    stages: tuple[int, ...]
    teams: Mapping[int, frozenset[int]]

    def of_team(self, team_id: int | None) -> tuple[int, ...]:
        """The stages that ``team_id`` uses, in order.

        >>> order = StageOrder((1, 2, 3), {2: frozenset({7})})
        >>> order.of_team(7), order.of_team(8), order.of_team(None)
        ((1, 2, 3), (1, 3), (1, 3))
        """
        return tuple(
            stage
            for stage in self.stages
            if stage not in self.teams or team_id in self.teams[stage]
        )


def direction(
    order: StageOrder, team_id: int | None, before: int | None, after: int | None
) -> Literal["forward", "skip", "backward"]:
    """Tell which way a change of stage goes, in the order of the team.

    A stage that the team does not use takes its place in the overall order. No
    stage at all comes before every stage.

    >>> order = StageOrder((1, 2, 3), {2: frozenset({7})})
    >>> direction(order, 8, 1, 3), direction(order, 7, 1, 3)
    ('forward', 'skip')
    >>> direction(order, 8, 3, 1), direction(order, 8, None, 1)
    ('backward', 'forward')
    """
    ends = {before, after}
    own = set(order.of_team(team_id))
    path: Sequence[int] = [
        stage for stage in order.stages if stage in own or stage in ends
    ]
    place = {stage: index for index, stage in enumerate(path)}
    start = -1 if before is None else place.get(before, -1)
    end = -1 if after is None else place.get(after, -1)
    if end < start:
        return "backward"
    return "skip" if end - start > 1 else "forward"


def classify(
    before: Position | None,
    after: Position,
    order: StageOrder,
    team_id: int | None = None,
    cause: Cause = "set",
) -> Move | None:
    """Name the move from ``before`` to ``after``; ``None`` when nothing moved.

    The outcome counts before the direction: entering a won stage is *won*
    wherever it stands in the order, leaving an outcome for the open pipeline is
    *reopened* whichever stage it leads to.

    >>> order = StageOrder((1, 2, 3), {})
    >>> classify(None, Position(1), order)
    'created'
    >>> classify(Position(1), Position(3), order)
    'skip'
    >>> classify(Position(1), Position(1, "lost"), order)
    'lost'
    >>> classify(Position(3, "won"), Position(1), order)
    'reopened'
    >>> classify(Position(1), Position(2), order, cause="recomputed")
    'team_change'
    """
    if before is None:
        return "created"
    if before == after:
        return None
    if before.status != after.status:
        return "reopened" if after.status == "open" else after.status
    if before.lead_type != after.lead_type:
        return "converted"
    if cause == "recomputed":
        return "team_change"
    return direction(order, team_id, before.stage_id, after.stage_id)
