from odoo import api, fields, models
from odoo.tools import SQL

from ..selections import MOVES
from .crm_stage_action import TRIGGERS

RUN_STATES = [("done", "Done"), ("failed", "Failed")]


class CrmStageActionRun(models.Model):
    """What an action of a stage did to an opportunity, and when.

    Append-only; written in SQL by the moves and by nothing else. An action that
    does not repeat looks here.
    """

    _name = "crm.stage.action.run"
    _inherit = ["crm.append.only"]
    _description = "Stage Action Run"
    _log_access = False
    _order = "ran_at desc, id desc"
    _rec_name = "action_id"

    ran_at = fields.Datetime("Date", required=True, readonly=True)
    action_id = fields.Many2one(
        "crm.stage.action",
        "Action",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, readonly=True, ondelete="cascade"
    )
    merged_lead_id = fields.Integer(
        "Merged Opportunity ID",
        readonly=True,
        aggregator=None,
        help="The opportunity that it ran for, when it was merged into another.",
    )
    trigger = fields.Selection(TRIGGERS, "When", required=True, readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    move = fields.Selection(MOVES, readonly=True)
    state = fields.Selection(RUN_STATES, "Outcome", required=True, readonly=True)
    error = fields.Text(
        readonly=True,
        groups="sales_team.group_sale_manager",
        help="What went wrong. The opportunity moved all the same.",
    )
    user_id = fields.Many2one("res.users", "Moved By", readonly=True)

    _of_lead = models.Index("(lead_id, action_id)")

    @api.model
    def _done_for(self, action_ids, lead_ids):
        """The pairs ``(action id, lead id)`` that were done before."""
        if not action_ids:
            return set()
        query = SQL(
            "SELECT DISTINCT action_id, lead_id FROM crm_stage_action_run"
            " WHERE lead_id = ANY(%s) AND action_id = ANY(%s) AND state = 'done'",
            list(lead_ids),
            list(action_ids),
        )
        return set(self.env.execute_query(query))

    @api.model
    def _log(self, rows):
        """Write what ran, in one statement.

        :param rows: dicts with ``action_id``, ``trigger``, ``stage_id``, ``move``,
            ``lead_id`` and ``error`` (``None``: it went well)
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_stage_action_run (ran_at, user_id, action_id, trigger,"
                " stage_id, move, lead_id, state, error) VALUES %s",
                SQL(", ").join(
                    SQL(
                        "%s",
                        (
                            self.env.cr.now(),
                            self.env.uid,
                            row["action_id"],
                            row["trigger"],
                            row["stage_id"],
                            row["move"],
                            row["lead_id"],
                            "failed" if row["error"] else "done",
                            row["error"],
                        ),
                    )
                    for row in rows
                ),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _adopt(self, lead_ids, into_id):
        """Hand the runs of merged opportunities to the one that survives."""
        self.env.cr.execute(
            SQL(
                "UPDATE crm_stage_action_run SET lead_id = %(into_id)s,"
                " merged_lead_id = COALESCE(merged_lead_id, lead_id)"
                " WHERE lead_id = ANY(%(lead_ids)s)",
                into_id=into_id,
                lead_ids=list(lead_ids),
            )
        )
        self.invalidate_model(flush=False)

    def _append_only_text(self):
        return self.env._(
            "The log of stage actions is written by the moves themselves and "
            "cannot be created, changed or deleted by hand."
        )
