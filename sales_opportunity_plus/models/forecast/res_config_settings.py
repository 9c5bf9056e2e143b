from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings"]

    group_forecast_category = fields.Boolean(
        "Forecast Categories",
        implied_group="sales_opportunity_plus.group_forecast_category",
    )
    forecast_first_month = fields.Selection(
        related="company_id.forecast_first_month", readonly=False
    )
    forecast_rate_policy = fields.Selection(
        related="company_id.forecast_rate_policy", readonly=False
    )
    forecast_call_period = fields.Selection(
        related="company_id.forecast_call_period", readonly=False
    )
    forecast_call_weekday = fields.Selection(
        related="company_id.forecast_call_weekday", readonly=False
    )
