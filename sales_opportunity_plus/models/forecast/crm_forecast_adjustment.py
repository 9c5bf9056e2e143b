import math

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.tools import format_date, format_datetime, formatLang

from ..selections import FORECAST_CATEGORIES

#: Of these a person may say something: closed is closed, omitted is not forecast.
ADJUSTED_CATEGORIES = FORECAST_CATEGORIES[1:-1]
KINDS = [("signed", "Add or take off"), ("override", "Replace")]
REASONS = [
    ("optimism", "The salesperson is too optimistic"),
    ("caution", "The salesperson is too cautious"),
    ("deal", "A single opportunity"),
    ("timing", "Closes earlier or later"),
    ("missing", "Not in the pipeline yet"),
    ("market", "Market or season"),
    ("data", "Wrong or missing data"),
    ("other", "Other"),
]
#: No forecast is larger; an amount beyond it is a slip of the finger.
HIGHEST = 1e13
#: What names a cell: two rows that agree in all of it are said of the same figure.
CELL = (
    "company_id",
    "team_id",
    "user_id",
    "period_kind",
    "period_start",
    "forecast_category",
    "measure",
)
#: A private token: no client can send it, so no client can rewrite what was said.
SAYING = object()


class CrmForecastAdjustment(models.Model):
    """What a team leader or manager says of a figure of the forecast, and why.

    A row is never changed or deleted. To change one is to say something new that
    supersedes it; to undo one archives it, with who did it, when and why.
    """

    _name = "crm.forecast.adjustment"
    _inherit = ["crm.forecast.scope"]
    _description = "Forecast Adjustment"
    _order = "period_start desc, id desc"
    _check_company_auto = True

    kind = fields.Selection(
        KINDS,
        "What to Do",
        required=True,
        default="signed",
        help="Amounts that are added or taken off add up, whoever says them. What "
        "replaces a figure replaces all that was said of it before and what its teams "
        "and salespersons sum up to; what is added afterwards is added to it.",
    )
    forecast_category = fields.Selection(
        ADJUSTED_CATEGORIES, required=True, default="commit"
    )
    amount = fields.Monetary(
        required=True,
        help="Added to the figure, below zero: taken off; or what replaces it.",
    )
    reason_kind = fields.Selection(REASONS, "Kind of Reason", required=True)
    reason = fields.Text(required=True, help="Why you know better; others read it.")
    author_id = fields.Many2one(
        "res.users", "By", readonly=True, required=True, ondelete="restrict"
    )
    date = fields.Datetime("On", readonly=True, required=True)
    active = fields.Boolean("Counts", default=True, readonly=True)
    supersedes_id = fields.Many2one(
        "crm.forecast.adjustment",
        "Instead of",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    superseded_by_ids = fields.One2many(
        "crm.forecast.adjustment",
        "supersedes_id",
        "Superseded By",
        readonly=True,
        context={"active_test": False},
    )
    ended_by_id = fields.Many2one(
        "res.users", "Undone By", readonly=True, ondelete="restrict"
    )
    ended_at = fields.Datetime("Undone On", readonly=True)
    end_reason = fields.Text("Why Undone", readonly=True)
    state = fields.Selection(
        [("counts", "Counts"), ("superseded", "Superseded"), ("undone", "Undone")],
        compute="_compute_state",
    )
    may_change = fields.Boolean(compute="_compute_may_change")

    # Of two who replace the same figure at once, one is first and the other is told.
    _one_override = models.UniqueIndex(
        "(company_id, COALESCE(team_id, 0), COALESCE(user_id, 0), period_kind,"
        " period_start, forecast_category, measure) WHERE active AND kind = 'override'",
        "Somebody has just replaced this figure. Reload the adjustments, then change "
        "that one or undo it.",
    )
    _of_period = models.Index("(period_start, period_kind) WHERE active")

    @api.depends("active", "superseded_by_ids")
    def _compute_state(self):
        for said in self:
            superseded = "superseded" if said.superseded_by_ids else "undone"
            said.state = "counts" if said.active else superseded

    @api.depends("active", "team_id", "period_end")
    @api.depends_context("uid")
    def _compute_may_change(self):
        for said in self:
            said.may_change = (
                said.active
                and self._may_lead(said.team_id)
                and not (said.period_end and said._is_over())
            )

    @api.depends("user_id", "team_id", "company_id", "period_start", "period_kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(
            self._fields["forecast_category"]._description_selection(self.env)
        )
        for said in self:
            said.display_name = self.env._(
                "%(category)s of %(who)s, %(period)s",
                category=labels.get(said.forecast_category, ""),
                who=said._place_text() or "",
                period=said.period_text or "",
            )

    def _is_over(self):
        return self.period_end < self._here(self.company_id.sudo())

    # ------------------------------------------------------------
    # Saying
    # ------------------------------------------------------------

    def _check_access(self, operation):
        """Who leads nobody may say nothing: views do not offer it to him.

        Group rights cannot tell: leaders of teams are in the group of salespersons.
        """
        if operation == "create" and not self._leads_somebody():
            return self, self._leader_error
        return super()._check_access(operation)

    @api.model_create_multi
    def create(self, vals_list):
        """Say something: the rights of who says it are checked for each row."""
        made = self.browse()
        for vals in vals_list:
            said = self._prepare_said(vals)
            try:
                with self.env.cr.savepoint():
                    made |= super().create([said])
            except UniqueViolation as error:
                # Somebody replaced it meanwhile, which this transaction cannot see:
                # Odoo tries again, and then the message names who it was.
                raise ConcurrencyError(str(error)) from error
        return made

    def _prepare_said(self, vals):
        """Complete what is said, refuse what is wrong, end what it supersedes."""
        keeps = self.env.context.get("forecast_say") is SAYING
        vals = self._scope_values(self._only_what_is_said(vals, keeps))
        draft = self.new(vals)
        draft._refuse_wrong()
        if not keeps:
            draft._refuse_unless_leading(draft.team_id._origin, draft._place_text())
            draft._refuse_ended_period()
            vals |= {"author_id": self.env.uid, "date": fields.Datetime.now()}
            vals |= draft._base_values()
        if draft.supersedes_id:
            draft._supersede()
        if draft.kind == "override":
            draft._refuse_second_override()
        return {**vals, "amount": draft._rounded()}

    @api.model
    def _only_what_is_said(self, vals, keeps):
        """Leave out what the system writes, whatever a client sends."""
        if keeps:
            return dict(vals)
        written = {"supersedes_id"}
        return {
            name: value
            for name, value in vals.items()
            if name in written
            or name in self._fields
            and not self._fields[name].readonly
        }

    def _refuse_wrong(self):
        amount = self.amount
        if not math.isfinite(amount) or abs(amount) > HIGHEST:
            raise ValidationError(
                self.env._(
                    "%(amount)s is no amount of a forecast: enter one up to %(most)s.",
                    amount=amount,
                    most=formatLang(self.env, HIGHEST, digits=0),
                )
            )
        if self.kind == "signed" and not self._rounded():
            raise ValidationError(
                self.env._(
                    "Adding 0 to %(cell)s changes nothing: enter an amount, or choose "
                    "to replace the figure by 0.",
                    cell=self.display_name,
                )
            )
        if not (self.reason or "").strip():
            raise ValidationError(
                self.env._(
                    "The adjustment of %(cell)s needs a reason: say why you know "
                    "better, so that others can follow it.",
                    cell=self.display_name,
                )
            )

    def _rounded(self):
        if not self.currency_id:
            return round(self.amount)
        return self.currency_id.round(self.amount)

    def _refuse_ended_period(self):
        if self._is_over():
            raise UserError(
                self.env._(
                    "%(period)s ended on %(day)s: its forecast stands as it was. "
                    "Adjust a period that has not ended.",
                    period=self.period_text,
                    day=format_date(self.env, self.period_end),
                )
            )

    def _cell_domain(self):
        named = ((name, self[name]) for name in CELL)
        return [
            (name, "=", one._origin.id if hasattr(one, "_origin") else one)
            for name, one in named
        ]

    def _refuse_second_override(self):
        first = self.sudo().search(
            [*self._cell_domain(), ("kind", "=", "override")], limit=1
        )
        if first:
            raise UserError(
                self.env._(
                    "%(person)s replaced %(cell)s by %(amount)s on %(day)s: "
                    "“%(reason)s”. Change that adjustment or undo it, or add an "
                    "amount to it.",
                    person=first.author_id.name,
                    cell=first.display_name,
                    amount=first._amount_text(),
                    day=format_datetime(self.env, first.date),
                    reason=first.reason,
                )
            )

    def _amount_text(self):
        return formatLang(
            self.env,
            self.amount,
            digits=0 if not self.currency_id else None,
            currency_obj=self.currency_id or None,
        )
