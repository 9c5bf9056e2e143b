import logging

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, groupby

from . import stage_breach_sql
from .stage_clock import read_clocks

_logger = logging.getLogger(__name__)

#: Actions that have no effect outside the database.
TOGETHER = {"activity_owner", "activity_leader", "mail"}


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
        lead_model = self.env["crm.lead"].with_context(active_test=False)
        leads = {lead.id: lead for lead in lead_model.browse(lead_ids).exists()}
        steps = self.env["crm.stage.limit.step"].browse({r["step_id"] for r in rows})
        steps = {step.id: step for step in steps.exists()}
        outcomes = {}
        for step_id, group in groupby(rows, lambda row: row["step_id"]):
            due_leads = [leads[r["lead_id"]] for r in group if r["lead_id"] in leads]
            if step_id in steps and due_leads:
                found = self._escalate(steps[step_id], lead_model.union(*due_leads))
                outcomes.update({(step_id, lead.id): found[lead] for lead in found})
        results = []
        for row in rows:
            outcome = outcomes.get((row["step_id"], row["lead_id"]))
            result, error = outcome or ("skipped", None)
            due = None
            if outcome:
                lead = leads[row["lead_id"]]
                due = self._reached_at(row, lead, limits, clocks, calendars)
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
    def _escalate(self, step, leads):
        """Result and error of a step by opportunity.

        What only writes to the database is done for all at once, and one by one
        where that fails, to find out which of them fail.
        """
        if step.action == "record":
            return dict.fromkeys(leads, ("done", None))
        if step.action in TOGETHER and not self._try(step, leads):
            return dict.fromkeys(leads, ("done", None))
        outcomes = {}
        for lead in leads:
            error = self._try(step, lead)
            outcomes[lead] = ("failed", error) if error else ("done", None)
        return outcomes

    @api.model
    def _try(self, step, leads):
        """Do it or undo it; the error, if any."""
        try:
            with self.env.cr.savepoint():
                step._escalate(leads)
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Not the fault of the action: the whole batch is tried again.
            raise
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.env.invalidate_all(flush=False)
            _logger.info(
                "Step %s failed for opportunities %s", step.id, leads, exc_info=True
            )
            return str(error) or type(error).__name__
        return None
