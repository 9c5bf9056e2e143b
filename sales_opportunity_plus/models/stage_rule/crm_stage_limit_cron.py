from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.stage_limit import rivals
from ...engine.working_time import after_pauses
from ..first_company import first_company
from . import stage_breach_sql
from .stage_calendar import Calendars
from .stage_clock import parse_pauses
from .stage_reached_sql import reached

#: Ids of opportunities that one transaction looks at, and escalations that one
#: carries out.
RECORD_BATCH = 200_000
ESCALATE_BATCH = 100


class CrmStageLimit(models.Model):
    """The scheduled check: find what reached a step, record it, then escalate.

    Each part commits what it did and finds the rest by itself when it is run again:
    a killed check loses nothing and escalates nothing twice. A row and what was done
    about it are committed together.
    """

    _name = "crm.stage.limit"
    _inherit = ["crm.stage.limit"]

    @api.model
    def _cron_check_stage_limits(self):
        now = self.env.cr.now()
        self.env.flush_all()
        pausing = self.env["crm.stage"]._stage_rule_pausing()
        self.env.cr.execute(stage_breach_sql.resolve(pausing, now))
        self.env.cr.execute(stage_breach_sql.skip_resolved())
        self.env["crm.stage.breach"].invalidate_model(flush=False)
        limits, calendars = self._limit_set(), Calendars(self.env)
        # What an earlier run left to do comes first: looking for more costs time.
        if self._escalate_waiting(limits, calendars):
            self._record_all(limits, calendars, now)
            self._escalate_waiting(limits, calendars)

    @api.model
    def _record_all(self, limits, calendars, now):
        """Record what reached a step of any limit, in transactions of bounded size."""
        (first, last) = self.env.execute_query(
            SQL("SELECT COALESCE(min(id), 1), COALESCE(max(id), 0) FROM crm_lead")
        )[0]
        cron = self.env["ir.cron"]
        for limit in limits:
            steps = self._cutoffs(limit, calendars, now)
            if not steps:
                continue
            for start in range(first, last + 1, RECORD_BATCH):
                lead_ids = (start, start + RECORD_BATCH - 1)
                found = self._reached(limit, limits, steps, lead_ids=lead_ids)
                # How many there are is not known: 1 stands for "perhaps more".
                cron._commit_progress(self._record(found, limit, now), remaining=1)
            if self.env["crm.stage"]._stage_rule_pausing():
                found = self._reached(limit, limits, steps, came_back=True)
                late = self._less_pauses(found, limit, limit.steps, calendars, now)
                found = stage_breach_sql.given(late)
                cron._commit_progress(self._record(found, limit, now), remaining=1)

    @api.model
    def _record(self, found, limit, now):
        self.env.cr.execute(stage_breach_sql.record(found, limit, now))
        return self.env.cr.rowcount

    @api.model
    def _reached(self, limit, limits, steps, **options):
        """SQL of what reached a step, see ``stage_reached_sql.reached``."""
        default = first_company(self.env).id
        pausing = self.env["crm.stage"]._stage_rule_pausing()
        return reached(limit, rivals(limit, limits), steps, default, pausing, **options)

    @api.model
    def _cutoffs(self, limit, calendars, now, steps=None):
        """Rows of ``stage_reached_sql.STEP_COLUMNS`` for an engine ``Limit``.

        One moment for all opportunities of a company, instead of the working hours
        of each: who began before it has reached the step.
        """
        companies = [None]
        if limit.unit == "hours":
            companies = (
                self.env["res.company"].sudo().search(Domain.TRUE, order="id").ids
            )
        rows = []
        for company_id in companies:
            if company_id and limit.company_id not in (None, company_id):
                continue
            clock = calendars.clock(limit, company_id)
            for step in steps or limit.steps:
                span = limit.span(step.percent)
                if cutoff := clock.before(now, span):
                    quiet = clock.before(step.since, span)
                    rows.append((step.id, company_id, cutoff, quiet))
        return rows

    @api.model
    def _less_pauses(self, found, limit, steps, calendars, now):
        """Those that reached their step even without the time of their pauses."""
        steps = {step.id: step for step in steps}
        late = []
        for row in self.env.execute_query_dict(found):
            step = steps[row["step_id"]]
            clock = calendars.clock(limit, row["company_id"])
            span = limit.span(step.percent)
            pauses = parse_pauses(row["pauses"])
            due = after_pauses(clock, row["start"], span, pauses)
            if due and due <= now:
                quiet = due <= step.since
                late.append((row["lead_id"], step.id, row["start"], quiet))
        return late

    @api.model
    def _escalate_waiting(self, limits, calendars):
        """Carry out what was recorded; whether there was time for all of it."""
        cron, breaches = self.env["ir.cron"], self.env["crm.stage.breach"]
        limits = {limit.id: limit for limit in limits}
        left = breaches._count_waiting()
        cron._commit_progress(remaining=left)
        while left > 0:
            done = breaches._escalate_some(ESCALATE_BATCH, limits, calendars)
            left = left - done if done else 0
            if not cron._commit_progress(done, remaining=left):
                return not left
        return True
