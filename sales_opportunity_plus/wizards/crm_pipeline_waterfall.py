from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..models.selections import FORECAST_CATEGORIES
from ..report.currency_sql import rate_factors

MEASURES = [
    ("amount", "Expected revenue"),
    ("weighted", "Weighted amount"),
    ("recurring", "Expected MRR"),
    ("recurring_weighted", "Weighted MRR"),
]
SPLITS = [
    ("none", "Not split"),
    ("company", "By company"),
    ("team", "By sales team"),
    ("person", "By salesperson"),
    ("category", "By forecast category"),
    ("month", "By month of expected closing"),
]


class CrmPipelineWaterfall(models.TransientModel):
    """What happened to the pipeline between two days: see ``engine.waterfall``."""

    _name = "crm.pipeline.waterfall"
    _inherit = ["crm.pipeline.waterfall.days", "crm.pipeline.waterfall.result"]
    _description = "Pipeline Waterfall"

    company_ids = fields.Many2many("res.company", string="Companies")
    team_ids = fields.Many2many("crm.team", string="Sales Teams")
    user_ids = fields.Many2many("res.users", string="Salespersons")
    category = fields.Selection(FORECAST_CATEGORIES[:-1], "Forecast Category")
    period_from = fields.Date(
        "Expected Closing From",
        help="With a period, moving the expected closing in or out is seen.",
    )
    period_to = fields.Date("Expected Closing To")
    split = fields.Selection(
        SPLITS,
        "Rows",
        required=True,
        default="none",
        help="Each row is a waterfall of its own: what moves between rows is seen.",
    )
    measure = fields.Selection(MEASURES, required=True, default="amount")
    is_rate_of_day = fields.Boolean(
        "Exchange Rate of Each Day",
        default=True,
        help="Otherwise both days are converted at the rate of the second one, and "
        "exchange rates change nothing.",
    )
    run_company_ids = fields.Json(
        readonly=True, help="The companies that were switched on, the main one first."
    )

    @api.depends("date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for waterfall in self:
            waterfall.display_name = self.env._(
                "Pipeline %(before)s – %(after)s",
                before=format_date(self.env, waterfall.date_from),
                after=format_date(self.env, waterfall.date_to),
            )

    def action_run(self):
        """Show the waterfall of the companies that are switched on."""
        self.ensure_one()
        self.check_access("write")
        self._take_days_of_calls()
        self._check_days()
        self.run_company_ids = self.env.companies.ids
        return self._result_action()

    def _check_days(self):
        for before, after in (
            (self.date_from, self.date_to),
            (self.period_from, self.period_to),
        ):
            if before and after and before > after:
                raise UserError(
                    self.env._(
                        "%(before)s is after %(after)s: exchange the two days.",
                        before=before,
                        after=after,
                    )
                )
        if self.date_from == self.date_to:
            raise UserError(
                self.env._(
                    "Nothing happens between %(day)s and %(day)s: choose an earlier "
                    "first day.",
                    day=self.date_from,
                )
            )

    def _scope(self):
        """What ``waterfall_sql`` wants to know."""
        after = self._rates(self.date_to)
        return {
            "before": self.date_from,
            "after": self.date_to,
            "company_ids": self.company_ids.ids,
            "team_ids": self.team_ids.ids,
            "user_ids": self.user_ids.ids,
            "categories": [self.category] if self.category else [],
            "first": self.period_from,
            "last": self.period_to,
            "split": self.split,
            "amount": "recurring_amount" if "recurring" in self.measure else "amount",
            "is_weighted": "weighted" in self.measure,
            "digits": self.env.company.currency_id.decimal_places,
            "rates_before": self._rates(self.date_from)
            if self.is_rate_of_day
            else after,
            "rates_after": after,
        }

    @api.model
    def _rates(self, day):
        # A company may have had another currency once.
        currencies = self.env["res.currency"].sudo().search(Domain.TRUE)
        return rate_factors(self.env, currencies, day)
