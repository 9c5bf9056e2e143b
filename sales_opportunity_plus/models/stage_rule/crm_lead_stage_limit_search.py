from odoo import api
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.stage_limit import Step
from ..lead_part import LeadPart
from .stage_calendar import Calendars


class LeadStageLimitSearch(LeadPart):
    """Find the opportunities that are over the time limit of their stage."""

    __slots__ = ()

    def _search_stage_limit_state(self, operator, value):
        wanted = set(value) if operator == "in" else {None}
        if not wanted or not wanted <= {"soon", "late"}:
            return NotImplemented
        late = self._stage_rule_reached_domain(late=True)
        if wanted == {"late"}:
            return late
        soon = self._stage_rule_reached_domain(late=False)
        return soon | late if "late" in wanted else soon & ~late

    @api.model
    def _stage_rule_reached_domain(self, late):
        """Opportunities that used a limit up, or so much of it that it is soon."""
        self.env.flush_all()
        model = self.env["crm.stage.limit"].sudo()
        limits, calendars = model._limit_set(), Calendars(self.env)
        now = self.env.cr.now()
        found, came_back = [], set()
        for limit in limits:
            steps = [Step(0, 100 if late else limit.soon_percent, now)]
            rows = model._cutoffs(limit, calendars, now, steps)
            if not rows:
                continue
            found.append(model._reached(limit, limits, rows, new=False))
            paused = model._reached(limit, limits, rows, new=False, came_back=True)
            really = model._less_pauses(paused, limit, steps, calendars, now)
            came_back.update(row[0] for row in really)
        domain = Domain("id", "in", list(came_back))
        if found:
            union = SQL(" UNION ").join(
                SQL("SELECT lead_id FROM (%s) found", rows) for rows in found
            )
            domain |= Domain("id", "in", SQL("(%s)", union))
        return domain
