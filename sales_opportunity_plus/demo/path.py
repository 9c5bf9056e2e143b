"""Which stages a deal goes through, before anybody says when."""

from dataclasses import dataclass
from random import Random

from .catalogue import LOST_AT, STAGES
from .shape import Status

OPEN = tuple(stage.key for stage in STAGES if stage.key != "won")

BACKWARD, SKIP = 0.07, 0.09
REOPEN_LOST, REOPEN_WON = 0.06, 0.012
#: A deal that came back is a better one than a new one.
WON_WHEN_REOPENED = 0.4


@dataclass(frozen=True, slots=True)
class Step:
    stage: str
    status: Status = "open"


def path(win_rate: float, start: str, rng: Random) -> tuple[Step, ...]:
    """All the steps of a deal, as if there were always time for them.

    It starts in ``start`` and ends won or lost; some go back a stage, skip one, or
    come back after they were closed.
    """
    steps = [Step(start)]
    steps += _leg(OPEN.index(start), rng.random() < win_rate, rng)
    chance = REOPEN_WON if steps[-1].status == "won" else REOPEN_LOST
    if rng.random() < chance:
        back = steps[-1].stage if steps[-1].status == "lost" else "contract"
        steps.append(Step(back))
        steps += _leg(OPEN.index(back), rng.random() < WON_WHEN_REOPENED, rng)
    return tuple(steps)


def _leg(place: int, won: bool, rng: Random) -> list[Step]:
    """From the stage at ``place`` to an outcome."""
    end = len(OPEN) if won else _lost_at(place, rng)
    steps: list[Step] = []
    backward = 0
    while place < end:
        chance = rng.random()
        if chance < BACKWARD and place >= 2 and not backward:
            place, backward = place - 1, 1
        elif chance > 1 - SKIP and place + 2 <= end:
            place += 2
        else:
            place += 1
        if place < len(OPEN):
            steps.append(Step(OPEN[place]))
    steps.append(Step("won", "won") if won else Step(OPEN[place], "lost"))
    return steps


def _lost_at(place: int, rng: Random) -> int:
    """Where the deal will be lost, not before the stage at ``place``."""
    later = OPEN[place:]
    stage = rng.choices(later, [LOST_AT[key] for key in later])[0]
    return OPEN.index(stage)
