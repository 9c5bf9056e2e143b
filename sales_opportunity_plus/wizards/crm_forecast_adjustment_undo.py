from odoo import fields, models


class CrmForecastAdjustmentUndo(models.TransientModel):
    """Why an adjustment of the forecast is taken back."""

    _name = "crm.forecast.adjustment.undo"
    _description = "Undo a Forecast Adjustment"

    adjustment_ids = fields.Many2many(
        "crm.forecast.adjustment", string="Adjustments", required=True
    )
    reason = fields.Char(required=True, help="It is kept with the adjustment.")

    def action_undo(self):
        """Take the adjustments back, for all of them or for none."""
        self.ensure_one()
        self.adjustment_ids.check_access("read")
        return self.adjustment_ids.action_undo(self.reason)
