from odoo import fields, models
from odoo.tools import SQL

from ..models.selections import LEAD_TYPES, MOVES, ORIGINS, STATUSES
from ..models.stage_rule.crm_stage_history import EXIT_MOVES
from .report_sql import readable_leads

#: Aggregates that the ORM does not know, as fractions of a percentile.
_PERCENTILES = {"median": 0.5, "p90": 0.9}


class CrmStageHistoryReport(models.Model):
    """The stage history as people read it: a line per stay in a stage.

    Durations are in days (fractions of days) and count open stays only: time
    spent won, lost or archived is not time in a stage.
    """

    _name = "crm.stage.history.report"
    _inherit = ["crm.lead.report"]
    _description = "Stage History Analysis"
    _auto = False
    _in_selection_order = ("move", "exit_move", "status")
    _order = "entered_at desc, id desc"
    _rec_name = "stage_id"
    _depends = {
        "crm.lead": ["user_id", "company_id", "active"],
        "crm.stage": ["sequence"],
    }

    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    lead_type = fields.Selection(LEAD_TYPES, "Type", readonly=True)
    is_merged = fields.Boolean(
        "From a Merged Opportunity",
        readonly=True,
        help="The stay was lived by an opportunity that was merged into this one.",
    )
    stage_id = fields.Many2one("crm.stage", "Stage", readonly=True)
    from_stage_id = fields.Many2one("crm.stage", "From Stage", readonly=True)
    to_stage_id = fields.Many2one("crm.stage", "To Stage", readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    move = fields.Selection(MOVES, "Entered By", readonly=True)
    exit_move = fields.Selection(EXIT_MOVES, "Left By", readonly=True)
    entered_at = fields.Datetime("Entered On", readonly=True)
    left_at = fields.Datetime("Left On", readonly=True)
    is_current = fields.Boolean("Current Stay", readonly=True)
    duration = fields.Float(
        "Days in Stage",
        readonly=True,
        digits=(16, 1),
        help="Days from entering to leaving, or until now. Open stays only.",
    )
    duration_median = fields.Float(
        "Days in Stage (median)", readonly=True, aggregator="median", digits=(16, 1)
    )
    duration_p90 = fields.Float(
        "Days in Stage (9 of 10 within)",
        readonly=True,
        aggregator="p90",
        digits=(16, 1),
    )
    duration_mean = fields.Float(
        "Days in Stage (mean)", readonly=True, aggregator="avg", digits=(16, 1)
    )
    conversion_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the finished stays that went forward or were won, among those "
        "that went forward, backward, were won or lost.",
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, help="On entry."
    )
    owner_id = fields.Many2one("res.users", "Current Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, help="On entry.")
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)
    amount = fields.Monetary(
        "Expected Revenue", readonly=True, aggregator=None, help="On entry."
    )
    probability = fields.Float(readonly=True, aggregator="avg", help="On entry.")
    moved_by_id = fields.Many2one("res.users", "Moved By", readonly=True)
    origin = fields.Selection(ORIGINS, readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT h.id, h.lead_id, h.lead_type, h.merged_lead_id IS NOT NULL
                       AS is_merged,
                   stage.id AS stage_id, from_stage.id AS from_stage_id,
                   to_stage.id AS to_stage_id, h.status, h.move, h.exit_move,
                   h.entered_at, h.left_at, h.left_at IS NULL AS is_current,
                   %(days)s AS duration, %(days)s AS duration_median,
                   %(days)s AS duration_p90, %(days)s AS duration_mean,
                   CASE WHEN h.status <> 'open' THEN NULL
                        WHEN h.exit_move IN ('forward', 'skip', 'won') THEN 1.0
                        WHEN h.exit_move IN ('backward', 'lost') THEN 0.0
                   END AS conversion_rate,
                   owner_then.id AS user_id, lead.user_id AS owner_id,
                   team.id AS team_id, lead.company_id, h.currency_id, h.amount,
                   h.probability, mover.id AS moved_by_id, h.origin
              FROM crm_stage_history h
              JOIN crm_lead lead ON lead.id = h.lead_id
              LEFT JOIN crm_stage stage ON stage.id = h.stage_id
              LEFT JOIN crm_stage from_stage ON from_stage.id = h.from_stage_id
              LEFT JOIN crm_stage to_stage ON to_stage.id = h.to_stage_id
              LEFT JOIN res_users owner_then ON owner_then.id = h.user_id
              LEFT JOIN res_users mover ON mover.id = h.moved_by_id
              LEFT JOIN crm_team team ON team.id = h.team_id
             WHERE %(readable)s
            """,
            days=SQL(
                "CASE WHEN h.status = 'open' THEN EXTRACT(epoch FROM COALESCE("
                "h.left_at, now() AT TIME ZONE 'UTC') - h.entered_at)::float8 / 86400"
                " END"
            ),
            readable=readable_leads(self.env, SQL("h.lead_id")),
        )

    def _read_group_select(self, aggregate_spec, query):
        fname, _dot, function = aggregate_spec.partition(":")
        if function in _PERCENTILES and fname in self._fields:
            return SQL(
                "PERCENTILE_CONT(%s) WITHIN GROUP (ORDER BY %s)",
                _PERCENTILES[function],
                self._field_to_sql(self._table, fname, query),
            )
        return super()._read_group_select(aggregate_spec, query)
