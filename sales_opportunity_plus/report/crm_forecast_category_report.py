from odoo import fields, models
from odoo.tools import SQL

from ..models.first_company import first_company
from ..models.forecast.pipeline_history_sql import company_of
from ..models.selections import FORECAST_CATEGORIES, OUTCOMES, PERIOD_KINDS
from .currency_sql import rates_table
from .ratio_sql import percent
from .report_sql import readable_deals

#: Days after which a period is not looked at any more.
_OLDEST = 400

# What was open and due on the first day of a period on which it was forecast, and what
# it is by now. A deal that was expected in a period is looked at in each of them.
_LINES = """
    WITH began AS (
        SELECT said.company_id, said.period_kind, said.period_start, said.period_end,
               MIN(said.day) AS day
          FROM crm_forecast_statement said
         WHERE said.team_id = 0 AND said.user_id = 0 AND said.measure = 'revenue'
           AND said.method = 'weighted' AND said.day >= said.period_start
           AND said.period_end < %(today)s AND said.period_end >= %(today)s - %(oldest)s
           AND said.company_id = ANY(%(company_ids)s)
         GROUP BY 1, 2, 3, 4
    )
    SELECT ROW_NUMBER() OVER (ORDER BY began.day, began.period_kind, held.id) AS id,
           began.day, began.company_id, began.period_kind, began.period_start,
           began.period_end, held.lead_id AS lead_number, lead.id AS lead_id,
           team.id AS team_id, owner.id AS user_id, held.forecast_category,
           held.is_reconstructed, held.amount * rate.factor AS amount,
           CASE WHEN it.outcome = 'won' THEN held.amount * rate.factor ELSE 0 END
               AS won_amount,
           1 AS number, (it.outcome = 'won')::int AS won_number, it.outcome,
           NULL::float8 AS won_share, NULL::float8 AS count_share
      FROM began
      JOIN crm_pipeline_history held
        ON held.lead_type = 'opportunity' AND held.status = 'open'
       AND %(company)s = began.company_id
       AND held.valid_from <= began.day
       AND (held.valid_to IS NULL OR held.valid_to > began.day)
       AND held.date_deadline <= began.period_end
       AND %(readable)s
      LEFT JOIN crm_pipeline_history now
        ON now.lead_id = held.lead_id AND now.valid_to IS NULL
     CROSS JOIN LATERAL (
           SELECT CASE WHEN now.status = 'won' AND now.date_closed <= began.period_end
                       THEN 'won'
                       WHEN now.status = 'won' THEN 'later'
                       WHEN now.status = 'open' THEN 'open'
                       ELSE 'lost' END AS outcome) it
      LEFT JOIN %(rates)s ON rate.currency_id = held.currency_id
      LEFT JOIN crm_lead lead ON lead.id = held.lead_id
      LEFT JOIN crm_team team ON team.id = held.team_id
      LEFT JOIN res_users owner ON owner.id = held.user_id
"""


class CrmForecastCategoryReport(models.Model):
    """What became of the opportunities of each forecast category.

    As they stood when a period began; a line per opportunity and period.
    """

    _name = "crm.forecast.category.report"
    _inherit = ["crm.lead.report"]
    _description = "Accuracy of the Forecast Categories"
    _auto = False
    _order = "day desc, id"
    _rec_name = "lead_id"
    _depends = {
        "crm.forecast.statement": ["amount"],
        "crm.lead": ["active", "user_id", "team_id", "company_id"],
    }
    _in_selection_order = ("forecast_category", "outcome", "period_kind")
    _ratios = {
        "won_share": percent("won_amount", "amount"),
        "count_share": percent("won_number", "number"),
    }
    # The same opportunity is expected in a month and in its quarter.
    _once = ("period_kind",)
    _sums = {"amount", "won_amount", "number", "won_number"}

    day = fields.Date(
        "As Of", readonly=True, help="The first day on which the period was forecast."
    )
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    period_kind = fields.Selection(PERIOD_KINDS, "Period", readonly=True)
    period_start = fields.Date("First Day", readonly=True)
    period_end = fields.Date("Last Day", readonly=True)
    lead_number = fields.Integer("Opportunity ID", readonly=True, aggregator=None)
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", readonly=True, help="Empty when it was deleted."
    )
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    forecast_category = fields.Selection(
        FORECAST_CATEGORIES, "Category Then", readonly=True
    )
    outcome = fields.Selection(
        OUTCOMES, "What Became of It", readonly=True, help="As far as is known today."
    )
    is_reconstructed = fields.Boolean("Reconstructed", readonly=True)
    amount = fields.Float(
        digits=(16, 2),
        readonly=True,
        help="As it was expected then, in the currency of the current company at "
        "today's rate.",
    )
    won_amount = fields.Float(
        "Won in the Period",
        digits=(16, 2),
        readonly=True,
        help="Of the amount expected then.",
    )
    number = fields.Integer("Opportunities", readonly=True)
    won_number = fields.Integer("Opportunities Won", readonly=True)
    won_share = fields.Float(
        "Won by Amount (%)",
        readonly=True,
        aggregator="avg",
        help="Of the amount that was expected in the period, what was won in it.",
    )
    count_share = fields.Float(
        "Won by Number (%)",
        readonly=True,
        aggregator="avg",
        help="Of the opportunities that were expected in the period, those won in it.",
    )

    @property
    def _table_query(self):
        return SQL(
            _LINES,
            today=fields.Date.context_today(self),
            oldest=_OLDEST,
            company_ids=self.env.companies.ids,
            company=company_of("held", first_company(self.env).id),
            readable=readable_deals(self.env, "held"),
            rates=rates_table(self.env["crm.forecast.rate"]._factors()),
        )
