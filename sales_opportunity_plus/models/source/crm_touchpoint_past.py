from odoo import api, models
from odoo.tools import SQL


class CrmTouchpoint(models.Model):
    """The past, brought along by an import."""

    _name = "crm.touchpoint"
    _inherit = ["crm.touchpoint"]

    @api.model
    def _import_past(self, lead_ids, touches):
        """Replace what was captured of opportunities while they were imported.

        :param lead_ids: the opportunities, also those that no touch is known of
        :param touches: list of ``touchpoint_sql.Touch`` with their real moments
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM crm_touchpoint WHERE lead_id = ANY(%s)", list(lead_ids))
        )
        self.env["crm.attribution.stale"]._mark(lead_ids)
        return self._record(touches)
