from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# All queues at once: a save may concern several, and each statement costs. A job is
# asked to start once, however many opportunities change until it does: whoever comes
# next finds that asked already.
_MARK = """
    WITH %(marked)s
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT cron.id, job.start
      FROM (%(jobs)s) job
      JOIN ir_cron cron ON cron.id = job.cron_id AND cron.active
     WHERE NOT EXISTS (SELECT FROM ir_cron_trigger asked
                        WHERE asked.cron_id = cron.id AND asked.call_at <= job.start)
"""
_MARKED = """
    %(marked)s AS (
        INSERT INTO %(queue)s (lead_id) %(lead_ids)s RETURNING lead_id
    )
"""
_JOB = """
    SELECT %(cron_id)s::int AS cron_id, %(start)s::timestamp AS start
     WHERE EXISTS (SELECT FROM %(marked)s)
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
#: Where a transaction keeps what it has not marked yet: ids by queue.
_WAITING = "sales_opportunity_plus.lead_queues"


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
        waiting = precommit.data.get(_WAITING)
        if waiting is None:
            waiting = precommit.data[_WAITING] = {}
            precommit.add(self.sudo()._write_marks)
        waiting.setdefault(self._name, set()).update(lead_ids)

    @api.model
    def _write_marks(self):
        """Write what this transaction has marked, of all queues."""
        waiting = self.env.cr.precommit.data.pop(_WAITING, None)
        if not waiting:
            return
        queues = [(self.env[name], sorted(waiting[name])) for name in sorted(waiting)]
        self.env.cr.execute(
            SQL(
                _MARK,
                marked=SQL(", ").join(
                    SQL(
                        _MARKED,
                        marked=SQL.identifier(f"marked_{queue._table}"),
                        queue=SQL.identifier(queue._table),
                        lead_ids=queue._to_mark(lead_ids),
                    )
                    for queue, lead_ids in queues
                ),
                jobs=SQL(" UNION ALL ").join(queue._to_ask() for queue, _ids in queues),
            )
        )

    @api.model
    def _to_ask(self):
        """The query of the job to start, if any was marked."""
        names = self.env["ir.model.data"]
        return SQL(
            _JOB,
            # Cached: by its name the job would have to be found at each save.
            cron_id=names._xmlid_to_res_id(
                f"sales_opportunity_plus.{self._job}", raise_if_not_found=False
            )
            or None,
            start=self.env.cr.now() + self._job_delay,
            marked=SQL.identifier(f"marked_{self._table}"),
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
