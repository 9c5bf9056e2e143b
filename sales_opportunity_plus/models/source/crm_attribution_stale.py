from odoo import api, fields, models
from odoo.tools import SQL

# The job is asked to start within a minute, once however many opportunities change
# in it: whoever comes next finds that asked already.
_MARK = """
    WITH marked AS (
        INSERT INTO crm_attribution_stale (lead_id) SELECT unnest(%(lead_ids)s)
    )
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT cron.id, %(soon)s
      FROM ir_model_data name
      JOIN ir_cron cron ON cron.id = name.res_id AND cron.active
     WHERE name.module = 'sales_opportunity_plus'
       AND name.name = 'crm_attribution_cron'
       AND NOT EXISTS (SELECT FROM ir_cron_trigger asked
                        WHERE asked.cron_id = cron.id AND asked.call_at <= %(soon)s)
"""

#: Where a transaction keeps the ids that it has not marked yet.
_WAITING = "sales_opportunity_plus.stale"


class CrmAttributionStale(models.Model):
    """Opportunities whose credits are to be computed again.

    A queue, not a set: marking is one insert that never meets another one. Whoever
    computes takes the rows away.
    """

    _name = "crm.attribution.stale"
    _inherit = ["crm.append.only"]
    _description = "Opportunities Whose Credits Are Out of Date"
    _log_access = False

    lead_id = fields.Integer("Opportunity ID", required=True, aggregator=None)

    @api.model
    def _mark(self, lead_ids):
        """Have the credits of these opportunities computed again, soon.

        Written once, at the commit: assigning a thousand leads one by one adds one
        statement, not a thousand. A savepoint that is rolled back takes its own with
        it: Odoo runs or forgets what waits there too.
        """
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
            soon = fields.Datetime.add(self.env.cr.now(), minutes=1)
            self.env.cr.execute(SQL(_MARK, lead_ids=sorted(lead_ids), soon=soon))
