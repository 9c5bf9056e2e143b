from odoo import api, fields, models
from odoo.tools import SQL

from ..models.first_company import first_company
from ..models.selections import ATTRIBUTION_LINES
from . import attribution_sql, campaign_cost_sql
from .currency_sql import rate_factors, rates_table
from .rate_notice import told
from .ratio_sql import per, percent, weighted_average
from .report_sql import readable_leads

MANAGER = "sales_team.group_sale_manager"
#: Amounts and counts: added up, but never over several models.
_SUMS = "value pipeline weighted won lost deals won_deals cost".split()


class CrmAttributionReport(models.Model):
    """What touches brought under each attribution model, and what they cost.

    A line per credit; a line per opportunity and model that has no credit; a line per
    cost, month and model (managers only). Amounts are in the currency of the current
    company at the rate of the day; where there is no rate, they are left out.

    Every model shares out the same deals. So a number over several models would count
    each deal several times: such a cell stays empty.
    """

    _name = "crm.attribution.report"
    _inherit = ["crm.channel.report"]
    _description = "Attribution Report"
    _auto = False
    _in_selection_order = ("status", "line")
    _ratios = {
        "roi": percent("won", "cost", less="cost"),
        "cost_per_opportunity": per("cost", "deals"),
        "cost_per_won": per("cost", "won_deals"),
        "coverage": percent("won", "won", where="is_attributed"),
        "days_first_touch_to_won": weighted_average(
            "days_first_touch_to_won", "won_deals"
        ),
    }
    _once = ("model_id",)
    _sums = frozenset(_SUMS)
    _order = "date desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.attribution.model": ["active", "company_id", "computed_at"]
        + ["name", "sequence", "version"],
        "crm.campaign.cost": ["active", "amount", "channel_id", "company_id"]
        + ["currency_id", "date_from", "date_to"],
        "crm.lead": ["active", "company_id", "date_closed", "date_deadline"]
        + ["expected_revenue", "probability", "team_id", "type", "user_id"]
        + ["won_status"],
        "crm.team": ["company_id"],
        "res.company": ["currency_id"],
        "res.currency": ["decimal_places"],
        "res.users": ["company_id"],
    }

    line = fields.Selection(
        ATTRIBUTION_LINES,
        readonly=True,
        help="A touch's share of an opportunity, an opportunity without a touch that "
        "counts, or a cost.",
    )
    model_id = fields.Many2one("crm.attribution.model", "Model", readonly=True)
    model_label = fields.Char(
        "Model, Version and Computing",
        readonly=True,
        help="Name of the model, its version, and when its credits were computed last; "
        "… while they are being computed.",
    )
    is_default_model = fields.Boolean(
        readonly=True,
        help="The first of the active models in the order of Configuration.",
    )
    version = fields.Integer("Model Version", readonly=True, aggregator=None)
    computed_at = fields.Datetime("Computed On", readonly=True)
    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    cost_id = fields.Many2one(
        "crm.campaign.cost", "Entered Cost", readonly=True, groups=MANAGER
    )
    touchpoint_id = fields.Integer("Touchpoint ID", readonly=True, aggregator=None)
    kind_id = fields.Many2one("crm.touch.kind", "Kind of Touch", readonly=True)
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)
    date = fields.Date(
        "Closing",
        readonly=True,
        help="Day of closing of won and lost opportunities, else the expected closing; "
        "of costs the month of the spending.",
    )
    touched_on = fields.Date(
        readonly=True, help="Day of the touch; of costs their month."
    )
    created_on = fields.Date(
        "Opportunity Created On", readonly=True, help="Of costs their month."
    )
    is_attributed = fields.Boolean(
        "Attributed",
        readonly=True,
        help="Not attributed: the opportunity has no touch that counts in the model.",
    )
    is_rate_missing = fields.Boolean("Without Exchange Rate", readonly=True)
    value = fields.Monetary(
        "Expected Revenue",
        readonly=True,
        help="Whatever became of the opportunity. Empty over several models: group or "
        "filter by model.",
    )
    pipeline = fields.Monetary(readonly=True, help="Of open opportunities.")
    weighted = fields.Monetary(
        "Weighted Pipeline",
        readonly=True,
        help="Of open opportunities: expected revenue × probability.",
    )
    won = fields.Monetary("Won Revenue", readonly=True)
    lost = fields.Monetary("Lost Revenue", readonly=True)
    deals = fields.Float(
        "Opportunities",
        readonly=True,
        digits=(16, 2),
        help="An opportunity with several touches counts for each with its share.",
    )
    won_deals = fields.Float("Won Opportunities", readonly=True, digits=(16, 2))
    cost = fields.Monetary(
        readonly=True,
        groups=MANAGER,
        help="Campaign costs, spread over their days, and the costs of touches.",
    )
    roi = fields.Float(
        "Return on Investment (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        groups=MANAGER,
        help="(Won revenue − cost) ÷ cost. Empty where nothing was spent.",
    )
    cost_per_opportunity = fields.Monetary(
        readonly=True,
        aggregator="avg",
        groups=MANAGER,
        help="Cost ÷ opportunities.",
    )
    cost_per_won = fields.Monetary(
        "Cost per Won Opportunity",
        readonly=True,
        aggregator="avg",
        groups=MANAGER,
        help="Cost ÷ won opportunities.",
    )
    coverage = fields.Float(
        "Coverage (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Share of the won revenue that has a touch which counts in the model.",
    )
    days_first_touch_to_won = fields.Float(
        "Days from First Touch to Won",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Of won opportunities, from their first touch of all to the closing. "
        "Each opportunity counts once, with its shares.",
    )

    @property
    def _table_query(self):
        lines = attribution_sql.lines(
            models=attribution_sql.models_table(
                self._models().ids, self.env.lang or "en_US", self.env.tz.zone
            ),
            readable=readable_leads(self.env, SQL("lead.id")),
            currency_id=self.env.company.currency_id.id,
            first_company_id=first_company(self.env).id,
            rates=rates_table(self._rate_factors()),
            with_cost=self._with_cost(),
        )
        # What is a ratio has no value in a line; the days to won have one.
        ratios = [name for name in self._ratios if name != "days_first_touch_to_won"]
        empty = [SQL("NULL::float8 AS %s", SQL.identifier(name)) for name in ratios]
        return SQL("SELECT line.*, %s FROM (%s) line", SQL(", ").join(empty), lines)

    @api.model
    def _with_cost(self):
        return self.env.su or self.env.user.has_group(MANAGER)

    @api.model
    def _rate_factors(self):
        more = self._with_cost() and campaign_cost_sql.currencies(self.env)
        return rate_factors(self.env, more)

    @api.model
    def _models(self):
        """The active models that give credit, the default one first.

        Not those that were never computed, or that have not learnt enough: under them
        everything would seem unattributed. A changed model stays; the credits of its
        last version count until those of the new one are there.

        The same for everybody in these companies: record rules and the reader's
        rights on models do not decide what a number means.
        """
        models_ = self.env["crm.attribution.model"].sudo()
        found = models_.search(
            [
                # Also where somebody looks at archived records.
                ("active", "=", True),
                ("company_id", "in", [False, *self.env.companies.ids]),
                "|",
                ("computed_at", "!=", False),
                ("version", ">", 1),
            ]
        )
        return found.filtered(lambda model: model._version()._is_learnt())

    @api.model
    def action_open_attribution(self):
        """Open the report, and say what is not in it for want of a rate."""
        self.check_access("read")
        return self._open("crm_attribution_report_action")

    @api.model
    def action_open_return(self):
        """Open what came back for campaigns."""
        self.check_access("read")
        campaigns = ("campaign_name", "!=", False)
        return self._open("crm_attribution_report_action_return", campaigns)

    @api.model
    def action_open_coverage(self):
        """Open how much of the won revenue has a touch."""
        self.check_access("read")
        won = ("status", "=", "won")
        return self._open("crm_attribution_report_action_coverage", won)

    @api.model
    def _open(self, name, *conditions):
        """An action, after a notice if lines of the default model have no rate."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"sales_opportunity_plus.{name}"
        )
        return told(self.env, action, self._left_out(*conditions))

    @api.model
    def _left_out(self, *conditions):
        if None not in self._rate_factors().values():
            return 0
        default = [("is_default_model", "=", True), ("is_rate_missing", "=", True)]
        return self.search_count([*default, *conditions])

    def action_open_lead(self):
        """Open the opportunity of the line; of a cost, what was entered."""
        self.check_access("read")
        self.ensure_one()
        if self.lead_id:
            return super().action_open_lead()
        costs = self.env["crm.campaign.cost"]
        costs.check_access("read")
        if not self.cost_id:
            # The costs of touches are in the ledger: nothing of its own to open.
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window",
            "res_model": costs._name,
            "res_id": self.cost_id.id,
            "views": [(False, "form")],
        }
