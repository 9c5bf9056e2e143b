from odoo import fields, models

from ..selections import DECIDED_MOVES, DECISION_RESULTS

PATHS = [
    ("screen", "In Odoo"),
    ("import", "Import"),
    ("api", "API"),
    ("cron", "Scheduled"),
    ("automatic", "Moved by a rule"),
    ("server", "On the server"),
]


class CrmStageDecision(models.Model):
    """What the rules said about a move: a row per opportunity and move.

    Append-only; written in SQL by the guard and by nothing else. Columns that name
    other records are plain integers without foreign keys: a decision outlives what
    it names. People read it through ``crm.stage.decision.report``.
    """

    _name = "crm.stage.decision"
    _inherit = ["crm.append.only"]
    _description = "Stage Rule Decision"
    _log_access = False
    _order = "decided_at desc, id desc"
    _rec_name = "lead_id"

    decided_at = fields.Datetime(required=True, readonly=True)
    lead_id = fields.Integer("Opportunity ID", readonly=True, aggregator=None)
    result = fields.Selection(
        DECISION_RESULTS,
        required=True,
        readonly=True,
        help="The gravest of what the rules said.",
    )
    rules = fields.Json(
        readonly=True,
        help="What each rule said: its id, version, severity, result, and what was "
        "missing: ids of requirements, 'who' and 'approval'.",
    )
    move = fields.Selection(DECIDED_MOVES, readonly=True)
    from_stage_id = fields.Integer("From Stage ID", readonly=True, aggregator=None)
    to_stage_id = fields.Integer("To Stage ID", readonly=True, aggregator=None)
    reason_id = fields.Integer("Reason ID", readonly=True, aggregator=None)
    note = fields.Text(readonly=True, help="What the user said to move all the same.")
    user_id = fields.Integer("Salesperson ID", readonly=True, aggregator=None)
    moved_by_id = fields.Integer("Moved By ID", readonly=True, aggregator=None)
    team_id = fields.Integer("Sales Team ID", readonly=True, aggregator=None)
    company_id = fields.Integer("Company ID", readonly=True, aggregator=None)
    path = fields.Selection(PATHS, readonly=True)

    _by_lead = models.Index("(lead_id, decided_at)")
    # Rows come in the order of time: a few pages of index for years of decisions.
    _by_time = models.Index("USING brin (decided_at)")

    def _append_only_text(self):
        return self.env._(
            "Decisions of stage rules are written by the moves themselves and "
            "cannot be created, changed or deleted by hand."
        )
