from odoo import fields, models

from ..selections import FORECAST_MEASURES, PERIOD_KINDS, STATEMENT_METHODS


class CrmForecastStatement(models.Model):
    """What was forecast of a period on a day, to be held against what came.

    Rows are written in SQL by the nightly job, once a week, and by the backfill.
    Columns that name other records are plain integers: a row outlives what it names.
    """

    _name = "crm.forecast.statement"
    _inherit = ["crm.append.only"]
    _description = "Statement of the Forecast"
    _log_access = False
    _order = "day desc, id"
    _rec_name = "day"

    day = fields.Date(
        required=True, readonly=True, help="In the time zone of the company."
    )
    company_id = fields.Integer(
        "Company ID", required=True, readonly=True, aggregator=None
    )
    team_id = fields.Integer(
        "Sales Team ID",
        required=True,
        readonly=True,
        aggregator=None,
        help="0 with no salesperson: of the whole company.",
    )
    user_id = fields.Integer(
        "Salesperson ID",
        required=True,
        readonly=True,
        aggregator=None,
        help="0: of the whole team.",
    )
    period_kind = fields.Selection(PERIOD_KINDS, required=True, readonly=True)
    period_start = fields.Date("First Day", required=True, readonly=True)
    period_end = fields.Date("Last Day", required=True, readonly=True)
    measure = fields.Selection(FORECAST_MEASURES, required=True, readonly=True)
    method = fields.Selection(STATEMENT_METHODS, required=True, readonly=True)
    amount = fields.Float(
        digits=(16, 2),
        readonly=True,
        help="What the whole period would bring, what was won in it included; in the "
        "currency of the row.",
    )
    closed = fields.Float(
        "Closed Then",
        digits=(16, 2),
        readonly=True,
        help="What had been won in the period until then; it is in the amount.",
    )
    p10 = fields.Float(
        digits=(16, 2),
        readonly=True,
        help="In one of ten periods the result is lower. Empty: the method has no "
        "range.",
    )
    p50 = fields.Float(digits=(16, 2), readonly=True)
    p90 = fields.Float(
        digits=(16, 2),
        readonly=True,
        help="In one of ten periods the result is higher.",
    )
    variance = fields.Float(
        digits=0,
        readonly=True,
        aggregator=None,
        help="What the luck of single opportunities alone explains of the error, "
        "squared.",
    )
    actual = fields.Float(
        "What Came",
        digits=(16, 2),
        readonly=True,
        help="Won in the period, as known when a later week was written down. Of the "
        "whole company only: the next forecasts learn from it.",
    )
    currency_id = fields.Integer("Currency ID", readonly=True, aggregator=None)
    is_reconstructed = fields.Boolean(
        "Reconstructed",
        readonly=True,
        help="Rebuilt from the pipeline history for a day before the addon was there.",
    )

    _one_per_day = models.UniqueIndex(
        "(company_id, day, team_id, user_id, period_kind, period_start, measure,"
        " method)",
        "A period is forecast once a day by each method.",
    )
    # What the next forecasts learn from: few rows among many.
    _of_company = models.Index(
        "(company_id, period_kind, measure, period_end)"
        " WHERE team_id = 0 AND user_id = 0"
    )

    def _append_only_text(self):
        return self.env._(
            "What was forecast is written down each week by the nightly job and cannot "
            "be created, changed or deleted by hand."
        )
