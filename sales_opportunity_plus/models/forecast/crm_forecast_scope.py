from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...engine.period import period_of
from ..selections import FORECAST_MEASURES, PERIOD_KINDS

_MANAGER = "sales_team.group_sale_manager"


class CrmForecastScope(models.AbstractModel):
    """Whose forecast, of which period and of what: shared by what people say of it."""

    _name = "crm.forecast.scope"
    _description = "Scope of a Forecast"

    company_id = fields.Many2one(
        "res.company",
        "Company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", check_company=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index=True,
        ondelete="restrict",
    )
    period_kind = fields.Selection(
        PERIOD_KINDS,
        "Period",
        required=True,
        default=lambda self: self.env.company.forecast_call_period or "month",
    )
    period_start = fields.Date(
        "A Day in the Period",
        required=True,
        default=lambda self: self._here(self.env.company),
        help="Any day of the period; its first day is kept.",
    )
    period_end = fields.Date("Last Day", readonly=True)
    measure = fields.Selection(FORECAST_MEASURES, required=True, default="revenue")
    currency_id = fields.Many2one(
        "res.currency", "Currency", readonly=True, ondelete="restrict"
    )
    period_text = fields.Char("Period in Words", compute="_compute_period_text")

    @api.depends("period_kind", "period_start", "company_id")
    @api.depends_context("lang")
    def _compute_period_text(self):
        for one in self:
            one.period_text = False
            if one.period_kind and one.period_start and one.company_id:
                one.period_text = one._period_text()

    def _period_text(self):
        period = self._period()
        if self.period_kind == "month":
            return format_date(self.env, period.start, date_format="MMMM yyyy")
        if self.period_kind == "week":
            year, week, _day = period.start.isocalendar()
            return self.env._("Week %(week)s of %(year)s", week=week, year=year)
        short = "MMM yyyy"
        return self.env._(
            "%(first)s – %(last)s",
            first=format_date(self.env, period.start, date_format=short),
            last=format_date(self.env, period.end, date_format=short),
        )

    def _place_text(self):
        """Whose forecast it is, in a word."""
        one = self.sudo()
        return one.user_id.name or one.team_id.name or one.company_id.name

    @api.model
    def _here(self, company):
        """The day that it is at the company."""
        return self.env["crm.pipeline.day"]._here(company)[0]

    def _period(self):
        """``engine.period.Period``; a kept one stays, also if the fiscal year moves."""
        self.ensure_one()
        if self.period_end:
            kind = self.period_kind
            return type(period_of(self.period_start, kind))(
                self.period_start, self.period_end, kind
            )
        return self.company_id._forecast_period(self.period_kind, self.period_start)

    @api.model
    def _period_domain(self, period, companies, measure):
        """A domain: about a period of some companies.

        :param period: ``engine.period.Period``
        """
        return [
            ("company_id", "in", companies.ids),
            ("period_kind", "=", period.kind),
            ("period_start", "=", period.start),
            ("period_end", "=", period.end),
            ("measure", "=", measure),
        ]

    @api.model
    def _scope_values(self, vals):
        """Values with the whole period, the team and the currency of the scope."""
        vals = {**self._scope_defaults(vals), **vals}
        company = self.env["res.company"].browse(vals["company_id"])
        try:
            day = fields.Date.to_date(vals["period_start"])
            period = company.sudo()._forecast_period(vals["period_kind"], day)
        except (ValueError, AttributeError, TypeError) as error:
            raise UserError(
                self.env._(
                    "“%(kind)s” from “%(day)s” is no period: choose a week, month, "
                    "quarter or year and a day in it.",
                    kind=vals["period_kind"],
                    day=vals["period_start"],
                )
            ) from error
        is_money = vals["measure"] != "count"
        return {
            **vals,
            "period_start": period.start,
            "period_end": period.end,
            "currency_id": is_money and company.sudo().currency_id.id,
        }

    @api.model
    def _scope_defaults(self, vals):
        names = {"company_id", "period_kind", "period_start", "measure"}
        defaults = self.default_get(list(names - vals.keys()))
        if vals.get("user_id") and not vals.get("team_id") and "team_id" not in vals:
            user = self.env["res.users"].browse(vals["user_id"]).sudo()
            company_id = vals.get("company_id") or defaults.get("company_id")
            defaults["team_id"] = self._team_of(user, company_id).id
        return defaults

    @api.model
    def _team_of(self, user, company_id):
        """The first team of a salesperson that works for the company."""
        return user.sudo().crm_team_ids.filtered(
            lambda team: team.company_id.id in (False, company_id)
        )[:1]

    @api.onchange("user_id")
    def _onchange_user_id(self):
        """The team of a salesperson who is chosen; a given one stays.

        A row of the board is of a team and somebody with opportunities in it, who may
        be a member of another one.
        """
        asked = self.env.context.get("default_user_id")
        is_given = self.team_id and asked == self.user_id.id
        if self.user_id and not is_given:
            self.team_id = self._team_of(self.user_id, self.company_id.id)

    # ------------------------------------------------------------
    # Who may speak for whom
    # ------------------------------------------------------------

    @api.model
    def _may_lead(self, team):
        """Whether the user speaks for a team: its leader, or a sales manager."""
        if self.env.user.has_group(_MANAGER):
            return True
        return bool(team) and team.sudo().user_id == self.env.user

    @api.model
    def _leads_somebody(self):
        """Whether there is any team that the user speaks for."""
        teams = self.env["crm.team"].sudo()
        return self._may_lead(teams.search([("user_id", "=", self.env.uid)], limit=1))

    @api.model
    def _leader_error(self):
        return AccessError(
            self.env._(
                "The leaders of sales teams and sales managers adjust the forecast. "
                "Ask one of them."
            )
        )

    @api.model
    def _refuse_unless_leading(self, team, what):
        """:param what: whose forecast it is, for the message"""
        if not self._may_lead(team):
            raise AccessError(
                self.env._(
                    "The forecast of %(what)s is for the leader of the sales team and "
                    "for sales managers to judge. Ask one of them.",
                    what=what,
                )
            )
