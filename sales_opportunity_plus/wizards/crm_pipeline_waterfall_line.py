from odoo import fields, models
from odoo.tools import SQL

from ..models.selection_order import orderby_in_selection_order
from ..models.selections import FORECAST_CATEGORIES, STATUSES
from ..report.report_sql import open_lead

#: ``engine.waterfall.BARS``.
BARS = [
    ("opening", "Opening"),
    ("new", "New"),
    ("reopened", "Reopened"),
    ("owner_in", "Owner in"),
    ("pulled_in", "Pulled in"),
    ("pushed_in", "Pushed in"),
    ("amount_up", "Amount up"),
    ("amount_down", "Amount down"),
    ("probability", "Probability"),
    ("category", "Category"),
    ("currency", "Currency"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("owner_out", "Owner out"),
    ("pushed_out", "Pushed out"),
    ("pulled_out", "Pulled out"),
    ("removed", "Removed"),
    ("closing", "Closing"),
]


# An opportunity may be in several bars, or twice in one.
_DEALS = """
    CASE WHEN MIN(%(bar)s) <> MAX(%(bar)s) THEN NULL
         WHEN MIN(%(bar)s) IN ('opening', 'closing') THEN SUM(%(deals)s)
         ELSE COUNT(DISTINCT %(lead)s) END
"""


class CrmPipelineWaterfallLine(models.TransientModel):
    """A change of a deal, or a part of opening or closing; written in SQL."""

    _name = "crm.pipeline.waterfall.line"
    _description = "Line of a Pipeline Waterfall"
    _order = "value, id"
    _rec_name = "lead_id"

    waterfall_id = fields.Many2one(
        "crm.pipeline.waterfall",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    bar = fields.Selection(BARS, "What Happened", readonly=True)
    lead_number = fields.Integer(
        "Opportunity ID",
        readonly=True,
        aggregator=None,
        help="Of opportunities that were deleted, too.",
    )
    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    forecast_category = fields.Selection(FORECAST_CATEGORIES, readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    date = fields.Date(
        "Expected Closing", readonly=True, help="The first of its month."
    )
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)
    value = fields.Monetary(readonly=True)
    deals = fields.Integer(
        readonly=True,
        help="Opportunities that the line is about; of several bars together there is "
        "no such number.",
    )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "deals:sum":
            return super()._read_group_select(aggregate_spec, query)
        names = ("bar", "deals", "lead_number")
        bar, deals, lead = (
            self._field_to_sql(self._table, name, query) for name in names
        )
        return SQL(_DEALS, bar=bar, deals=deals, lead=lead)

    def _read_group_orderby(self, order, groupby_terms, query):
        return orderby_in_selection_order(
            super()._read_group_orderby,
            self,
            order,
            groupby_terms,
            query,
            ("bar", "forecast_category", "status"),
        )

    def action_open(self):
        """Open the opportunity, or the opportunities of a part of the pipeline."""
        self.ensure_one()
        self.check_access("read")
        if self.lead_id:
            return open_lead(self)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_pipeline_history_report_action"
        )
        is_opening = self.bar == "opening"
        run = self.waterfall_id
        domain = [("as_of", "=", run.date_from if is_opening else run.date_to)]
        if self.lead_number:
            domain.append(("lead_number", "=", self.lead_number))
        else:
            domain += [(name, "=", self[name].id) for name in ("team_id", "user_id")]
            domain += [
                ("lead_type", "=", "opportunity"),
                ("status", "=", "open"),
                ("company_id", "=", self.company_id.id),
                ("forecast_category", "=", self.forecast_category),
            ]
            domain += [("date_month", "=", self.date)]
        return {**action, "domain": domain, "views": [(False, "list")], "context": {}}
