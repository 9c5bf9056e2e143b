from odoo import fields, models

from ...engine.period import period_of
from ..selections import MONTHS, PERIOD_KINDS, RATE_POLICIES, WEEKDAYS


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company"]

    forecast_first_month = fields.Selection(
        MONTHS,
        "First Month of the Year",
        default="1",
        required=True,
        help="In which the fiscal year begins: quarters and years of the forecast are "
        "counted from it.",
    )
    forecast_rate_policy = fields.Selection(
        RATE_POLICIES,
        "Exchange Rates of the Forecast",
        default="day",
        required=True,
        help="Amounts of other currencies are converted at the rate of the day, or at "
        "the fixed rates of the budget, so that the forecast does not move with the "
        "market. A currency without a budget rate is converted at the rate of the day.",
    )
    forecast_call_period = fields.Selection(
        PERIOD_KINDS,
        "Forecast Calls For",
        default="month",
        required=True,
        help="The period that salespersons submit their forecast call for each week, "
        "unless they choose another one.",
    )
    forecast_call_weekday = fields.Selection(
        WEEKDAYS,
        "Remind of the Forecast Call On",
        help="On this day of the week everybody in a sales team who has not submitted "
        "a forecast call since Monday gets an activity. Empty: nobody is reminded, "
        "unless his team has a day of its own.",
    )

    def _forecast_period(self, kind, day):
        """The period of the company that a day is in: ``engine.period.Period``."""
        self.ensure_one()
        return period_of(day, kind, int(self.forecast_first_month))
