import json
from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date

_READER = "sales_team.group_sale_salesman"
_MANAGER = "sales_team.group_sale_manager"
_CHART_MONTHS = 24
#: Fields, and what they are of the attribution report under the default model.
_RETURN = {
    "source_pipeline": "pipeline:sum",
    "source_won": "won:sum",
    "source_won_deals": "won_deals:sum",
    "source_is_rate_missing": "is_rate_missing:bool_or",
}
_COST = {"source_cost": "cost:sum", "source_roi": "roi:avg"}


def _every_month(amounts):
    """The last months with what was won, those in between with nothing."""
    if not amounts:
        return []
    last = max(amounts)
    month = max(min(amounts), last - relativedelta(months=_CHART_MONTHS - 1))
    found = []
    while month <= last:
        found.append((month, amounts.get(month) or 0))
        month += relativedelta(months=1)
    return found


class UtmCampaign(models.Model):
    """What came back for a campaign, under the default attribution model."""

    _name = "utm.campaign"
    _inherit = ["utm.campaign"]

    source_currency_id = fields.Many2one(
        "res.currency", compute="_compute_source_return", groups=_READER
    )
    source_model_id = fields.Many2one(
        "crm.attribution.model",
        "Attribution Model",
        compute="_compute_source_return",
        groups=_READER,
        help="The first of the active models in Configuration.",
    )
    source_computed_at = fields.Datetime(
        "Attribution Computed On", compute="_compute_source_return", groups=_READER
    )
    source_is_rate_missing = fields.Boolean(
        "Without Exchange Rate",
        compute="_compute_source_return",
        groups=_READER,
        help="Some amounts of the campaign are left out, for want of an exchange rate.",
    )
    source_pipeline = fields.Monetary(
        "Attributed Pipeline",
        currency_field="source_currency_id",
        compute="_compute_source_return",
        groups=_READER,
        help="The campaign's share of open opportunities that you may see.",
    )
    source_won = fields.Monetary(
        "Attributed Won Revenue",
        currency_field="source_currency_id",
        compute="_compute_source_return",
        groups=_READER,
        help="The campaign's share of won opportunities that you may see.",
    )
    source_won_deals = fields.Float(
        "Attributed Won Opportunities",
        digits=(16, 1),
        compute="_compute_source_return",
        groups=_READER,
        help="An opportunity with several touches counts with the campaign's share.",
    )
    source_cost = fields.Monetary(
        "Campaign Cost",
        currency_field="source_currency_id",
        compute="_compute_source_cost",
        groups=_MANAGER,
        help="Costs that were entered for the campaign, and those of its touches.",
    )
    source_roi = fields.Float(
        "Return on Investment (%)",
        digits=(16, 1),
        compute="_compute_source_cost",
        groups=_MANAGER,
        help="(Attributed won revenue − cost) ÷ cost.",
    )
    source_chart = fields.Text(
        "Won Revenue per Month", compute="_compute_source_chart", groups=_READER
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_source_return(self):
        self._source_fill(_RETURN)
        self.source_currency_id = self.env.company.currency_id
        model = self.env["crm.attribution.report"]._models()[:1]
        self.source_model_id = model
        self.source_computed_at = model.computed_at

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_source_cost(self):
        self._source_fill(_COST)

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_source_chart(self):
        """Data for Odoo's own small chart, the widget ``dashboard_graph``."""
        months = self.env["crm.attribution.report"]._read_group(
            [
                *self._source_domain(),
                ("status", "=", "won"),
                ("date", "!=", False),
            ],
            ["campaign_id", "date:month"],
            ["won:sum"],
            order="date:month",
        )
        won = defaultdict(dict)
        for campaign, month, amount in months:
            won[campaign.id][month] = amount
        title = self._fields["source_chart"]._description_string(self.env)
        for campaign in self:
            values = [
                {
                    "label": format_date(self.env, month, date_format="MMM yyyy"),
                    "value": round(amount, 2),
                    "type": "future",
                }
                for month, amount in _every_month(won[campaign._origin.id])
            ]
            campaign.source_chart = json.dumps([{"key": title, "values": values}])

    def _source_fill(self, aggregates):
        """Set fields to aggregates of the attribution report."""
        rows = self.env["crm.attribution.report"]._read_group(
            self._source_domain(), ["campaign_id"], list(aggregates.values())
        )
        found = {campaign.id: values for campaign, *values in rows}
        nothing = [0] * len(aggregates)
        for campaign in self:
            values = found.get(campaign.id, nothing)
            campaign.update(dict(zip(aggregates, values, strict=True)))

    def _source_domain(self):
        return [("campaign_id", "in", self.ids), ("is_default_model", "=", True)]

    def action_source_attribution(self):
        """Open the attribution report of the campaign."""
        self.ensure_one()
        self.check_access("read")
        self.env["crm.attribution.report"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_attribution_report_action"
        )
        return {
            **action,
            "display_name": self.display_name,
            "domain": [("campaign_id", "=", self.id)],
            "context": {
                "search_default_default_model": 1,
                "graph_groupbys": ["date:month"],
                "pivot_row_groupby": ["date:month"],
            },
        }

    def action_source_costs(self):
        """Open the costs of the campaign."""
        self.ensure_one()
        self.env["crm.campaign.cost"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_campaign_cost_action"
        )
        return {
            **action,
            "domain": [("campaign_id", "=", self.id)],
            "context": {"default_campaign_id": self.id},
        }
