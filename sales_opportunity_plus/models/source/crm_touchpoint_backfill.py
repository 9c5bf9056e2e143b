from odoo import api, models
from odoo.tools import SQL

from . import touchpoint_backfill_sql

#: Opportunities whose past one statement looks at: PostgreSQL's memory stays flat.
BATCH = 100_000


class CrmTouchpoint(models.Model):
    """The touches of opportunities that were there before the addon."""

    _name = "crm.touchpoint"
    _inherit = ["crm.touchpoint"]

    @api.model
    def _backfill(self):
        """Record the past. Run again, it records nothing twice."""
        self.env.flush_all()
        first, last = self.env.execute_query(
            SQL("SELECT COALESCE(min(id), 1), COALESCE(max(id), 0) FROM crm_lead")
        )[0]
        for start in range(first, last + 1, BATCH):
            for part in touchpoint_backfill_sql.parts(start, start + BATCH - 1):
                self._record_many(part)
        self.env["crm.touch.harvest"]._begin()
