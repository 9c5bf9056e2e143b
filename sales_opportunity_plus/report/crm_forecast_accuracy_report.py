from odoo import fields, models
from odoo.tools import SQL

from ..models.first_company import first_company
from ..models.forecast.pipeline_history_sql import company_of
from ..models.selections import (
    PERIOD_KINDS,
    STATEMENT_MEASURES,
    STATEMENT_METHODS,
    TARGET_LEVELS,
)
from .currency_sql import rates_table
from .ratio_sql import percent

# Statements of periods that have ended, and what was won in these for each scope.
_LINES = """
    WITH said AS (
        SELECT one.*, CASE one.measure WHEN 'count' THEN 1 ELSE rate.factor END
                   AS factor
          FROM crm_forecast_statement one
          LEFT JOIN %(rates)s ON rate.currency_id = one.currency_id
         WHERE one.measure = ANY(%(measures)s) AND one.period_end < %(today)s
           AND one.company_id = ANY(%(company_ids)s) AND %(theirs)s
           AND one.day <= one.period_end AND one.day > one.period_end - 91
    ),
    came AS (
        SELECT asked.company_id, asked.period_start, asked.period_end,
               scope.team_id, scope.user_id,
               SUM(held.amount * rate.factor) AS revenue,
               SUM(held.recurring_amount * rate.factor) AS mrr, COUNT(*) AS number
          FROM (SELECT DISTINCT company_id, period_start, period_end FROM said) asked
          JOIN crm_pipeline_history held
            ON held.valid_to IS NULL AND held.status = 'won'
           AND held.lead_type = 'opportunity' AND %(company)s = asked.company_id
           AND held.date_closed BETWEEN asked.period_start AND asked.period_end
          LEFT JOIN %(rates)s ON rate.currency_id = held.currency_id
         CROSS JOIN LATERAL (
               SELECT COALESCE(held.team_id, 0) AS team_id,
                      COALESCE(held.user_id, 0) AS user_id
                UNION SELECT COALESCE(held.team_id, 0), 0
                UNION SELECT 0, 0) scope
         GROUP BY 1, 2, 3, 4, 5
    )
    SELECT said.id, said.day, said.company_id, team.id AS team_id, owner.id AS user_id,
           CASE WHEN said.user_id > 0 THEN 'person' WHEN said.team_id > 0 THEN 'team'
                ELSE 'company' END AS level, %(whole)s AS is_whole,
           said.period_kind, said.period_start, said.period_end, said.measure,
           said.method, said.is_reconstructed, 1 AS number,
           CEIL((said.period_end + 1 - said.day) / 7.0)::int AS weeks,
           said.amount * said.factor AS forecast, it.actual,
           ABS(said.amount * said.factor - it.actual) AS error,
           said.p10 * said.factor AS p10, said.p50 * said.factor AS p50,
           said.p90 * said.factor AS p90, (said.p10 IS NOT NULL)::int AS ranged,
           (it.actual BETWEEN said.p10 * said.factor AND said.p90 * said.factor)::int
               AS inside,
           (said.p90 - said.p10) * said.factor AS width,
           CASE WHEN said.p10 IS NOT NULL THEN it.actual END AS ranged_actual,
           NULL::float8 AS wape, NULL::float8 AS bias, NULL::float8 AS inside_share,
           NULL::float8 AS width_share
      FROM said
      LEFT JOIN came USING (company_id, period_start, period_end, team_id, user_id)
     CROSS JOIN LATERAL (
           SELECT COALESCE(CASE said.measure WHEN 'revenue' THEN came.revenue
                           WHEN 'mrr' THEN came.mrr ELSE came.number END, 0)
                  AS actual) it
      LEFT JOIN crm_team team ON team.id = said.team_id
      LEFT JOIN res_users owner ON owner.id = said.user_id
"""


class CrmForecastAccuracyReport(models.Model):
    """What was forecast against what came, of periods that have ended.

    What a salesperson brings is in the lines of his team and company too, and once for
    each method: over several of these a number stays empty.
    """

    _name = "crm.forecast.accuracy.report"
    _inherit = ["crm.grouped.report"]
    _description = "Accuracy of the Forecast"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "day"
    _depends = {"crm.forecast.statement": ["amount"]}
    _in_selection_order = ("method", "level", "period_kind", "measure")
    _ratios = {
        "wape": percent("error", "actual"),
        "bias": percent("forecast", "actual", less="actual"),
        "inside_share": percent("inside", "ranged"),
        "width_share": percent("width", "ranged_actual"),
    }
    _once = ("level", "method", "period_kind", "measure")
    _sums = {"forecast", "actual", "error", "width", "ranged_actual"}

    day = fields.Date("Forecast On", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    level = fields.Selection(
        TARGET_LEVELS,
        readonly=True,
        help="What a salesperson brings is in his team's and in his company's, too.",
    )
    is_whole = fields.Boolean(
        "All That I See, Once",
        readonly=True,
        help="Of whole companies; of yourself where you see no more than that.",
    )
    period_kind = fields.Selection(PERIOD_KINDS, "Period", readonly=True)
    period_start = fields.Date("First Day", readonly=True)
    period_end = fields.Date("Last Day", readonly=True)
    measure = fields.Selection(STATEMENT_MEASURES, readonly=True)
    method = fields.Selection(STATEMENT_METHODS, readonly=True)
    weeks = fields.Integer(
        "Weeks to Go", readonly=True, help="1: in the last week.", aggregator=None
    )
    is_reconstructed = fields.Boolean("Reconstructed", readonly=True)
    number = fields.Integer("Forecasts", readonly=True)
    forecast = fields.Float(
        digits=(16, 2),
        readonly=True,
        help="In the currency of the current company at today's rate.",
    )
    actual = fields.Float(
        digits=(16, 2), readonly=True, help="What was won in the period."
    )
    error = fields.Float("Absolute Error", digits=(16, 2), readonly=True)
    wape = fields.Float(
        "WAPE (%)",
        readonly=True,
        aggregator="avg",
        help="Absolute errors ÷ what came, in percent; empty if nothing came.",
    )
    bias = fields.Float(
        "Bias (%)",
        readonly=True,
        aggregator="avg",
        help="(Forecast − actual) ÷ actual, in percent; above 0: forecast too high.",
    )
    p10 = fields.Float(digits=(16, 2), readonly=True, aggregator=None)
    p50 = fields.Float(digits=(16, 2), readonly=True, aggregator=None)
    p90 = fields.Float(digits=(16, 2), readonly=True, aggregator=None)
    ranged = fields.Integer(
        "With a Range",
        readonly=True,
        help="Forecasts that had a range from P10 to P90.",
    )
    inside = fields.Integer(
        "Inside P10–P90",
        readonly=True,
        help="Forecasts in whose range the result was.",
    )
    inside_share = fields.Float(
        "Share Inside P10–P90 (%)",
        readonly=True,
        aggregator="avg",
        help="Of the forecasts with a range, those in whose range the result was. 80 "
        "is right: less, and ranges are too narrow; more, and they are too wide.",
    )
    width = fields.Float(
        "Range from P10 to P90", digits=(16, 2), readonly=True, aggregator="sum"
    )
    ranged_actual = fields.Float(
        "Actual, With a Range", digits=(16, 2), readonly=True, aggregator="sum"
    )
    width_share = fields.Float(
        "Width of Ranges (%)",
        readonly=True,
        aggregator="avg",
        help="P10 to P90 ÷ what came, in percent: of two methods that are as often "
        "right, the narrower one says more.",
    )

    @property
    def _table_query(self):
        theirs, whole = SQL("TRUE"), SQL("said.team_id = 0 AND said.user_id = 0")
        if not (
            self.env.su
            or self.env.user.has_group("sales_team.group_sale_salesman_all_leads")
        ):
            theirs, whole = SQL("one.user_id = %s", self.env.uid), SQL("TRUE")
        rates = self.env["crm.forecast.rate"]._factors()
        return SQL(
            _LINES,
            rates=rates_table(rates),
            measures=list(dict(STATEMENT_MEASURES)),
            today=fields.Date.context_today(self),
            company_ids=self.env.companies.ids,
            company=company_of("held", first_company(self.env).id),
            theirs=theirs,
            whole=whole,
        )
