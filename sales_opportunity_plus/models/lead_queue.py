from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# The job is asked to start once, however many opportunities change until it does:
# whoever comes next finds that asked already.
_MARK = """
    WITH marked AS (
        INSERT INTO %(queue)s (lead_id) %(lead_ids)s RETURNING lead_id
    )
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT cron.id, %(start)s
      FROM ir_model_data name
      JOIN ir_cron cron ON cron.id = name.res_id AND cron.active
     WHERE name.module = 'sales_opportunity_plus' AND name.name = %(job)s
       AND EXISTS (SELECT FROM marked)
       AND NOT EXISTS (SELECT FROM ir_cron_trigger asked
                        WHERE asked.cron_id = cron.id AND asked.call_at <= %(start)s)
"""
_TAKE = """
    WITH taken AS (
        DELETE FROM %(queue)s
         WHERE id IN (SELECT id FROM %(queue)s ORDER BY id
                       LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
     RETURNING lead_id
    )
    SELECT DISTINCT lead_id FROM taken ORDER BY lead_id
"""


class LeadQueue(models.AbstractModel):
    """Opportunities that wait for a job of their queue.

    A queue, not a set: marking is one insert that never meets another one. The job
    takes the rows away.
    """

    _name = "crm.lead.queue"
    _inherit = ["crm.append.only"]
    _description = "Queue of Opportunities"
    _log_access = False

    #: Name of the scheduled action that empties the queue, and how long it may wait
    #: for more. Its workers look each minute.
    _job = None
    _job_delay = timedelta()

    lead_id = fields.Integer("Opportunity ID", required=True, aggregator=None)

    @api.model
    def _mark(self, lead_ids):
        """Have the job come to these opportunities soon.

        Written once, at the commit: assigning a thousand leads one by one adds one
        statement, not a thousand. A savepoint that is rolled back takes its own with
        it: Odoo runs or forgets what waits there too.
        """
        if not lead_ids:
            return
        precommit = self.env.cr.precommit
        waiting = precommit.data.get(self._waiting_key())
        if waiting is None:
            waiting = precommit.data[self._waiting_key()] = set()
            precommit.add(self.sudo()._write_marks)
        waiting.update(lead_ids)

    @api.model
    def _waiting_key(self):
        """Where a transaction keeps the ids that it has not marked yet."""
        return f"sales_opportunity_plus.{self._table}"

    def _write_marks(self):
        if lead_ids := self.env.cr.precommit.data.pop(self._waiting_key(), None):
            self.env.cr.execute(
                SQL(
                    _MARK,
                    queue=SQL.identifier(self._table),
                    lead_ids=self._to_mark(sorted(lead_ids)),
                    start=self.env.cr.now() + self._job_delay,
                    job=self._job,
                )
            )

    @api.model
    def _to_mark(self, lead_ids):
        """The query of those that the job can do something about."""
        return SQL("SELECT unnest(%s)", lead_ids)

    @api.model
    def _take(self, limit):
        """Ids of marked opportunities; their marks are gone with the commit."""
        query = SQL(_TAKE, queue=SQL.identifier(self._table), limit=limit)
        return [lead_id for (lead_id,) in self.env.execute_query(query)]
