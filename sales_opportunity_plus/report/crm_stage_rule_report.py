from odoo import fields, models
from odoo.tools import SQL

from ..models.selections import DECIDED_MOVES, DECISION_RESULTS, SEVERITIES, STATUSES
from ..models.stage_rule import stage_decision_sql
from ..models.stage_rule.crm_stage_decision import PATHS
from .report_sql import STATUS, readable_leads

#: How a decision counts in each measure: the results that make it 1.
_COUNTS = {
    "held": ("blocked", "unconfirmed"),
    "bypassed": ("bypassed",),
    "warned": ("warned",),
    "passed": ("passed",),
    "logged": ("logged",),
}


class CrmStageRuleReport(models.Model):
    """What stage rules did: a line per decision about a move.

    *Hours until fixed* run from the first time that a rule held an opportunity
    back to the first move that it then let pass. The win rate is that of the
    opportunities that are decided by now, each line counting its opportunity.
    """

    _name = "crm.stage.rule.report"
    _inherit = ["crm.lead.report"]
    _description = "Stage Rule Effectiveness"
    _auto = False
    _in_selection_order = ("result", "severity", "move", "status")
    _order = "decided_at desc, id desc"
    _rec_name = "rule_id"
    _depends = {"crm.lead": ["active", "company_id", "probability", "won_status"]}

    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    rule_id = fields.Many2one("crm.stage.rule", "Rule", readonly=True)
    version = fields.Integer(readonly=True, aggregator=None)
    severity = fields.Selection(SEVERITIES, readonly=True)
    result = fields.Selection(DECISION_RESULTS, readonly=True)
    move = fields.Selection(DECIDED_MOVES, readonly=True)
    from_stage_id = fields.Many2one("crm.stage", "From Stage", readonly=True)
    to_stage_id = fields.Many2one("crm.stage", "To Stage", readonly=True)
    decided_at = fields.Datetime("On", readonly=True)
    moved_by_id = fields.Many2one("res.users", "Moved By", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    reason_id = fields.Many2one("crm.stage.reason", "Reason", readonly=True)
    note = fields.Text("Reason to Move Anyway", readonly=True)
    path = fields.Selection(PATHS, "Way", readonly=True)
    status = fields.Selection(STATUSES, "Opportunity Is", readonly=True)
    held = fields.Integer(
        "Held Back", readonly=True, help="Blocked, or warned and not confirmed."
    )
    bypassed = fields.Integer(readonly=True)
    warned = fields.Integer("Warned and Confirmed", readonly=True)
    passed = fields.Integer(readonly=True)
    logged = fields.Integer("Only Logged", readonly=True)
    held_rate = fields.Float(
        "Held Back (%)", readonly=True, aggregator="avg", digits=(16, 1)
    )
    hours_to_fix = fields.Float(
        "Hours Until Fixed",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the first time that the rule held the opportunity back to the first "
        "move that it let pass.",
    )
    win_rate = fields.Float(
        "Win Rate (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Of the opportunities that are won or lost by now.",
    )

    @property
    def _table_query(self):
        counts = [
            SQL(
                "(d.result = ANY(%s))::int AS %s",
                list(results),
                SQL.identifier(name),
            )
            for name, results in _COUNTS.items()
        ]
        return SQL(
            """
            SELECT d.id, d.lead_id, rule.id AS rule_id, version.number AS version,
                   d.severity, d.result, d.move, from_stage.id AS from_stage_id,
                   to_stage.id AS to_stage_id, d.decided_at, mover.id AS moved_by_id,
                   seller.id AS user_id, team.id AS team_id, lead.company_id,
                   reason.id AS reason_id, d.note, d.path,
                   %(status)s AS status,
                   CASE WHEN d.result = ANY(%(held)s) THEN 100.0 ELSE 0 END
                        AS held_rate,
                   CASE lead.won_status WHEN 'won' THEN 100.0 WHEN 'lost' THEN 0 END
                        AS win_rate,
                   d.hours_to_fix, %(counts)s
              FROM %(log)s d
              JOIN crm_lead lead ON lead.id = d.lead_id
              LEFT JOIN crm_stage_rule rule ON rule.id = d.rule_id
              LEFT JOIN crm_stage_rule_version version ON version.id = d.version_id
              LEFT JOIN crm_stage from_stage ON from_stage.id = d.from_stage_id
              LEFT JOIN crm_stage to_stage ON to_stage.id = d.to_stage_id
              LEFT JOIN crm_stage_reason reason ON reason.id = d.reason_id
              LEFT JOIN res_users seller ON seller.id = d.user_id
              LEFT JOIN res_users mover ON mover.id = d.moved_by_id
              LEFT JOIN crm_team team ON team.id = d.team_id
             WHERE %(readable)s
            """,
            status=STATUS,
            held=list(_COUNTS["held"]),
            log=self._log_with_hours(),
            counts=SQL(", ").join(counts),
            readable=readable_leads(self.env, SQL("d.lead_id")),
        )

    def _log_with_hours(self):
        """The log per rule, with the hours until fixed on the first block of each.

        What a rule said about an opportunity falls into episodes, each ending with
        a move that it let pass.
        """
        return SQL(
            """(
            SELECT *, CASE WHEN held AND next_pass IS NOT NULL
                            AND COUNT(*) FILTER (WHERE held) OVER (
                                PARTITION BY lead_id, rule_id, episode
                                ORDER BY decided_at, id) = 1
                      THEN EXTRACT(epoch FROM next_pass - decided_at)::float8 / 3600
                      END AS hours_to_fix
              FROM (
                SELECT said.*, said.result = ANY(%(held)s) AS held,
                       COUNT(*) FILTER (WHERE said.result = 'passed') OVER before
                           AS episode,
                       MIN(said.decided_at) FILTER (WHERE said.result = 'passed')
                           OVER after AS next_pass
                  FROM %(per_rule)s said
                WINDOW before AS (
                         PARTITION BY said.lead_id, said.rule_id
                         ORDER BY said.decided_at, said.id
                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                       after AS (
                         PARTITION BY said.lead_id, said.rule_id
                         ORDER BY said.decided_at, said.id
                         ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
              ) episodes)""",
            held=list(_COUNTS["held"]),
            per_rule=stage_decision_sql.per_rule(),
        )
