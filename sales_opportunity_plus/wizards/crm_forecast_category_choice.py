from odoo import fields, models

from ..models.selections import FORECAST_CATEGORIES


class CrmForecastCategoryChoice(models.TransientModel):
    """The forecast category of one or several opportunities, chosen at once."""

    _name = "crm.forecast.category.choice"
    _inherit = ["crm.forecast.lead.choice"]
    _description = "Choice of a Forecast Category"

    lead_ids = fields.Many2many(help="Closed ones among them stay as they are.")
    category = fields.Selection(
        [*FORECAST_CATEGORIES[:-1], ("stage", "Follow the stage")],
        required=True,
    )

    def action_set(self):
        """Set it on the opportunities, for all of them or for none."""
        self.ensure_one()
        self.lead_ids.check_access("write")
        self.lead_ids.action_forecast_set_category(self.category)
        return {"type": "ir.actions.act_window_close"}
