from odoo import fields, models

from ..selections import BREACH_RESULTS, LIMIT_ACTIONS, LIMIT_CLOCKS


class CrmStageBreach(models.Model):
    """An opportunity that reached a step of a time limit: a row each time.

    Append-only; written in SQL by the scheduled check and by nothing else. Columns
    that name other records are plain integers without foreign keys: a breach
    outlives what it names. People read it through ``crm.stage.breach.report``.
    """

    _name = "crm.stage.breach"
    _inherit = ["crm.append.only"]
    _description = "Exceeded Time Limit"
    _log_access = False
    _order = "noticed_at desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Integer(
        "Opportunity ID", required=True, readonly=True, aggregator=None
    )
    merged_lead_id = fields.Integer(
        "Merged Opportunity ID",
        aggregator=None,
        help="The opportunity that exceeded it, when it was merged into another.",
    )
    limit_id = fields.Integer(
        "Time Limit ID", required=True, readonly=True, aggregator=None
    )
    step_id = fields.Integer("Step ID", required=True, readonly=True, aggregator=None)
    stage_id = fields.Integer("Stage ID", required=True, readonly=True, aggregator=None)
    team_id = fields.Integer("Sales Team ID", readonly=True, aggregator=None)
    company_id = fields.Integer("Company ID", readonly=True, aggregator=None)
    user_id = fields.Integer("Salesperson ID", readonly=True, aggregator=None)
    clock = fields.Selection(LIMIT_CLOCKS, required=True)
    percent = fields.Integer("At (%)", required=True, readonly=True, aggregator=None)
    action = fields.Selection(LIMIT_ACTIONS, required=True)
    clock_start = fields.Datetime(
        required=True, help="Since when the clock ran that reached the step."
    )
    reached_at = fields.Datetime(help="When that share of the limit was used up.")
    noticed_at = fields.Datetime(
        required=True, help="When the scheduled check found it."
    )
    resolved_at = fields.Datetime(
        help="When the opportunity left the stage or its clock started anew."
    )
    result = fields.Selection(BREACH_RESULTS, required=True)
    error = fields.Text(help="Why the escalation failed.")

    # What was passed once is escalated once. Rows of merged opportunities stand
    # beside those of the survivor, whose clock may have started together with theirs.
    _once = models.UniqueIndex(
        "(lead_id, step_id, clock_start) WHERE merged_lead_id IS NULL",
        "A step of a time limit is reached once.",
    )
    _open = models.Index("(lead_id) WHERE resolved_at IS NULL")
    _waiting = models.Index("(id) WHERE result = 'waiting'")
    _by_limit = models.Index("(limit_id, step_id)")

    def _append_only_text(self):
        return self.env._(
            "Exceeded time limits are recorded by the scheduled check and cannot "
            "be created, changed or deleted by hand. Move the opportunity instead."
        )
