from odoo import api

from ...engine.stage_limit import governing, state
from ..first_company import first_company
from ..lead_part import LeadPart
from . import stage_breach_sql
from .stage_calendar import Calendars
from .stage_clock import StageClock, read_clocks


class LeadStageLimit(LeadPart):
    """How an opportunity stands to the time limits of its stage."""

    __slots__ = ()

    def _stage_rule_limit_company(self):
        """The company whose limits and working hours hold for the opportunity.

        As in SQL, ``stage_reached_sql._company``: its own, else that of its team, else
        that of its salesperson, else the first of the database.
        """
        self.ensure_one()
        lead = self.sudo()
        company = lead.company_id or lead.team_id.company_id or lead.user_id.company_id
        return company or first_company(self.env)

    @api.depends(
        "stage_id", "team_id", "user_id", "company_id", "type", "active", "won_status"
    )
    def _compute_stage_limit(self):
        limits = self.env["crm.stage.limit"]._limit_set()
        if not limits:
            self.stage_limit_due = self.stage_limit_state = False
            return
        stage_ids = {limit.stage_id for limit in limits}
        limited = self.filtered(
            lambda lead: lead.stage_id.id in stage_ids
            and lead.type == "opportunity"
            and lead._stage_rule_position().status == "open"
        )
        (self - limited).stage_limit_due = False
        (self - limited).stage_limit_state = False
        if not limited:
            return
        kinds = {limit.clock for limit in limits}
        clocks = read_clocks(self.env, limited._origin.ids, kinds)
        calendars, now = Calendars(self.env), self.env.cr.now()
        for lead in limited:
            due, standing = lead._stage_rule_standing(limits, clocks, calendars, now)
            lead.stage_limit_due = due
            lead.stage_limit_state = standing

    def _stage_rule_standing(self, limits, clocks, calendars, now):
        """(when the first limit is reached, the worst state of all of them)."""
        self.ensure_one()
        company_id = self._stage_rule_limit_company().id
        clock = clocks.get(self._origin.id)
        if not clock or clock.stage_id != self.stage_id.id:
            # It enters the stage now: the move is not saved or not recorded yet.
            clock = StageClock(self.id, self.stage_id.id, now, None, None, None)
        dues, standings = [], {False}
        for limit in governing(limits, self.stage_id.id, self.team_id.id, company_id):
            calendar = calendars.clock(limit, company_id)
            due = clock.due(limit, calendar)
            soon = clock.due(limit, calendar, limit.soon_percent)
            dues.append(due)
            standings.add(state(now, soon, due))
        worst = next(
            (name for name in ("late", "soon", "ok") if name in standings), False
        )
        return min(filter(None, dues), default=False), worst

    def _stage_rule_late_ids(self):
        """Ids of those that are over a time limit of their stage."""
        if not self.env["crm.stage.limit"]._limit_set():
            return set()
        return set(self.filtered(lambda lead: lead.stage_limit_state == "late").ids)

    def _merge_dependences(self, opportunities):
        """Keep what the merged ones exceeded, beside what the survivor did."""
        result = super()._merge_dependences(opportunities)
        self.env.cr.execute(
            stage_breach_sql.adopt(opportunities.ids, self.id, self.env.cr.now())
        )
        return result
