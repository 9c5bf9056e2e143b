from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command, Domain

from ..models.forecast.period_text import period_text
from ..models.selections import FORECAST_MEASURES, PERIOD_KINDS
from .target_split_lines import member_lines, period_lines

DIVISIONS = [
    ("periods", "A year into its months or quarters"),
    ("members", "A team's target over its members"),
]
METHODS = [
    ("history", "By what was won before"),
    ("even", "Evenly"),
    ("hand", "By weights of my own"),
]


class CrmForecastTargetSplit(models.TransientModel):
    """A target in parts that add up to it: looked at first, then set at once."""

    _name = "crm.forecast.target.split"
    _description = "Split a Target"
    _rec_name = "division"

    division = fields.Selection(DIVISIONS, "Split", required=True, default="periods")
    company_id = fields.Many2one(
        "res.company", "Company", required=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", domain="[('company_id', 'in', (company_id, False))]"
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    measure = fields.Selection(FORECAST_MEASURES, required=True, default="revenue")
    day = fields.Date(
        "Any Day of It",
        required=True,
        default=fields.Date.context_today,
        help="Of the year, or of the period of the team's target.",
    )
    period_kind = fields.Selection(PERIOD_KINDS, "Period", default="year")
    part_kind = fields.Selection(
        [("month", "Months"), ("quarter", "Quarters")], "Into", default="month"
    )
    method = fields.Selection(
        METHODS,
        "How",
        required=True,
        default="history",
        help="By what was won in the same months of the last years, or by each member "
        "in the last year: evened out the more, the fewer deals that were.",
    )
    years = fields.Selection(
        [("1", "The last year"), ("2", "The last 2 years"), ("3", "The last 3 years")],
        "Of",
        default="3",
    )
    period_name = fields.Char("That Is", compute="_compute_period_name")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    amount = fields.Monetary(
        "Target",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="The whole; it is set as well, beside its parts.",
    )
    line_ids = fields.One2many(
        "crm.forecast.target.split.line",
        "split_id",
        "Parts",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("company_id", "measure")
    def _compute_currency_id(self):
        for split in self:
            is_money = split.measure != "count"
            split.currency_id = split.company_id.currency_id if is_money else False

    def _period(self):
        kind = "year" if self.division == "periods" else self.period_kind or "year"
        day = self.day or fields.Date.context_today(self)
        return self.company_id.sudo()._forecast_period(kind, day)

    @api.depends("division", "company_id", "day", "period_kind")
    def _compute_period_name(self):
        for split in self:
            period = split.company_id and split._period()
            split.period_name = period and period_text(
                self.env,
                period.kind,
                period.start,
                period.end,
                int(split.company_id.sudo().forecast_first_month),
            )

    @api.depends(
        "division", "company_id", "team_id", "user_id", "measure", "day", "period_kind"
    )
    def _compute_amount(self):
        """The target that there is, if there is one."""
        for split in self.filtered("company_id"):
            person = self.env["res.users"]
            if split.division == "periods":
                person = split.user_id
            found = split._found([(split._period(), person)])
            split.amount = next(iter(found.values())).amount if found else split.amount

    @api.depends(
        "division",
        "company_id",
        "team_id",
        "user_id",
        "measure",
        "day",
        "period_kind",
        "part_kind",
        "method",
        "years",
    )
    def _compute_line_ids(self):
        for split in self:
            if not split.company_id:
                split.line_ids = [Command.clear()]
                continue
            make = period_lines if split.division == "periods" else member_lines
            lines = make(split)
            if split.method == "hand" and len(lines) == len(split.line_ids):
                # The weights of before are where a person goes on from.
                for line, old in zip(lines, split.line_ids, strict=True):
                    line["weight"] = old.weight
            split.line_ids = [Command.clear(), *map(Command.create, lines)]

    # ------------------------------------------------------------
    # Setting
    # ------------------------------------------------------------

    def action_split(self):
        """Set the target and its parts; those there are get a new version."""
        self.ensure_one()
        self.check_access("write")
        targets = self.env["crm.forecast.target"]
        targets.check_access("create")
        self._check_parts()
        parts = self._parts()
        found = self._found([(period, person) for period, person, _amount in parts])
        missing = []
        for period, person, amount in parts:
            target = found.get((period, person))
            if not target:
                missing.append(self._values(period, person, amount))
            elif target.amount != amount:
                target.amount = amount
        done = targets.union(*found.values()) | self._created(missing)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_forecast_target_action"
        )
        return {**action, "domain": [("id", "in", done.ids)]}

    @api.model
    def _created(self, vals_list):
        try:
            with self.env.cr.savepoint():
                return self.env["crm.forecast.target"].create(vals_list)
        except UniqueViolation as error:
            # Somebody has just set them, which this transaction cannot see: Odoo tries
            # again, and then they get a new version.
            raise ConcurrencyError(str(error)) from error

    def _check_parts(self):
        if self.division == "members" and not self.team_id:
            raise UserError(
                self.env._("No sales team is chosen: choose the one to split among.")
            )
        if not self.line_ids:
            raise UserError(
                self.env._(
                    "The sales team “%s” has no members: add some, or choose another "
                    "team.",
                    self.team_id.name,
                )
            )
        if not self.amount:
            raise UserError(
                self.env._("The target to split is zero: enter what is to be won.")
            )
        if any(line.weight < 0 for line in self.line_ids):
            raise UserError(
                self.env._("A weight is less than zero: enter zero or more for each.")
            )

    def _parts(self):
        """(period, person, amount) of the whole, then of its parts."""
        whole = self._period()
        if self.division == "members":
            nobody = self.env["res.users"]
            return [
                (whole, nobody, self.amount),
                *((whole, line.user_id, line.amount) for line in self.line_ids),
            ]
        periods = whole.parts(self.part_kind or "month")
        return [
            (whole, self.user_id, self.amount),
            *(
                (period, self.user_id, line.amount)
                for period, line in zip(periods, self.line_ids, strict=True)
            ),
        ]

    def _found(self, parts):
        """The targets that there are, by period and person."""
        targets = self.env["crm.forecast.target"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("team_id", "=", self.team_id.id)
            & Domain("measure", "=", self.measure)
            & Domain("period_start", "in", [period.start for period, _user in parts])
        )
        by_key = {
            (one.period_start, one.period_end, one.user_id): one for one in targets
        }
        return {
            (period, person): by_key[period.start, period.end, person]
            for period, person in parts
            if (period.start, period.end, person) in by_key
        }

    def _values(self, period, person, amount):
        return {
            "company_id": self.company_id.id,
            "team_id": self.team_id.id,
            "user_id": person.id,
            "measure": self.measure,
            "period_kind": period.kind,
            "period_start": period.start,
            "amount": amount,
        }
