from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, OrderedSet

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


#: The context key of the waterfalls that a domain names.
_RUNS = "pipeline_waterfall_ids"
# An id holds waterfall, opportunity and step, so that a line is known by its id alone:
# 22 + 27 + 4 bits, which JavaScript keeps exactly.
_LEAD_BITS, _STEP_BITS = 27, 4
_RUN_BITS = _LEAD_BITS + _STEP_BITS

# An opportunity may be in several bars, or twice in one.
_DEALS = """
    CASE WHEN MIN(%(bar)s) = MAX(%(bar)s) THEN COUNT(DISTINCT %(lead)s) END
"""
_TABLE = """
    (WITH %(lines)s
     SELECT (%(run_id)s::bigint << %(run_bits)s)
            + (line.lead_id::bigint << %(step_bits)s) + line.number AS id,
            %(run_id)s AS waterfall_id, line.bar, line.lead_id AS lead_number,
            lead.id AS lead_id, company.id AS company_id, team.id AS team_id,
            owner.id AS user_id, line.category AS forecast_category, line.status,
            line.month AS date, line.value, 1 AS deals,
            %(currency_id)s AS currency_id
       FROM line
       LEFT JOIN crm_lead lead ON lead.id = line.lead_id
       LEFT JOIN res_company company ON company.id = line.company_id
       LEFT JOIN crm_team team ON team.id = line.team_id
       LEFT JOIN res_users owner ON owner.id = line.user_id)
"""


class CrmPipelineWaterfallLine(models.Model):
    """A step of a deal in a waterfall: computed when it is read, with nothing stored.

    Those of a waterfall that is one's own are there, where the domain names it.
    """

    _name = "crm.pipeline.waterfall.line"
    _inherit = ["crm.grouped.report"]
    _description = "Line of a Pipeline Waterfall"
    _auto = False
    _in_selection_order = ("bar", "forecast_category", "status")
    _order = "value, id"
    _rec_name = "lead_id"
    _depends = {"crm.lead": ["active", "user_id", "team_id", "company_id"]}

    waterfall_id = fields.Many2one("crm.pipeline.waterfall", readonly=True)
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
        help="Opportunities in a bar; several bars together have no such number.",
    )

    @property
    def _table_query(self):
        runs = self.env["crm.pipeline.waterfall"].browse(
            self.env.context.get(_RUNS) or {id_ >> _RUN_BITS for id_ in self._ids}
        )
        runs = runs.exists()._filtered_access("read")
        tables = [self._lines_of(run._as_asked()) for run in runs]
        return SQL(" UNION ALL ").join(tables) if tables else self._no_lines()

    def _lines_of(self, run):
        return SQL(
            _TABLE,
            lines=run._lines_sql(),
            run_id=run.id,
            currency_id=run.env.company.currency_id.id,
            run_bits=_RUN_BITS,
            step_bits=_STEP_BITS,
        )

    def _no_lines(self):
        columns = (
            SQL("NULL::%s AS %s", SQL(field.column_type[1]), SQL.identifier(name))
            for name, field in self._fields.items()
            if field.store and field.column_type
        )
        return SQL("SELECT %s WHERE FALSE", SQL(", ").join(columns))

    def _search(self, domain, *args, **kwargs):
        # The table depends on the waterfall, so it has to be known before the table is.
        runs = set()
        for condition in Domain(domain).iter_conditions():
            if condition.operator in ("=", "in"):
                ids = _ids(condition.value)
                if condition.field_expr == "waterfall_id":
                    runs.update(ids)
                elif condition.field_expr == "id":
                    runs.update(id_ >> _RUN_BITS for id_ in ids)
        lines = self.with_context(**{_RUNS: sorted(runs)})
        return super(CrmPipelineWaterfallLine, lines)._search(domain, *args, **kwargs)

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "deals:sum":
            return super()._read_group_select(aggregate_spec, query)
        names = ("bar", "lead_number")
        bar, lead = (self._field_to_sql(self._table, name, query) for name in names)
        return SQL(_DEALS, bar=bar, lead=lead)

    def action_open(self):
        """Open the opportunity, or what the history has of one that was deleted."""
        self.ensure_one()
        self.check_access("read")
        if self.lead_id:
            return open_lead(self)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_pipeline_history_report_action"
        )
        domain = [("lead_number", "=", self.lead_number)]
        return {**action, "domain": domain, "views": [(False, "list")], "context": {}}


def _ids(asked):
    """The ids in the value of a condition."""
    many = isinstance(asked, (list, tuple, set, frozenset, OrderedSet))
    return {id_ for id_ in (asked if many else [asked]) if type(id_) is int}
