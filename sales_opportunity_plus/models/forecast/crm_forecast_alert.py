from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..selections import PERIOD_KINDS

ALERT_KINDS = [
    ("big_commit", "A big deal enters Commit"),
    ("slip", "A deal in Commit slips"),
    ("coverage", "Coverage falls under a limit"),
    ("concentration", "One deal is too much of the forecast"),
]
#: Those of one opportunity: its salesperson can be told.
OF_A_DEAL = ("big_commit", "slip", "concentration")
#: Changing one of these makes another alert of it: what was before is not told.
_ASKED = {"kind", "active", "amount", "days", "period_kind", "team_ids", "company_id"}


class CrmForecastAlert(models.Model):
    """What somebody wants to be told of, and who; the nightly job looks for it."""

    _name = "crm.forecast.alert"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Forecast Alert"
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        "Company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        check_company=True,
        help="Each of them by itself. Empty: the whole company as one.",
    )
    kind = fields.Selection(
        ALERT_KINDS, "When", required=True, default="big_commit", tracking=True
    )
    amount = fields.Monetary(
        "From an Amount of",
        tracking=True,
        help="Smaller deals are left aside; amounts of other currencies are converted "
        "as the forecast of the company converts them.",
    )
    period_kind = fields.Selection(
        PERIOD_KINDS,
        "Period",
        default="quarter",
        required=True,
        help="The one that is running at the company, by its fiscal year.",
    )
    days = fields.Integer(
        "Or by at Least (Days)",
        tracking=True,
        help="A deal slips when its expected closing leaves the period that it was "
        "in, or is pushed by so many days within it; 0: only when it leaves it.",
    )
    coverage = fields.Float(
        "Limit",
        default=3.0,
        digits=(6, 2),
        tracking=True,
        help="What is open and expected in the period, or overdue, ÷ what is missing "
        "to its target.",
    )
    share = fields.Float(
        "More Than (%)", default=50.0, digits=(5, 1), tracking=True, aggregator=None
    )
    share_of = fields.Selection(
        [
            ("weighted", "Weighted amount of the period"),
            ("variance", "Uncertainty (variance) of the period"),
        ],
        "Of the",
        default="weighted",
        required=True,
        tracking=True,
    )
    channel = fields.Selection(
        [("activity", "Activity"), ("mail", "Email")],
        "As",
        required=True,
        default="activity",
        tracking=True,
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Type of Activity",
        domain=[("res_model", "in", (False, "crm.lead"))],
        help="Empty: To-Do.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        "Email Template",
        domain=[("model", "=", "crm.forecast.alert.crossing")],
        help="Empty: the one that comes with this feature.",
    )
    to_salesperson = fields.Boolean("Salesperson", default=True, tracking=True)
    to_leader = fields.Boolean("Team Leader", default=True, tracking=True)
    user_ids = fields.Many2many(
        "res.users",
        string="Others",
        domain=[("share", "=", False)],
        help="They are told of opportunities that they may read.",
    )
    evaluated_to = fields.Date(
        "Looked at up to",
        readonly=True,
        copy=False,
        help="The last day of the pipeline history that was looked at.",
    )
    crossing_ids = fields.One2many("crm.forecast.alert.crossing", "alert_id", "Fired")
    crossing_count = fields.Integer("Times Fired", compute="_compute_crossing_count")

    _share_in_range = models.Constraint(
        "CHECK (share >= 0 AND share < 100)",
        "A share is a percentage from 0 to under 100.",
    )
    _no_negative = models.Constraint(
        "CHECK (amount >= 0 AND days >= 0 AND coverage >= 0)",
        "The amount, the days and the limit of an alert cannot be negative.",
    )

    @api.depends("crossing_ids")
    def _compute_crossing_count(self):
        groups = self.env["crm.forecast.alert.crossing"]._read_group(
            [("alert_id", "in", self.ids)], ["alert_id"], ["__count"]
        )
        counts = {alert.id: count for alert, count in groups}
        for alert in self:
            alert.crossing_count = counts.get(alert._origin.id, 0)

    @api.constrains("kind", "to_salesperson", "to_leader", "user_ids", "team_ids")
    def _check_somebody_is_told(self):
        for alert in self:
            of_deal = alert.kind in OF_A_DEAL
            has_leader = alert.to_leader and (of_deal or alert.team_ids)
            if not (has_leader or alert.user_ids or of_deal and alert.to_salesperson):
                raise ValidationError(
                    self.env._(
                        "“%(alert)s” would tell nobody. Choose the salesperson, the "
                        "team leader or others; the coverage of a whole company has "
                        "neither salesperson nor team leader.",
                        alert=alert.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        alerts = super().create(vals_list)
        alerts._begin()
        return alerts

    def write(self, vals):
        result = super().write(vals)
        if not _ASKED.isdisjoint(vals):
            self._begin()
        return result

    def _begin(self):
        """Look at what happens from today on, not at what was before."""
        for alert in self:
            here, _began = self.env["crm.pipeline.day"]._here(alert.company_id)
            alert.evaluated_to = here - timedelta(days=1)

    def action_open_crossings(self):
        """Open what this alert has told so far."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_forecast_alert_crossing_action"
        )
        action["domain"] = [("alert_id", "=", self.id)]
        return action
