from datetime import date

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, OrderedSet
from odoo.tools.date_utils import parse_date

from ..models.selections import FORECAST_CATEGORIES, LEAD_TYPES, STATUSES
from .currency_sql import rate_factors, rates_table
from .report_sql import readable_deals

_LINES = """
    SELECT h.id, h.lead_id AS lead_number, lead.id AS lead_id, h.lead_type,
           stage.id AS stage_id, team.id AS team_id, owner.id AS user_id, h.company_id,
           h.status, h.forecast_category, h.probability, h.date_deadline,
           date_trunc('month', CASE WHEN h.status = 'won' THEN
               COALESCE(h.date_closed, h.date_deadline) ELSE h.date_deadline END)::date
               AS date_month,
           h.date_closed, h.valid_from, h.valid_to, h.is_reconstructed,
           %(currency_id)s AS currency_id, rate.factor IS NULL AS is_rate_missing,
           ROUND(h.amount * rate.factor, %(digits)s) AS amount,
           ROUND(h.recurring_amount * rate.factor, %(digits)s) AS recurring_amount,
           ROUND(h.amount * rate.factor * counts.share, %(digits)s) AS weighted_amount,
           ROUND(h.amount * past.factor, %(digits)s) AS amount_then,
           ROUND(h.recurring_amount * past.factor, %(digits)s)
               AS recurring_amount_then,
           ROUND(h.amount * past.factor * counts.share, %(digits)s)
               AS weighted_amount_then
      FROM crm_pipeline_history h
     CROSS JOIN LATERAL (SELECT CASE WHEN h.forecast_category = 'omitted' THEN 0
                                     ELSE h.probability END::numeric / 100 AS share
           ) counts
      LEFT JOIN crm_lead lead ON lead.id = h.lead_id
      LEFT JOIN crm_stage stage ON stage.id = h.stage_id
      LEFT JOIN crm_team team ON team.id = h.team_id
      LEFT JOIN res_users owner ON owner.id = h.user_id
      LEFT JOIN %(rates)s ON rate.currency_id = h.currency_id
      LEFT JOIN (SELECT * FROM %(rates_then)s) past
        ON past.currency_id = h.currency_id
     WHERE %(readable)s
"""


#: The one day that is searched, for the table that is built on the way.
_DAY = "pipeline_as_of_day"
_THEN = (
    "At the exchange rate of the day of “As of”; of today when not exactly one day is "
    "searched."
)


class CrmPipelineHistoryReport(models.Model):
    """The pipeline as it was: search *As of* a day, or see what changed when.

    Amounts are in the currency of the current company: restated at the rate of today,
    so that days can be compared, and, as they were, at the rate of the day that is
    searched. The waterfall shows what exchange rates changed.
    """

    _name = "crm.pipeline.history.report"
    _inherit = ["crm.lead.report"]
    _description = "Pipeline as of a Day"
    _auto = False
    _in_selection_order = ("forecast_category", "status")
    _order = "valid_from desc, id desc"
    _rec_name = "lead_id"
    _depends = {"crm.lead": ["active", "user_id", "team_id", "company_id"]}

    as_of = fields.Date(
        "As of",
        store=False,
        compute="_compute_as_of",
        search="_search_as_of",
        help="The end of a day of the opportunity's company.",
    )
    lead_number = fields.Integer("Opportunity ID", readonly=True, aggregator=None)
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", readonly=True, help="Empty when it was deleted."
    )
    lead_type = fields.Selection(LEAD_TYPES, "Type", readonly=True)
    stage_id = fields.Many2one("crm.stage", "Stage", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    forecast_category = fields.Selection(FORECAST_CATEGORIES, readonly=True)
    probability = fields.Float(readonly=True, aggregator="avg", help="Percent.")
    date_deadline = fields.Date("Expected Closing", readonly=True)
    date_month = fields.Date(
        "Forecast Month",
        readonly=True,
        help="Of the expected closing; of won opportunities the month of closing.",
    )
    date_closed = fields.Date("Closed On", readonly=True)
    valid_from = fields.Date("Since", readonly=True)
    valid_to = fields.Date("Until", readonly=True, help="Empty: it is still so.")
    is_reconstructed = fields.Boolean(
        "Reconstructed",
        readonly=True,
        help="Rebuilt at installation, as far as Odoo had tracked it.",
    )
    is_rate_missing = fields.Boolean("Without Exchange Rate", readonly=True)
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)
    amount = fields.Monetary("Expected Revenue", readonly=True)
    recurring_amount = fields.Monetary("Expected MRR", readonly=True)
    weighted_amount = fields.Monetary(readonly=True)
    amount_then = fields.Monetary(
        "Expected Revenue, As It Was", readonly=True, help=_THEN
    )
    recurring_amount_then = fields.Monetary(
        "Expected MRR, As It Was", readonly=True, help=_THEN
    )
    weighted_amount_then = fields.Monetary(
        "Weighted Amount, As It Was", readonly=True, help=_THEN
    )

    @property
    def _table_query(self):
        target = self.env.company.currency_id
        return SQL(
            _LINES,
            currency_id=target.id,
            digits=target.decimal_places,
            rates=rates_table(rate_factors(self.env)),
            rates_then=rates_table(self._rates_then()),
            readable=readable_deals(self.env, "h"),
        )

    def _rates_then(self):
        """The factors of the day that is searched."""
        day = self.env.context.get(_DAY)
        # No RPC client can send a date: what is none does not come from us.
        return rate_factors(self.env, day=day if isinstance(day, date) else None)

    def _search(self, domain, *args, **kwargs):
        # The table depends on the day, so it has to be known before the table is.
        days = {
            day
            for condition in Domain(domain).iter_conditions()
            if condition.field_expr == "as_of" and condition.operator in ("=", "in")
            for day in self._days(condition.value)
        }
        report = self
        if len(days) == 1:
            report = self.with_context(**{_DAY: days.pop()})
        return super(CrmPipelineHistoryReport, report)._search(domain, *args, **kwargs)

    def _days(self, asked):
        """The days of a condition, which may be as words: ``today -7d``."""
        many = isinstance(asked, (list, tuple, set, frozenset, OrderedSet))
        for day in asked if many else [asked]:
            if day:
                found = parse_date(day, self.env) if isinstance(day, str) else day
                yield fields.Date.to_date(found)

    def _compute_as_of(self):
        self.as_of = False

    def _search_as_of(self, operator, value):
        """The rows that are valid on one of the days."""
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain("valid_from", "<=", day)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">", day))
            for day in value
            if day
        )
