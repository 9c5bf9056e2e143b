from odoo import api, fields, models
from odoo.tools import SQL

from ..models.first_company import first_company
from ..models.selections import FORECAST_CATEGORIES, STATUSES
from .currency_sql import rates_table
from .rate_notice import told
from .report_sql import STATUS, readable_leads

# A line per opportunity, then its amounts in the currency of the current company.
_LINES = """
    SELECT line.*, line.factor IS NULL AS is_rate_missing,
           ROUND(line.expected_revenue * line.factor, %(digits)s) AS amount,
           CASE WHEN line.forecast_category = 'omitted' THEN 0
                ELSE ROUND(line.expected_revenue * line.factor
                           * line.probability::numeric / 100, %(digits)s)
           END AS weighted_amount,
           ROUND(line.recurring_revenue * line.factor, %(digits)s)
               AS recurring_amount,
           CASE WHEN line.forecast_category = 'omitted' THEN 0
                ELSE ROUND(line.recurring_revenue * line.factor
                           * line.probability::numeric / 100, %(digits)s)
           END AS weighted_recurring_amount
      FROM (
        SELECT lead.id, lead.id AS lead_id, lead.stage_id, lead.user_id,
               lead.team_id, lead.partner_id, lead.company_id,
               lead.campaign_id, lead.medium_id, lead.source_id,
               COALESCE(lead.expected_revenue, 0) AS expected_revenue,
               COALESCE(lead.recurring_revenue_monthly, 0) AS recurring_revenue,
               %(probability)s AS probability,
               %(category)s AS forecast_category,
               %(status)s AS status,
               CASE WHEN lead.won_status IN ('won', 'lost')
                    THEN COALESCE(
                        (lead.date_closed AT TIME ZONE 'UTC' AT TIME ZONE
                         COALESCE(place.tz, 'UTC'))::date, lead.date_deadline)
                    ELSE lead.date_deadline
               END AS date,
               (lead.active AND lead.won_status = 'pending'
                AND lead.date_deadline < %(today)s) AS is_overdue,
               rate.factor, %(currency_id)s AS currency_id
          FROM crm_lead lead
          LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
          LEFT JOIN crm_team team ON team.id = lead.team_id
          LEFT JOIN res_users owner ON owner.id = lead.user_id
          LEFT JOIN res_company company ON company.id = COALESCE(
               lead.company_id, team.company_id, owner.company_id,
               %(first_company_id)s)
          LEFT JOIN res_partner place ON place.id = company.partner_id
          LEFT JOIN %(rates)s ON rate.currency_id = company.currency_id
         WHERE lead.type = 'opportunity' AND %(readable)s
      ) line
"""


class CrmForecastReport(models.Model):
    """The weighted forecast: a line per opportunity, by month and category.

    Amounts are in the currency of the current company, converted by its policy: at
    the rate of the day or at those of the budget. An amount whose currency has
    no rate stays out of the totals and is found by *Without exchange rate*, rather
    than being counted one to one.
    """

    _name = "crm.forecast.report"
    _inherit = ["crm.lead.report"]
    _description = "Weighted Forecast"
    _auto = False
    _in_selection_order = ("forecast_category",)
    _order = "date, id"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            "active",
            "campaign_id",
            "company_id",
            "date_closed",
            "date_deadline",
            "expected_revenue",
            "forecast_category_override",
            "forecast_history_probability",
            "forecast_manual_probability",
            "forecast_manual_until",
            "forecast_manual_user_id",
            "medium_id",
            "partner_id",
            "probability",
            "recurring_revenue_monthly",
            "source_id",
            "stage_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "crm.stage": ["forecast_category", "forecast_probability"],
        "crm.team": ["company_id"],
        "res.company": ["currency_id"],
        "res.users": ["company_id"],
    }

    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    date = fields.Date(
        "Forecast Month",
        readonly=True,
        help="Expected closing; for won and lost opportunities the day of closing.",
    )
    forecast_category = fields.Selection(FORECAST_CATEGORIES, readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    is_overdue = fields.Boolean(
        "Expected Closing Passed",
        readonly=True,
        help="Still open although its expected closing has passed.",
    )
    is_rate_missing = fields.Boolean("Without Exchange Rate", readonly=True)
    stage_id = fields.Many2one("crm.stage", "Stage", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", "Campaign", readonly=True)
    medium_id = fields.Many2one("utm.medium", "Medium", readonly=True)
    source_id = fields.Many2one("utm.source", "Source", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)
    amount = fields.Monetary("Expected Revenue", readonly=True)
    weighted_amount = fields.Monetary(
        readonly=True,
        help="Expected revenue × the probability that counts; nothing when omitted "
        "from the forecast.",
    )
    # Apart from one-off revenue: a month of it and the sale itself do not add up.
    recurring_amount = fields.Monetary(
        "Expected MRR", readonly=True, groups="crm.group_use_recurring_revenues"
    )
    weighted_recurring_amount = fields.Monetary(
        "Weighted MRR",
        readonly=True,
        groups="crm.group_use_recurring_revenues",
        help="Monthly recurring revenue × the probability that counts.",
    )
    probability = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Percent: the one that counts in the forecast.",
    )

    @property
    def _table_query(self):
        target = self.env.company.currency_id
        leads = self.env["crm.lead"]
        return SQL(
            _LINES,
            category=leads._forecast_category_sql("lead", "stage"),
            probability=leads._forecast_probability_sql("lead", "stage"),
            status=STATUS,
            currency_id=target.id,
            digits=target.decimal_places,
            first_company_id=first_company(self.env).id,
            rates=rates_table(self.env["crm.forecast.rate"]._factors()),
            readable=readable_leads(self.env, SQL("lead.id")),
            today=fields.Date.context_today(self),
        )

    @api.model
    def action_open_forecast(self):
        """Open the forecast, and say which amounts are not in it for want of a rate."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_forecast_report_action"
        )
        if None not in self.env["crm.forecast.rate"]._factors().values():
            return action
        left_out = [("is_rate_missing", "=", True), ("status", "in", ("open", "won"))]
        return told(self.env, action, self.search_count(left_out))
