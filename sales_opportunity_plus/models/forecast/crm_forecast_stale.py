from odoo import api, fields, models
from odoo.tools import SQL

# Only what can be scored is marked, and the job is asked to start only then, once
# however many opportunities change until it does. Its workers look each minute.
_MARK = """
    WITH marked AS (
        INSERT INTO crm_forecast_stale (lead_id)
        SELECT id FROM crm_lead
         WHERE id = ANY(%(lead_ids)s) AND type = 'opportunity' AND active
           AND won_status = 'pending'
     RETURNING lead_id
    )
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT cron.id, %(now)s
      FROM ir_model_data name
      JOIN ir_cron cron ON cron.id = name.res_id AND cron.active
     WHERE name.module = 'sales_opportunity_plus'
       AND name.name = 'crm_forecast_calibration_cron'
       AND EXISTS (SELECT FROM marked)
       AND NOT EXISTS (SELECT FROM ir_cron_trigger asked
                        WHERE asked.cron_id = cron.id AND asked.call_at <= %(now)s)
"""

#: Where a transaction keeps the ids that it has not marked yet.
_WAITING = "sales_opportunity_plus.forecast_stale"


class CrmForecastStale(models.Model):
    """Open opportunities whose probability by history is to be computed again.

    A queue, not a set: marking is one insert that never meets another one. The job
    that scores takes the rows away; what it misses is scored with the next night.
    """

    _name = "crm.forecast.stale"
    _inherit = ["crm.append.only"]
    _description = "Opportunities Whose Learnt Probability Is Out of Date"
    _log_access = False

    lead_id = fields.Integer("Opportunity ID", required=True, aggregator=None)

    @api.model
    def _mark(self, lead_ids):
        """Have these opportunities scored again, soon: one statement, at the commit."""
        if not lead_ids:
            return
        precommit = self.env.cr.precommit
        waiting = precommit.data.get(_WAITING)
        if waiting is None:
            waiting = precommit.data[_WAITING] = set()
            precommit.add(self.sudo()._write_marks)
        waiting.update(lead_ids)

    def _write_marks(self):
        if lead_ids := self.env.cr.precommit.data.pop(_WAITING, None):
            self.env.cr.execute(
                SQL(_MARK, lead_ids=sorted(lead_ids), now=self.env.cr.now())
            )

    @api.model
    def _take(self, limit):
        """Ids of marked opportunities; their marks are gone with the commit."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH taken AS (
                    DELETE FROM crm_forecast_stale
                     WHERE id IN (SELECT id FROM crm_forecast_stale ORDER BY id
                                   LIMIT %s FOR UPDATE SKIP LOCKED)
                 RETURNING lead_id
                )
                SELECT DISTINCT lead_id FROM taken ORDER BY lead_id
                """,
                limit,
            )
        )
        return [lead_id for (lead_id,) in rows]
