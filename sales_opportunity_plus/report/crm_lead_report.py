from odoo import models

from .report_sql import open_lead


class CrmLeadReport(models.AbstractModel):
    """What the reports share whose lines are about opportunities (``lead_id``)."""

    _name = "crm.lead.report"
    _inherit = ["crm.grouped.report"]
    _description = "Report on Opportunities"

    def action_open_lead(self):
        """Open the opportunity of the line."""
        self.check_access("read")
        return open_lead(self)
