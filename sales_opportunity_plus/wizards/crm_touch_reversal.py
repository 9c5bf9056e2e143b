from odoo import fields, models
from odoo.exceptions import UserError

from ..models.source.utm_lookup import clean

LONGEST_REASON = 1000


class CrmTouchReversal(models.TransientModel):
    """Why a touch is taken back."""

    _name = "crm.touch.reversal"
    _description = "Reverse a Touch"

    touchpoint_id = fields.Many2one(
        "crm.touchpoint.report", "Touch", required=True, readonly=True
    )
    reason = fields.Char(required=True, help="It is kept with the reversal.")

    def action_reverse(self):
        """Take the touch back; it stays in the ledger and no longer counts."""
        self.ensure_one()
        # The user chooses the touch: he must be able to find it.
        touch = self.touchpoint_id.search([("id", "=", self.touchpoint_id.id)])
        if not touch:
            raise UserError(
                self.env._(
                    "This touch is not one of your opportunities any more. Ask your "
                    "sales manager to reverse it."
                )
            )
        reason = clean(self.reason or "", LONGEST_REASON)
        if not reason:
            raise UserError(
                self.env._(
                    "Say why “%s” is taken back: enter a reason.", touch.display_name
                )
            )
        touch.lead_id.check_access("write")
        touch._refuse_reversal()
        self.env["crm.touchpoint"]._reverse(touch.ids, reason)
        touch.lead_id._source_forget_touches()
        touch.invalidate_recordset()
        return {"type": "ir.actions.act_window_close"}
