from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings"]

    group_forecast_category = fields.Boolean(
        "Forecast Categories",
        implied_group="sales_opportunity_plus.group_forecast_category",
    )
