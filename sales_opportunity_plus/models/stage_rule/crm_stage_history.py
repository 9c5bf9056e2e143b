from odoo import fields, models

from ..selections import LEAD_TYPES, MOVES, ORIGINS, STATUSES

EXIT_MOVES = [*MOVES, ("merged", "Merged"), ("deleted", "Deleted")]


class CrmStageHistory(models.Model):
    """A row per stay of an opportunity in a stage.

    A stay lasts as long as stage, status and type stay the same. Rows are
    written in SQL by the lead override (see ``_stage_rule_record`` there) and
    by nothing else: people read them through ``crm.stage.history.report``.

    Columns that name other records are plain integers without foreign keys: a
    stay outlives the salesperson, the team and the opportunity that it names,
    and foreign keys make bulk inserts many times slower.
    """

    _name = "crm.stage.history"
    _inherit = ["crm.append.only"]
    _description = "Stage History"
    _log_access = False
    _order = "entered_at desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Integer(
        "Opportunity ID",
        required=True,
        readonly=True,
        aggregator=None,
        help="The opportunity that the stay belongs to now.",
    )
    merged_lead_id = fields.Integer(
        "Merged Opportunity ID",
        readonly=True,
        aggregator=None,
        help="The opportunity that lived the stay, when it was merged into another.",
    )
    lead_type = fields.Selection(LEAD_TYPES, readonly=True)
    stage_id = fields.Integer("Stage ID", readonly=True, aggregator=None)
    from_stage_id = fields.Integer("From Stage ID", readonly=True, aggregator=None)
    to_stage_id = fields.Integer("To Stage ID", readonly=True, aggregator=None)
    status = fields.Selection(STATUSES, required=True, readonly=True)
    move = fields.Selection(
        MOVES, required=True, readonly=True, help="The kind of move that entered it."
    )
    exit_move = fields.Selection(
        EXIT_MOVES, readonly=True, help="The kind of move that left it."
    )
    entered_at = fields.Datetime(required=True, readonly=True)
    left_at = fields.Datetime(readonly=True)
    user_id = fields.Integer(
        "Salesperson ID",
        readonly=True,
        aggregator=None,
        help="The salesperson on entry.",
    )
    team_id = fields.Integer("Sales Team ID", readonly=True, aggregator=None)
    company_id = fields.Integer("Company ID", readonly=True, aggregator=None)
    currency_id = fields.Integer("Currency ID", readonly=True, aggregator=None)
    amount = fields.Float(
        "Expected Revenue",
        digits=(16, 2),
        readonly=True,
        help="On entry, in the currency of the stay.",
    )
    probability = fields.Float(
        readonly=True, aggregator="avg", help="Percent, on entry."
    )
    moved_by_id = fields.Integer("Moved By ID", readonly=True, aggregator=None)
    origin = fields.Selection(ORIGINS, required=True, readonly=True)

    _chronological = models.Constraint(
        "CHECK (left_at >= entered_at)",
        "A stay in a stage cannot end before it began.",
    )
    # One open stay per opportunity, and each stay begins where the one before
    # it was closed: together they make overlap impossible.
    _one_open_stay = models.UniqueIndex(
        "(lead_id) WHERE left_at IS NULL",
        "An opportunity is in one stage at a time.",
    )
    _timeline = models.Index("(lead_id, entered_at)")

    def _append_only_text(self):
        return self.env._(
            "The stage history is written by the moves themselves and cannot be "
            "created, changed or deleted by hand. Move the opportunity instead."
        )
