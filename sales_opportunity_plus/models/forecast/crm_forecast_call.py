import math

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tools import format_date, formatLang

from .crm_forecast_adjustment import HIGHEST

#: What whoever submits may say; the rest is what stands in the opportunities.
SCOPE = ("company_id", "team_id", "user_id", "period_kind", "period_start", "measure")
SAID = ("amount", "commit", "best_case", "comment")
FIGURES = ("closed", "commit", "best_case", "weighted", "amount")
#: A private token: no client can send it, so no client can write a call.
SUBMITTING = object()


class CrmForecastCall(models.Model):
    """What a salesperson or a team leader says a period will bring, submitted weekly.

    Frozen: the figures and the opportunities behind them stay as they stood. A
    correction is another call; on the same day it supersedes the one before it.
    """

    _name = "crm.forecast.call"
    _inherit = ["crm.forecast.scope", "crm.append.only"]
    _description = "Forecast Call"
    _order = "day desc, id desc"

    day = fields.Date("Submitted On", required=True, readonly=True)
    author_id = fields.Many2one(
        "res.users", "Submitted By", required=True, readonly=True, ondelete="restrict"
    )
    submitted_at = fields.Datetime("Time", required=True, readonly=True)
    amount = fields.Monetary(
        "Call", readonly=True, help="What the period will bring, by whoever submits."
    )
    commit = fields.Monetary(
        readonly=True, help="What is sure: closed and commit, as submitted."
    )
    best_case = fields.Monetary(
        readonly=True,
        help="What may come if all goes well: closed, commit, most likely and best "
        "case, as submitted.",
    )
    commit_figure = fields.Monetary(
        "Commit of the Opportunities", readonly=True, aggregator=None
    )
    best_case_figure = fields.Monetary(
        "Best Case of the Opportunities", readonly=True, aggregator=None
    )
    closed = fields.Monetary(readonly=True, help="Won in the period until then.")
    weighted = fields.Monetary(
        readonly=True,
        help="Closed, and what is open × the probability that counts.",
    )
    projection = fields.Monetary(
        readonly=True,
        help="Closed, what open opportunities will bring in the period by the stage "
        "clock, and new ones by the run-rate.",
    )
    is_projected = fields.Boolean(readonly=True)
    deals = fields.Integer("Opportunities", readonly=True)
    rate_missing = fields.Integer(
        "Without Exchange Rate",
        readonly=True,
        help="Opportunities that are not in the figures for want of an exchange rate.",
    )
    comment = fields.Text(readonly=True)
    previous_id = fields.Many2one(
        "crm.forecast.call",
        "Call Before",
        readonly=True,
        ondelete="restrict",
        help="The last one of an earlier day, with which it is compared.",
    )
    supersedes_id = fields.Many2one(
        "crm.forecast.call",
        "Instead of",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    superseded_by_ids = fields.One2many(
        "crm.forecast.call", "supersedes_id", "Superseded By", readonly=True
    )
    closed_change = fields.Monetary(compute="_compute_changes")
    commit_change = fields.Monetary(compute="_compute_changes")
    best_case_change = fields.Monetary(compute="_compute_changes")
    weighted_change = fields.Monetary(compute="_compute_changes")
    amount_change = fields.Monetary("Call Change", compute="_compute_changes")

    # Of two that are submitted at once, one supersedes the other.
    _one_first = models.UniqueIndex(
        "(company_id, COALESCE(team_id, 0), COALESCE(user_id, 0), period_kind,"
        " period_start, measure, day, COALESCE(supersedes_id, 0))",
        "A call of the same day has just been submitted. Submit yours again.",
    )

    @api.depends("previous_id")
    def _compute_changes(self):
        for call in self:
            before = call.sudo().previous_id
            for name in FIGURES:
                call[f"{name}_change"] = before and call[name] - before[name]

    @api.depends("user_id", "team_id", "company_id", "day", "period_start")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for call in self:
            call.display_name = self.env._(
                "%(who)s, %(period)s, on %(day)s",
                who=call._place_text() or "",
                period=call.period_text or "",
                day=format_date(self.env, call.day) if call.day else "",
            )

    def _append_only_text(self):
        return self.env["crm.forecast.call.deal"]._append_only_text()

    def _refuse_change(self):
        if self.env.context.get("forecast_call") is SUBMITTING:
            return None
        return super()._refuse_change()

    # ------------------------------------------------------------
    # Submitting
    # ------------------------------------------------------------

    @api.model
    def action_submit(self, values=None):
        """Submit a forecast call, for oneself unless ``values`` say otherwise.

        ``values`` may have ``user_id`` (False: the whole team), ``team_id``,
        ``company_id``, ``period_kind``, ``period_start`` (any day of the period),
        ``measure``, ``amount``, ``commit``, ``best_case``, ``comment``. What is not
        given is as the opportunities say.
        """
        self.check_access("read")
        scope, said = self._scope_and_said(dict(values or {}))
        place = self.new(scope)
        place._refuse_unless_speaking()
        figures, deals = place._figures()
        vals = self._call_values(scope, said, figures)
        place._refuse_wrong(vals)
        vals |= place._calls_before(vals["day"])
        writer = self.sudo().with_context(forecast_call=SUBMITTING)
        try:
            with self.env.cr.savepoint():
                call = writer.create([vals])
        except UniqueViolation as error:
            # Another one was submitted meanwhile, which this transaction cannot see:
            # Odoo tries again, and then it is superseded.
            raise ConcurrencyError(str(error)) from error
        call._keep_deals(deals)
        call._submitted()
        return call.with_env(self.env)._get_records_action(name=self.env._("Call"))

    @api.model
    def _scope_and_said(self, values):
        if unknown := values.keys() - {*SCOPE, *SAID}:
            raise UserError(
                self.env._(
                    "A forecast call has no “%(name)s”. It has: %(names)s.",
                    name=min(unknown),
                    names=", ".join((*SCOPE, *SAID)),
                )
            )
        scope = {name: values[name] for name in SCOPE if name in values}
        if "user_id" not in scope:
            scope["user_id"] = self.env.uid
        scope = self._scope_values(scope)
        return scope, {name: values[name] for name in SAID if name in values}

    def _call_values(self, scope, said, figures):
        company = self.env["res.company"].browse(scope["company_id"])
        as_said = {name: said.get(name) for name in ("commit", "best_case")}
        given = {name: one for name, one in as_said.items() if one is not None}
        commit = given.get("commit", figures["commit"])
        amount = said.get("amount")
        return {
            **scope,
            **figures,
            **given,
            "commit_figure": figures["commit"],
            "best_case_figure": figures["best_case"],
            "amount": commit if amount is None else amount,
            "comment": (said.get("comment") or "").strip() or False,
            "day": self._here(company),
            "author_id": self.env.uid,
            "submitted_at": fields.Datetime.now(),
        }

    def _refuse_wrong(self, vals):
        for name in ("amount", "commit", "best_case"):
            value = vals[name]
            if (
                isinstance(value, bool)
                or not isinstance(value, int | float)
                or not math.isfinite(value)
                or abs(value) > HIGHEST
            ):
                raise ValidationError(
                    self.env._(
                        "%(field)s: %(value)s is no amount of a forecast. Enter one up "
                        "to %(most)s.",
                        field=self._fields[name]._description_string(self.env),
                        value=value,
                        most=formatLang(self.env, HIGHEST, digits=0),
                    )
                )
        if vals["day"] > vals["period_end"]:
            raise UserError(
                self.env._(
                    "%(period)s ended on %(day)s. Submit a call for a period that has "
                    "not ended.",
                    period=self.period_text,
                    day=format_date(self.env, vals["period_end"]),
                )
            )

    def _refuse_unless_speaking(self):
        """Everybody for himself, leaders for their team, sales managers for all."""
        user, team = self.user_id._origin.sudo(), self.team_id._origin.sudo()
        company = self.company_id._origin
        if company not in self.env.companies:
            raise AccessError(
                self.env._(
                    "You do not work for %(company)s: switch to that company, or ask "
                    "somebody who does.",
                    company=company.sudo().name,
                )
            )
        if user == self.env.user and (not team or team in user.crm_team_ids):
            return
        self._refuse_unless_leading(team, self._place_text())
        if user and team not in user.crm_team_ids and not self._may_lead(team.browse()):
            raise AccessError(
                self.env._(
                    "%(user)s is not in the sales team %(team)s. Submit calls for its "
                    "members.",
                    user=user.name,
                    team=team.name,
                )
            )
