"""A deal as every data set gives it, and what was known of it on a day."""

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass
class Deal:
    """Moments are days since 1970 with a fraction; `stages` are in order of time."""

    number: int
    value: float
    stages: list  # (moment, stage)
    closed: float | None = None
    won: bool = False
    facts: dict = field(default_factory=dict)
    events: dict = field(default_factory=dict)  # name: sorted moments

    @property
    def came(self):
        return self.stages[0][0]

    def is_open(self, moment):
        return self.came < moment and (self.closed is None or self.closed >= moment)

    def stage_at(self, moment):
        """(stage, days in it) at a moment when the deal is open."""
        place = bisect_right(self.stages, (moment,)) - 1
        # Coming back to where it is does not begin a stay.
        entered, stage = self.stages[place]
        while place and self.stages[place - 1][1] == stage:
            place -= 1
            entered = self.stages[place][0]
        return stage, int(moment) - int(entered) - 1 if moment > entered else 0

    def count(self, name, moment):
        return bisect_right(self.events.get(name, ()), moment)
