from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.calibration import NEEDED
from ..engine.period import Period
from ..models.forecast import board_domain
from ..models.forecast.board_options import BoardOptions
from ..models.forecast.period_text import period_text
from ..models.selections import FORECAST_MEASURES, PERIOD_KINDS, TARGET_LEVELS
from . import target_attainment_sql
from .rate_notice import told
from .target_ratio_sql import ONCE, RATIOS, SUMS

ALL_LEADS = "sales_team.group_sale_salesman_all_leads"
#: Days from which a win rate and a sales cycle are learnt.
LEARNT_DAYS = 365
#: Targets of joiners and leavers, that count for some of their days.
_PARTIAL = Domain("date_from", "!=", False) | Domain("date_to", "!=", False)


class CrmForecastTargetReport(models.Model):
    """How targets stand: a line per target, with what it takes to reach it.

    What a salesperson wins is in the lines of his team and company, and in those of
    the month, quarter and year: over several of these a number stays empty. Amounts
    are in the currency of the current company, by its rate policy.
    """

    _name = "crm.forecast.target.report"
    _inherit = ["crm.grouped.report"]
    _description = "Attainment of Targets"
    _auto = False
    _order = "period_end, period_start desc, company_id, scope, team_id, user_id, id"
    _rec_name = "target_id"
    _depends = {
        "crm.forecast.target": ["active", "company_id", "currency_id", "level"]
        + ["amount", "date_from", "date_to", "measure", "period_end", "period_kind"]
        + ["period_start", "team_id", "user_id"],
        "crm.lead": ["active", "company_id", "date_closed", "date_deadline"]
        + ["expected_revenue", "forecast_category_override", "partner_id"]
        + ["forecast_history_probability", "forecast_manual_probability"]
        + ["forecast_manual_until", "forecast_manual_user_id", "probability"]
        + ["recurring_revenue_monthly", "stage_id", "team_id", "type", "user_id"]
        + ["won_status"],
        "crm.stage": ["forecast_category", "forecast_probability"],
        "crm.team": ["company_id"],
        "res.company": ["currency_id", "partner_id"],
        "res.partner": ["commercial_partner_id", "tz"],
        "res.users": ["company_id"],
    }
    _in_selection_order = ("level", "period_kind")
    _ratios = RATIOS
    _once = ONCE
    _sums = SUMS

    target_id = fields.Many2one("crm.forecast.target", "Target", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    level = fields.Selection(TARGET_LEVELS, "Whose", readonly=True)
    scope = fields.Integer(readonly=True, aggregator=None)
    period_kind = fields.Selection(PERIOD_KINDS, "Kind of Period", readonly=True)
    period_start = fields.Date("First Day", readonly=True)
    period_end = fields.Date("Last Day", readonly=True)
    period_name = fields.Char("Period", compute="_compute_period_name")
    is_over = fields.Boolean("Ended", readonly=True)
    measure = fields.Selection(FORECAST_MEASURES, readonly=True)
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)
    is_rate_missing = fields.Boolean("Without Exchange Rate", readonly=True)
    is_partial = fields.Boolean(
        "Only What You See",
        readonly=True,
        help="You do not read all opportunities that count for this target: the "
        "figures are of those that you do.",
    )
    target_amount = fields.Monetary(
        "Target to Reach",
        readonly=True,
        help="For somebody who joined or left in the period: for the days that count.",
    )
    attained = fields.Monetary(readonly=True, help="Won in the period.")
    attainment = fields.Float(
        "Attainment (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Attained ÷ target. Empty where the target is zero.",
    )
    gap = fields.Monetary(
        readonly=True, help="Target less attained; below zero: more than the target."
    )
    open_amount = fields.Monetary(
        "Open Pipeline",
        readonly=True,
        help="Open opportunities expected to close in the period, without those that "
        "are omitted from the forecast. What is overdue counts in the current period.",
    )
    weighted_amount = fields.Monetary(
        "Weighted Pipeline",
        readonly=True,
        help="Open pipeline × the probability that counts.",
    )
    coverage = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Open pipeline of the period ÷ gap: how often the gap could be filled. "
        "Empty where nothing is missing or the period has ended.",
    )
    win_rate = fields.Float(
        "Win Rate (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Won ÷ closed opportunities of the last year. Of several lines: their "
        "gaps ÷ the pipeline that they need.",
    )
    rate_of = fields.Selection(
        [
            ("own", "Its own"),
            ("company", "The company's"),
            ("none", "Not enough data"),
        ],
        "Win Rate Of",
        readonly=True,
        help="Its own where 50 opportunities closed in the last year, else that of the "
        "whole company where 50 did.",
    )
    closed_count = fields.Integer(
        "Learnt From",
        readonly=True,
        aggregator=None,
        help="Opportunities closed in the last year: what the win rate and the sales "
        "cycle are of.",
    )
    cycle_days = fields.Integer(
        "Sales Cycle (Days)",
        readonly=True,
        aggregator=None,
        help="Median days from creation to won, of what was won in the last year.",
    )
    pipeline_needed = fields.Monetary(
        readonly=True,
        help="Gap ÷ win rate, rounded up: so much open pipeline it takes to fill the "
        "gap. Empty without enough data and where the period has ended.",
    )
    needed_by = fields.Date(
        "Pipeline Needed By",
        readonly=True,
        help="End of the period less the sales cycle: what is found later will "
        "rather be won after the period.",
    )
    is_late = fields.Boolean(
        "Too Late for New Pipeline",
        readonly=True,
        help="There is less open pipeline than is needed, and by the sales cycle what "
        "is found now will rather be won after the period.",
    )

    @property
    def _table_query(self):
        partial = SQL("FALSE")
        if not (self.env.su or self.env.user.has_group(ALL_LEADS)):
            partial = SQL("line.user_id IS DISTINCT FROM %s", self.env.uid)
        # Archived targets do not count, also where somebody looks at archived records.
        targets = self.env["crm.forecast.target"].with_context(active_test=True)
        return target_attainment_sql.lines(
            self.env,
            targets._search(Domain.TRUE).subselect(),
            [(one.id, one.effective_amount) for one in targets.search(_PARTIAL)],
            self._factors(),
            enough=NEEDED,
            since=self.env.cr.now() - timedelta(days=LEARNT_DAYS),
            is_partial=partial,
        )

    @api.model
    def _factors(self):
        entered = (
            self.env["crm.forecast.target"]
            .sudo()
            ._read_group([("currency_id", "!=", False)], ["currency_id"])
        )
        currencies = self.env["res.currency"].concat(*(one for (one,) in entered))
        return self.env["crm.forecast.rate"]._factors(currencies)

    @api.depends("period_kind", "period_start", "period_end", "company_id")
    @api.depends_context("lang")
    def _compute_period_name(self):
        for line in self:
            line.period_name = period_text(
                self.env,
                line.period_kind,
                line.period_start,
                line.period_end,
                int(line.company_id.sudo().forecast_first_month or 1),
            )

    # ------------------------------------------------------------
    # Looking closer
    # ------------------------------------------------------------

    def action_open_deals(self):
        """The open opportunities that count for the target."""
        self.check_access("read")
        return self._deals("weighted", self.env._("Open"))

    def action_won_deals(self):
        """The opportunities that were won for the target."""
        self.check_access("read")
        return self._deals("closed", self.env._("Won"))

    def _deals(self, name, label):
        self.ensure_one()
        here = self.with_company(self.company_id)
        env = here.with_context(allowed_company_ids=self.company_id.ids).env
        today, _began = env["crm.pipeline.day"]._here(self.company_id)
        scope = Domain.TRUE
        for field in ("team_id", "user_id"):
            if self[field]:
                scope &= Domain(field, "=", self[field].id)
        period = Period(self.period_start, self.period_end, self.period_kind)
        asked = BoardOptions(period, today, self.measure, scope)
        domain = board_domain.deals_domain(env, asked, name, is_cumulative=False)
        if self.measure == "new_business":
            domain = board_domain.new_business(env, domain)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_forecast_board_action_deals"
        )
        title = f"{label}: {self.target_id.display_name}"
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": list(domain),
        }

    @api.model
    def action_open_attainment(self):
        """Open the report, and say which amounts are missing for want of a rate."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_forecast_target_report_action"
        )
        if None not in self._factors().values():
            return action
        return told(
            self.env, action, self.search_count([("is_rate_missing", "=", True)])
        )
