import logging

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from . import stage_breach_sql
from .stage_clock import read_clocks

_logger = logging.getLogger(__name__)


class CrmStageBreach(models.Model):
    """What is done about exceeded time limits, one opportunity at a time.

    Each escalation has a savepoint of its own: one that fails is noted on its row
    and undoes nothing else.
    """

    _name = "crm.stage.breach"
    _inherit = ["crm.stage.breach"]

    @api.model
    def _count_waiting(self):
        query = SQL("SELECT count(*) FROM crm_stage_breach WHERE result = 'waiting'")
        return self.env.execute_query(query)[0][0]

    @api.model
    def _escalate_some(self, most, limits, calendars):
        """Escalate the oldest rows that wait; how many.

        :param limits: engine ``Limit`` by id
        :param calendars: ``Calendars`` to reckon with
        """
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT id, lead_id, limit_id, step_id, percent, noticed_at "
                "FROM crm_stage_breach WHERE result = 'waiting' ORDER BY id LIMIT %s",
                most,
            )
        )
        lead_ids = [row["lead_id"] for row in rows]
        kinds = {limit.clock for limit in limits.values()}
        clocks = read_clocks(self.env, lead_ids, kinds)
        leads = self.env["crm.lead"].with_context(active_test=False).browse(lead_ids)
        leads = {lead.id: lead for lead in leads.exists()}
        steps = self.env["crm.stage.limit.step"].browse({r["step_id"] for r in rows})
        steps = {step.id: step for step in steps.exists()}
        results = []
        for row in rows:
            lead, step = leads.get(row["lead_id"]), steps.get(row["step_id"])
            if not lead or not step:
                results.append((row["id"], "skipped", None, None))
                continue
            due = self._reached_at(row, lead, limits, clocks, calendars)
            result, error = self._escalate(lead, step)
            results.append((row["id"], result, error, due or row["noticed_at"]))
        if results:
            self.env.cr.execute(stage_breach_sql.settle(results))
            self.invalidate_model(flush=False)
        return len(results)

    @api.model
    def _reached_at(self, row, lead, limits, clocks, calendars):
        """When exactly the step was reached; ``None`` when things changed since."""
        limit, clock = limits.get(row["limit_id"]), clocks.get(row["lead_id"])
        if not limit or not clock or clock.stage_id != limit.stage_id:
            return None
        company = lead._stage_rule_limit_company()
        due = clock.due(limit, calendars.clock(limit, company.id), row["percent"])
        return due and min(due, row["noticed_at"])

    @api.model
    def _escalate(self, lead, step):
        """Result and error of one escalation."""
        if step.action == "record":
            return "done", None
        try:
            with self.env.cr.savepoint():
                step._escalate(lead)
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Not the fault of the action: the whole batch is tried again.
            raise
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.env.invalidate_all(flush=False)
            _logger.warning(
                "Time limit step %s failed for opportunity %s",
                step.id,
                lead.id,
                exc_info=True,
            )
            return "failed", str(error) or type(error).__name__
        return "done", None
