from odoo import api, models

from .crm_stage_approval import STANDING


class CrmStage(models.Model):
    """A stage that goes takes along what waits to enter it."""

    _name = "crm.stage"
    _inherit = ["crm.stage"]

    @api.ondelete(at_uninstall=False)
    def _stage_rule_cancel_requests(self):
        approvals = self.env["crm.stage.approval"].sudo()
        for stage in self:
            approvals.search(
                [("to_stage_id", "=", stage.id), ("state", "in", STANDING)]
            )._end("cancelled", self.env._("The stage %s was deleted.", stage.name))
