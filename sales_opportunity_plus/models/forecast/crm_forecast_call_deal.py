from odoo import fields, models

from ..selections import FORECAST_CATEGORIES


class CrmForecastCallDeal(models.Model):
    """An opportunity as it stood when a forecast call was submitted.

    Written in SQL with the call, and by nothing else. Columns that name other records
    are plain integers: a row outlives what it names. People read
    ``crm.forecast.call.change``.
    """

    _name = "crm.forecast.call.deal"
    _inherit = ["crm.append.only"]
    _description = "Opportunity of a Forecast Call"
    _log_access = False
    _order = "call_id desc, lead_id"
    _rec_name = "lead_id"

    call_id = fields.Integer("Call ID", required=True, readonly=True, aggregator=None)
    lead_id = fields.Integer(
        "Opportunity ID", required=True, readonly=True, aggregator=None
    )
    team_id = fields.Integer("Sales Team ID", readonly=True, aggregator=None)
    user_id = fields.Integer("Salesperson ID", readonly=True, aggregator=None)
    stage_id = fields.Integer("Stage ID", readonly=True, aggregator=None)
    amount = fields.Float(
        digits=(16, 2),
        readonly=True,
        help="In the currency of the call; empty without an exchange rate.",
    )
    forecast_category = fields.Selection(FORECAST_CATEGORIES, readonly=True)
    probability = fields.Float(readonly=True, aggregator="avg", help="Percent.")
    date = fields.Date(
        "Closing", readonly=True, help="Expected closing; of a won one: when it closed."
    )

    _one_per_call = models.UniqueIndex(
        "(call_id, lead_id)", "A call has each opportunity once."
    )

    def _append_only_text(self):
        return self.env._(
            "A forecast call stands as it was submitted. Submit another one: it comes "
            "in place of the one of the same day."
        )
