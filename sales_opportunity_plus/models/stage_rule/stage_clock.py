"""Since when the clock of an opportunity runs, and when it reaches a limit."""

from datetime import datetime
from typing import NamedTuple

from ...engine.working_time import after_pauses
from .stage_clock_sql import clocks


class StageClock(NamedTuple):
    """The clocks of one opportunity in the stage that it is in."""

    lead_id: int
    stage_id: int
    stage: datetime
    activity: datetime | None
    reply: datetime | None
    pauses: list | None

    def start(self, kind):
        """Since when the clock of that kind runs."""
        reset = None if kind == "stage" else getattr(self, kind)
        return max(self.stage, reset) if reset else self.stage

    def due(self, limit, clock, percent=100):
        """When that share of an engine ``Limit`` is used up on a clock."""
        start, span = self.start(limit.clock), limit.span(percent)
        return after_pauses(clock, start, span, parse_pauses(self.pauses))


def parse_pauses(pauses):
    """The pauses that ``stage_clock_sql.visit`` found, as moments."""
    return [
        (datetime.fromisoformat(begun), datetime.fromisoformat(ended))
        for begun, ended in pauses or ()
    ]


def read_clocks(env, lead_ids, kinds):
    """``StageClock`` by id of the open opportunities among ``lead_ids``."""
    if kinds - {"stage"}:
        env["mail.message"].flush_model()
    pausing = env["crm.stage"]._stage_rule_pausing()
    rows = env.execute_query(clocks(list(lead_ids), kinds, pausing))
    return {row[0]: StageClock(*row) for row in rows}
