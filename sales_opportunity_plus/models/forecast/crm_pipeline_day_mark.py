from odoo import api, fields, models
from odoo.tools import SQL

from . import pipeline_touched_sql

#: Rows of one moment: which is the last one says the day.
_LAST = """
    SELECT DISTINCT ON (company_id) mark
      FROM crm_pipeline_day
     WHERE company_id = ANY(%s)
     ORDER BY company_id, taken_at DESC, day DESC
"""
_BEGUN = """
    SELECT DISTINCT taken.begun
      FROM %s
      LEFT JOIN crm_pipeline_day taken
        ON taken.company_id = asked.company_id AND taken.day = asked.day
"""


class CrmPipelineDay(models.Model):
    """Marks: up to where the history has seen what was written on opportunities.

    A mark is a dict of a transaction (``xid``), the day that manual probabilities were
    looked at (``on``), the digest of the ``inputs`` and the ``digests`` of ids, unless
    something deleted had to wait: see ``pipeline_touched_sql``. Only the last one of a
    company says anything.
    """

    _name = "crm.pipeline.day"
    _inherit = ["crm.pipeline.day"]

    mark = fields.Json(
        readonly=True,
        help="What was written before was seen; empty: the next night compares all.",
    )
    begun = fields.Json(
        readonly=True, help="The mark when the day is complete, as long as it is not."
    )

    @api.model
    def _mark_now(self, code):
        """The mark of this transaction.

        :param code: what rows of the history depend on beside tables
        """
        [[xid, inputs]] = self.env.execute_query(pipeline_touched_sql.now(code))
        on = fields.Date.to_string(fields.Date.context_today(self))
        return {"xid": xid, "on": on, "inputs": inputs}

    @api.model
    def _touched(self, companies, now, limit):
        """Ids of the opportunities to compare, and the digests of all ids.

        The ids are ``None`` where all have to be compared.
        """
        marks = self._marks(companies, now)
        xid = min((mark["xid"] for mark in marks), default=now["xid"])
        query = pipeline_touched_sql.leads(xid, limit)
        [[digests, found]] = self.env.execute_query(query)
        if not marks or found is None:
            return None, digests
        before = [mark.get("digests") for mark in marks]
        query = pipeline_touched_sql.more(
            pipeline_touched_sql.changed(digests, before),
            {mark["on"] for mark in (*marks, now)},
            limit + 1,
        )
        found += [lead_id for (lead_id,) in self.env.execute_query(query)]
        return None if len(found) > limit else found, digests

    @api.model
    def _marks(self, companies, now):
        """The last marks of companies, if all say something by now."""
        rows = self.env.execute_query(SQL(_LAST, [company.id for company in companies]))
        marks = [mark for (mark,) in rows]
        is_good = len(marks) == len(companies) and all(
            mark
            and mark["inputs"] == now["inputs"]
            and pipeline_touched_sql.is_in_reach(mark["xid"], now["xid"])
            for mark in marks
        )
        return marks if is_good else []

    @api.model
    def _begun(self, days, now):
        """The mark of days that have begun, if it is still good."""
        rows = self.env.execute_query(SQL(_BEGUN, self._asked(days)))
        [begun] = rows[0] if len(rows) == 1 else [None]
        if begun and all(begun[name] == now[name] for name in ("on", "inputs")):
            return begun
        return None
