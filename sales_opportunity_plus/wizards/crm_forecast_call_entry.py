from odoo import api, fields, models

from ..models.forecast.crm_forecast_call import SAID, SCOPE


class CrmForecastCallEntry(models.TransientModel):
    """The figures of a forecast call as they stand, for whoever submits it to say."""

    _name = "crm.forecast.call.entry"
    _inherit = ["crm.forecast.scope"]
    _description = "Submit Forecast Call"

    user_id = fields.Many2one(default=lambda self: self.env.user)
    team_id = fields.Many2one(
        compute="_compute_team_id", store=True, readonly=False, precompute=True
    )
    may_lead = fields.Boolean(compute="_compute_may_lead")
    closed = fields.Monetary(compute="_compute_figures")
    commit_figure = fields.Monetary(
        "Commit of the Opportunities", compute="_compute_figures"
    )
    best_case_figure = fields.Monetary(
        "Best Case of the Opportunities", compute="_compute_figures"
    )
    weighted = fields.Monetary(compute="_compute_figures")
    projection = fields.Monetary(compute="_compute_figures")
    is_projected = fields.Boolean(compute="_compute_figures")
    deals = fields.Integer("Opportunities", compute="_compute_figures")
    rate_missing = fields.Integer("Without Exchange Rate", compute="_compute_figures")
    previous_amount = fields.Monetary(
        "Call Before", compute="_compute_figures", help="Your last call of the period."
    )
    amount = fields.Monetary(
        "Call",
        compute="_compute_said",
        store=True,
        readonly=False,
        help="What the period will bring, all in all: what you stand for.",
    )
    commit = fields.Monetary(
        compute="_compute_said",
        store=True,
        readonly=False,
        help="What is sure: closed, and open in the category Commit.",
    )
    best_case = fields.Monetary(
        compute="_compute_said",
        store=True,
        readonly=False,
        help="What may come if all goes well: Commit, Most Likely and Best Case too.",
    )
    comment = fields.Text(help="What others should know about it.")

    @api.depends("user_id", "company_id")
    def _compute_team_id(self):
        for entry in self:
            if entry.user_id:
                entry.team_id = self._team_of(entry.user_id, entry.company_id.id)

    @api.depends("team_id", "company_id")
    @api.depends_context("uid")
    def _compute_may_lead(self):
        teams = self.env["crm.team"]
        leads = bool(teams.search_count([("user_id", "=", self.env.uid)], limit=1))
        for entry in self:
            entry.may_lead = leads or self._may_lead(entry.team_id)

    def _call(self):
        """The call that this would be, not kept."""
        self.ensure_one()
        values = {
            name: one._origin.id if hasattr(one, "_origin") else one
            for name, one in ((name, self[name]) for name in SCOPE)
        }
        calls = self.env["crm.forecast.call"]
        return calls.new(calls._scope_values(values))

    @api.depends(*SCOPE)
    def _compute_figures(self):
        for entry in self:
            if not (entry.company_id and entry.period_start and entry.period_kind):
                entry.update(dict.fromkeys(_FIGURES, False))
                continue
            call = entry._call()
            figures, _deals = call._figures()
            last = self.env["crm.forecast.call"].search(call._same_place(), limit=1)
            entry.currency_id = call.currency_id
            entry.update(
                {
                    "closed": figures["closed"],
                    "commit_figure": figures["commit"],
                    "best_case_figure": figures["best_case"],
                    "weighted": figures["weighted"],
                    "projection": figures.get("projection"),
                    "is_projected": figures.get("is_projected"),
                    "deals": figures["deals"],
                    "rate_missing": figures["rate_missing"],
                    "previous_amount": last.amount,
                }
            )

    @api.depends("commit_figure", "best_case_figure")
    def _compute_said(self):
        for entry in self:
            entry.commit = entry.amount = entry.commit_figure
            entry.best_case = entry.best_case_figure

    def action_submit(self):
        """Submit the call as it is on the screen."""
        self.ensure_one()
        self.check_access("read")
        names = (*SCOPE, *SAID)
        values = self.read(names, load=None)[0]
        return self.env["crm.forecast.call"].action_submit(
            {name: values[name] for name in names}
        )


_FIGURES = (
    *("closed", "commit_figure", "best_case_figure", "weighted", "projection"),
    *("is_projected", "deals", "rate_missing", "previous_amount"),
)
