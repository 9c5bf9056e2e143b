from odoo import fields, models

from ..selections import LIMIT_STATES
from .crm_lead_approval import LeadApproval
from .crm_lead_auto_move import LeadAutoMove
from .crm_lead_decision import LeadDecision
from .crm_lead_describe import LeadDescribe
from .crm_lead_facts import LeadFacts
from .crm_lead_guard import LeadGuard
from .crm_lead_history import LeadHistory
from .crm_lead_lost import LeadLost
from .crm_lead_next_stage import LeadNextStage
from .crm_lead_panel import LeadPanel
from .crm_lead_refusal import LeadRefusal
from .crm_lead_stage_action import LeadStageAction
from .crm_lead_stage_find import LeadStageFind
from .crm_lead_stage_limit import LeadStageLimit
from .crm_lead_stage_limit_search import LeadStageLimitSearch
from .crm_lead_stage_move import LeadStageMove
from .crm_lead_stage_standing import LeadStageStanding
from .crm_lead_stale import LeadStale


class CrmLead(
    LeadStageLimitSearch,
    LeadStageLimit,
    LeadApproval,
    LeadStale,
    LeadNextStage,
    LeadDecision,
    LeadAutoMove,
    LeadStageAction,
    LeadLost,
    LeadStageFind,
    LeadPanel,
    LeadStageMove,
    LeadStageStanding,
    LeadDescribe,
    LeadRefusal,
    LeadGuard,
    LeadFacts,
    LeadHistory,
    models.Model,
):
    """What stage rules add to the opportunity: its fields, and the parts in order.

    Each part is a file of its own; the first ones extend what the later ones begin.
    See ``LeadPart`` for why they are not extensions of the model.
    """

    _name = "crm.lead"
    _inherit = ["crm.lead"]

    stage_history_count = fields.Integer(
        "Stays in Stages", compute="_compute_stage_history_count"
    )
    stage_reason_id = fields.Many2one(
        "crm.stage.reason",
        "Reason for the Move",
        store=False,
        help="Why the opportunity moves; given together with the move and kept in the "
        "decision log.",
    )
    stage_override_reason = fields.Char(
        "Reason to Move Anyway",
        store=False,
        help="Why the opportunity moves although a stage rule says no. It confirms "
        "warnings, and bypasses a block where you may; the decision log keeps it.",
    )
    stage_rule_state = fields.Selection(
        [
            ("none", "No Rule"),
            ("ready", "Ready for Next Stage"),
            ("missing", "Something Missing"),
            ("waiting", "Waiting for Approval"),
            ("late", "Over Time"),
        ],
        "Next Stage",
        compute="_compute_stage_rule_state",
    )
    stage_rule_missing = fields.Integer(
        "Missing for Next Stage",
        compute="_compute_stage_rule_state",
        help="So many things are missing before the opportunity may go on.",
    )
    stage_rule_panel = fields.Json(compute="_compute_stage_rule_panel")
    stage_decision_count = fields.Integer(
        "Stage Decisions", compute="_compute_stage_decision_count"
    )
    stage_approval_count = fields.Integer(
        "Approvals Standing",
        compute="_compute_stage_approval_count",
        help="Requests that wait, and approvals whose move has not happened yet.",
    )
    stage_approval_waiting = fields.Boolean(
        "Waiting for Approval", compute="_compute_stage_approval_count"
    )
    # Not stored: time passes without a write.
    stage_limit_due = fields.Datetime(
        "Time Limit",
        compute="_compute_stage_limit",
        help="When the time limit of the stage is reached.",
    )
    stage_limit_state = fields.Selection(
        LIMIT_STATES,
        "Time in Stage",
        compute="_compute_stage_limit",
        search="_search_stage_limit_state",
        help="Over the time limit of the stage, close to it, or in time. Empty where "
        "there is no limit or the stage pauses the clock.",
    )
