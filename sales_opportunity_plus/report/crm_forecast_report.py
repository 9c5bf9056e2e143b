from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.selection_order import orderby_in_selection_order
from ..models.selections import FORECAST_CATEGORIES, STATUSES
from .report_sql import open_lead, readable_leads

# A line per opportunity, then its amounts in the currency of the current company.
_LINES = """
    SELECT line.*, line.factor IS NULL AS is_rate_missing,
           ROUND(line.expected_revenue * line.factor, %(digits)s) AS amount,
           CASE WHEN line.forecast_category = 'omitted' THEN 0
                ELSE ROUND(line.expected_revenue * line.factor
                           * line.probability::numeric / 100, %(digits)s)
           END AS weighted_amount
      FROM (
        SELECT lead.id, lead.id AS lead_id, lead.stage_id, lead.user_id,
               lead.team_id, lead.partner_id, lead.company_id,
               COALESCE(lead.expected_revenue, 0) AS expected_revenue,
               COALESCE(lead.probability, 0) AS probability,
               %(category)s AS forecast_category,
               CASE WHEN lead.won_status IN ('won', 'lost')
                    THEN lead.won_status
                    WHEN lead.active THEN 'open' ELSE 'archived'
               END AS status,
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

    Amounts are in the currency of the current company, converted at the rate of
    the day. An amount whose currency has no rate stays out of the totals and is
    found by *Without exchange rate*, rather than being counted one to one.
    """

    _name = "crm.forecast.report"
    _description = "Weighted Forecast"
    _auto = False
    _order = "date, id"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            "active",
            "company_id",
            "date_closed",
            "date_deadline",
            "expected_revenue",
            "forecast_category_override",
            "partner_id",
            "probability",
            "stage_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "crm.stage": ["forecast_category"],
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
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)
    amount = fields.Monetary("Expected Revenue", readonly=True)
    weighted_amount = fields.Monetary(
        readonly=True,
        help="Expected revenue × probability; nothing when omitted from the forecast.",
    )
    probability = fields.Float(readonly=True, aggregator="avg", help="Percent.")

    @property
    def _table_query(self):
        target = self.env.company.currency_id
        category = self.env["crm.lead"]._forecast_category_sql("lead", "stage")
        factors = self._rate_factors()
        return SQL(
            _LINES,
            category=category,
            currency_id=target.id,
            digits=target.decimal_places,
            first_company_id=self.env["res.company"]
            .sudo()
            .search([], order="id", limit=1)
            .id,
            rates=SQL(
                "unnest(%s::int[], %s::numeric[]) AS rate(currency_id, factor)",
                list(factors),
                list(factors.values()),
            ),
            readable=readable_leads(self.env, SQL("lead.id")),
            today=fields.Date.context_today(self),
        )

    def _read_group_orderby(self, order, groupby_terms, query):
        return orderby_in_selection_order(
            super()._read_group_orderby,
            self,
            order,
            groupby_terms,
            query,
            ("forecast_category",),
        )

    def _rate_factors(self):
        """Factor to the currency of the current company, of today, by currency id.

        The factors are those of Odoo's own conversion. Odoo counts a currency
        without any rate as 1; that is right for one currency, the base of the
        others, and would silently be wrong for any other: those get ``None``.
        """
        company = self.env.company
        target = company.currency_id
        currencies = self.env["res.company"].sudo().search(Domain.TRUE).currency_id
        currencies |= target
        rates = currencies._get_rates(company, fields.Date.context_today(self))
        rated = (
            self.env["res.currency.rate"]
            .sudo()
            ._read_group(
                [
                    ("currency_id", "in", currencies.ids),
                    ("company_id", "in", (False, company.root_id.id)),
                ],
                ["currency_id"],
            )
        )
        unrated = set(currencies.ids) - {currency.id for (currency,) in rated}
        missing = unrated - {target.id} if len(unrated) > 1 else set()
        return {
            id_: None if id_ in missing else rates[target.id] / rates[id_]
            for id_ in currencies.ids
        }

    @api.model
    def action_open_forecast(self):
        """Open the forecast, and say which amounts are not in it for want of a rate."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_forecast_report_action"
        )
        if None not in self._rate_factors().values():
            return action
        left_out = self.search_count(
            [("is_rate_missing", "=", True), ("status", "in", ("open", "won"))]
        )
        if not left_out:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Exchange rate missing"),
                "message": self.env._(
                    "%(count)s opportunities are not in the amounts, which are in "
                    "%(currency)s: their currency has no exchange rate. Enter one "
                    "for %(company)s, or list them with the filter “Without Exchange "
                    "Rate”.",
                    count=left_out,
                    currency=self.env.company.currency_id.name,
                    company=self.env.company.name,
                ),
                "next": action,
            },
        }

    def action_open_lead(self):
        """Open the opportunity of the line."""
        self.check_access("read")
        return open_lead(self)
