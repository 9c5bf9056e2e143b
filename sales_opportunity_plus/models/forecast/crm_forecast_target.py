import math
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.period import period_of
from ..selections import FORECAST_MEASURES, PERIOD_KINDS, TARGET_LEVELS
from .period_text import period_text

#: What a target is a target of: whoever wants another one enters another one.
SCOPE = (
    "company_id",
    "team_id",
    "user_id",
    "period_kind",
    "period_start",
    "period_end",
    "measure",
)
#: A change of these is kept as a version.
VERSIONED = {"amount", "date_from", "date_to", "active", "note"}
LARGEST = 1e15


class CrmForecastTarget(models.Model):
    """What a company, a team or a person is to win in a period.

    It keeps its own dates: they stay when the fiscal year of the company changes.
    """

    _name = "crm.forecast.target"
    _description = "Forecast Target"
    _order = "period_start desc, period_end, company_id, team_id, user_id, measure, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        "Company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Without a team the target is the person's in all teams, or the whole "
        "company's.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        domain=[("share", "=", False)],
        help="Without a person the target is the whole team's. It is apart from the "
        "sum of its members' targets.",
    )
    level = fields.Selection(
        TARGET_LEVELS, compute="_compute_level", store=True, precompute=True
    )
    period_kind = fields.Selection(
        PERIOD_KINDS, "Period", required=True, default="quarter"
    )
    period_start = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help="Any day of the period: it is set to the first one, by the fiscal year "
        "of the company.",
    )
    period_end = fields.Date("To", required=True, readonly=True)
    period_name = fields.Char("Of", compute="_compute_period_name")
    is_off_calendar = fields.Boolean(
        "Fits No Period",
        compute="_compute_is_off_calendar",
        search="_search_is_off_calendar",
        help="The fiscal year began in another month when the target was entered. It "
        "counts by days in the periods that it overlaps.",
    )
    measure = fields.Selection(FORECAST_MEASURES, required=True, default="revenue")
    amount = fields.Monetary(
        "Target",
        required=True,
        help="For the whole period. A change makes a new version; the old one stays "
        "in the history.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        "Currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        help="The company's when the target was entered; none where deals are counted.",
    )
    date_from = fields.Date(
        "Counts From",
        help="Day on which the person joined, if it is in the period: the target "
        "counts by the days from then on.",
    )
    date_to = fields.Date(
        "Counts Until",
        help="Last day of the person, if it is in the period: the target counts by "
        "the days until then.",
    )
    effective_amount = fields.Monetary(
        "That Counts",
        compute="_compute_effective_amount",
        help="The target's share for the days that count: as its parts were split, "
        "by season say, where there are targets of all its months or quarters; else "
        "by days.",
    )
    note = fields.Char(help="Why the target is what it is, or why it was changed.")
    active = fields.Boolean(
        default=True, help="Archive a target that is not to count; it is never deleted."
    )
    version_ids = fields.One2many(
        "crm.forecast.target.version", "target_id", "History", readonly=True
    )

    _one_per_scope = models.UniqueIndex(
        "(company_id, COALESCE(team_id, 0), COALESCE(user_id, 0), period_start,"
        " period_end, measure) WHERE active",
        "There is a target for this company, team, salesperson, period and measure "
        "already: change its amount, its history is kept.",
    )
    _amount_is_an_amount = models.Constraint(
        "CHECK (amount >= 0 AND amount < 'Infinity'::numeric)",
        "A target is an amount of zero or more.",
    )
    _overlapping = models.Index("(measure, period_end, period_start) WHERE active")

    # ------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------

    @api.depends("team_id", "user_id")
    def _compute_level(self):
        for target in self:
            team = "team" if target.team_id else "company"
            target.level = "person" if target.user_id else team

    @api.depends("company_id", "measure")
    def _compute_currency_id(self):
        # Not of company_id.currency_id: an amount that was entered keeps its currency.
        for target in self:
            is_money = target.measure != "count"
            target.currency_id = target.company_id.currency_id if is_money else False

    @api.depends("period_kind", "period_start", "period_end", "company_id")
    def _compute_period_name(self):
        for target in self:
            target.period_name = period_text(
                self.env,
                target.period_kind,
                target.period_start,
                target.period_end,
                int(target.company_id.sudo().forecast_first_month or 1),
            )

    @api.depends("company_id.forecast_first_month", "period_kind", "period_start")
    def _compute_is_off_calendar(self):
        for target in self:
            first_month = int(target.company_id.sudo().forecast_first_month or 1)
            target.is_off_calendar = target.period_start and not _fits(
                target.period_kind, target.period_start, target.period_end, first_month
            )

    @api.model
    def _search_is_off_calendar(self, operator, value):
        if operator != "in":
            return NotImplemented
        periods = self.with_context(active_test=False)._read_group(
            [], ["company_id", "period_kind", "period_start:day", "period_end:day"]
        )
        wrong = [
            (company.id, start, end)
            for company, kind, start, end in periods
            if not _fits(kind, start, end, int(company.sudo().forecast_first_month))
        ]
        found = self.with_context(active_test=False).search(
            [
                ("company_id", "in", [company_id for company_id, *_days in wrong]),
                ("period_start", "in", [start for _id, start, _end in wrong]),
            ]
        )
        return [("id", "in", found.filtered("is_off_calendar").ids)]

    @api.depends(
        "amount", "date_from", "date_to", "period_start", "period_end", "currency_id"
    )
    def _compute_effective_amount(self):
        scopes = self._scopes()
        for target in self:
            units = target._effective_units(scopes)
            target.effective_amount = units * target._rounding()

    @api.depends("period_name", "user_id", "team_id", "company_id", "measure")
    def _compute_display_name(self):
        measures = dict(self._fields["measure"]._description_selection(self.env))
        for target in self:
            who = target.user_id or target.team_id or target.company_id
            parts = [who.display_name, target.period_name, measures.get(target.measure)]
            target.display_name = ", ".join(filter(None, parts))

    # ------------------------------------------------------------
    # Entering
    # ------------------------------------------------------------

    @api.onchange("period_kind", "period_start", "company_id")
    def _onchange_period(self):
        if self.period_kind and self.period_start and not self._origin:
            period = self.company_id._forecast_period(
                self.period_kind, self.period_start
            )
            self.period_start, self.period_end = period.start, period.end

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create([self._with_period(vals) for vals in vals_list])
        self.env["crm.forecast.target.version"]._keep(targets)
        return targets

    def write(self, vals):
        self._check_same_scope(vals)
        self._check_number(vals)
        vals = {name: vals[name] for name in vals if name not in SCOPE}
        result = super().write(vals)
        if vals.keys() & VERSIONED:
            self.env["crm.forecast.target.version"]._keep(self)
        return result

    @api.model
    def _with_period(self, vals):
        """The values of a new target, with the days of the period that it is of."""
        self._check_number(vals)
        vals = {
            **self.default_get(["company_id", "period_kind", "period_start"]),
            **vals,
        }
        company = self.env["res.company"].browse(vals["company_id"]).sudo()
        day = fields.Date.to_date(vals["period_start"])
        if not day or not date(1970, 1, 1) <= day <= date(2199, 12, 31):
            raise ValidationError(
                self.env._(
                    "%(day)s is not a day of a target: enter one between 1970 and "
                    "2199.",
                    day=day and day.isoformat(),
                )
            )
        period = company._forecast_period(vals["period_kind"], day)
        return {**vals, "period_start": period.start, "period_end": period.end}

    @api.model
    def _check_number(self, vals):
        """Rounding to a currency fails on what is not a number: refuse it before."""
        amount = vals.get("amount") or 0
        if not math.isfinite(amount) or not 0 <= amount < LARGEST:
            raise ValidationError(
                self.env._(
                    "The target %(amount)s is not an amount of zero or more and below "
                    "%(limit)s. Enter what is to be won in the period.",
                    amount=amount,
                    limit=f"{LARGEST:,.0f}",
                )
            )

    def _check_same_scope(self, vals):
        for name in SCOPE:
            if name not in vals:
                continue
            field = self._fields[name]
            for target in self:
                value = field.convert_to_record(
                    field.convert_to_cache(vals[name], target), target
                )
                if value != target[name]:
                    raise UserError(
                        self.env._(
                            "“%(field)s” of the target “%(target)s” stays as it is, "
                            "so that its history remains true. Archive the target "
                            "and enter another one.",
                            field=field._description_string(self.env),
                            target=target.display_name,
                        )
                    )


def _fits(kind, start, end, first_month):
    period = period_of(start, kind, first_month)
    return (period.start, period.end) == (start, end)
