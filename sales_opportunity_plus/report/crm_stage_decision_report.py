from odoo import fields, models
from odoo.tools import SQL

from ..models.selections import DECIDED_MOVES, DECISION_RESULTS, SEVERITIES
from ..models.stage_rule import stage_decision_sql
from ..models.stage_rule.crm_stage_decision import PATHS
from .report_sql import readable_leads

MODES = [("guard", "Guarded"), ("move", "Moved by itself")]


class CrmStageDecisionReport(models.Model):
    """The decision log as people read it: a line per move and rule."""

    _name = "crm.stage.decision.report"
    _inherit = ["crm.lead.report"]
    _description = "Stage Decisions"
    _auto = False
    _in_selection_order = ("move", "result", "severity")
    _order = "decided_at desc, id desc"
    _rec_name = "rule_id"
    _depends = {
        "crm.lead": ["company_id"],
        "crm.stage.rule": ["mode"],
        "crm.stage.rule.version": ["sentence", "number"],
    }

    decided_at = fields.Datetime("Date", readonly=True)
    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    rule_id = fields.Many2one("crm.stage.rule", "Rule", readonly=True)
    version_id = fields.Many2one("crm.stage.rule.version", "Version", readonly=True)
    mode = fields.Selection(
        MODES, "The Rule", readonly=True, help="What the rule does."
    )
    severity = fields.Selection(SEVERITIES, readonly=True)
    result = fields.Selection(DECISION_RESULTS, readonly=True)
    outcome = fields.Selection(
        [("moved", "Moved"), ("held", "Held back")],
        readonly=True,
        help="Whether the rule let the opportunity move.",
    )
    move = fields.Selection(DECIDED_MOVES, readonly=True)
    from_stage_id = fields.Many2one("crm.stage", "From Stage", readonly=True)
    to_stage_id = fields.Many2one("crm.stage", "To Stage", readonly=True)
    missing = fields.Json("Missing (IDs)", readonly=True)
    missing_text = fields.Char(
        "Missing",
        compute="_compute_missing_text",
        help="What the rule asked for and did not find.",
    )
    missing_count = fields.Integer("Missing Things", readonly=True)
    reason_id = fields.Many2one("crm.stage.reason", "Reason Code", readonly=True)
    note = fields.Text(
        "Reason Given",
        readonly=True,
        help="What the user said to move all the same.",
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    moved_by_id = fields.Many2one("res.users", "Moved By", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    path = fields.Selection(PATHS, "Way", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT d.id, d.decided_at, d.lead_id, rule.id AS rule_id,
                   version.id AS version_id, rule.mode, d.severity, d.result,
                   CASE WHEN d.result IN ('blocked', 'unconfirmed') THEN 'held'
                        ELSE 'moved' END AS outcome,
                   d.move, from_stage.id AS from_stage_id,
                   to_stage.id AS to_stage_id, d.missing,
                   CASE WHEN jsonb_typeof(d.missing) = 'array'
                        THEN jsonb_array_length(d.missing) ELSE 0 END
                       AS missing_count,
                   reason.id AS reason_id, d.note, owner.id AS user_id,
                   mover.id AS moved_by_id, team.id AS team_id, lead.company_id,
                   d.path
              FROM %(log)s d
              JOIN crm_lead lead ON lead.id = d.lead_id
              LEFT JOIN crm_stage_rule rule ON rule.id = d.rule_id
              LEFT JOIN crm_stage_rule_version version ON version.id = d.version_id
              LEFT JOIN crm_stage from_stage ON from_stage.id = d.from_stage_id
              LEFT JOIN crm_stage to_stage ON to_stage.id = d.to_stage_id
              LEFT JOIN crm_stage_reason reason ON reason.id = d.reason_id
              LEFT JOIN res_users owner ON owner.id = d.user_id
              LEFT JOIN res_users mover ON mover.id = d.moved_by_id
              LEFT JOIN crm_team team ON team.id = d.team_id
             WHERE %(readable)s
            """,
            log=stage_decision_sql.per_rule(),
            readable=readable_leads(self.env, SQL("d.lead_id")),
        )

    def _compute_missing_text(self):
        """Name what was missing; what is gone since keeps its number."""
        words = {
            "who": self.env._("Somebody else may move it."),
            "approval": self.env._("It needs approval."),
        }
        ids = {
            one for line in self for one in line.missing or () if isinstance(one, int)
        }
        # A seller reads what held him back, whosever rule it was.
        requirements = self.env["crm.stage.rule.requirement"].sudo().browse(ids)
        words |= {one.id: one._get_message() for one in requirements.exists()}
        for line in self:
            line.missing_text = " ".join(
                words.get(one) or self.env._("A requirement that is gone (%s).", one)
                for one in line.missing or ()
            )
