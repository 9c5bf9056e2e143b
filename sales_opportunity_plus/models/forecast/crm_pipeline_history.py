from odoo import fields, models

from ..selections import FORECAST_CATEGORIES, LEAD_TYPES, STATUSES


class CrmPipelineHistory(models.Model):
    """What each opportunity looked like, as of any day: a row per change, not per day.

    A row is valid from the day ``valid_from`` until the day before ``valid_to``, as
    it stood at the end of those days; days are those of the opportunity's company.
    Rows are written in SQL by the statement of the day (``_take``) and by the
    backfill, and by nothing else: people read ``crm.pipeline.history.report``.

    Columns that name other records are plain integers without foreign keys: a row
    outlives what it names, and foreign keys make bulk inserts many times slower.
    """

    _name = "crm.pipeline.history"
    _inherit = ["crm.append.only"]
    _description = "Pipeline History"
    _log_access = False
    _order = "valid_from desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Integer(
        "Opportunity ID", required=True, readonly=True, aggregator=None
    )
    lead_type = fields.Selection(LEAD_TYPES, readonly=True)
    stage_id = fields.Integer("Stage ID", readonly=True, aggregator=None)
    team_id = fields.Integer("Sales Team ID", readonly=True, aggregator=None)
    user_id = fields.Integer("Salesperson ID", readonly=True, aggregator=None)
    company_id = fields.Integer("Company ID", readonly=True, aggregator=None)
    status = fields.Selection(STATUSES, required=True, readonly=True)
    forecast_category = fields.Selection(FORECAST_CATEGORIES, readonly=True)
    amount = fields.Float(
        "Expected Revenue",
        digits=(16, 2),
        readonly=True,
        help="In the currency of the row.",
    )
    recurring_amount = fields.Float(
        "Expected MRR",
        digits=(16, 2),
        readonly=True,
        help="Monthly recurring revenue, in the currency of the row.",
    )
    currency_id = fields.Integer("Currency ID", readonly=True, aggregator=None)
    rate = fields.Float(
        digits=0,
        readonly=True,
        aggregator=None,
        help="Rate of the currency for the company on the first day of the row.",
    )
    probability = fields.Float(
        readonly=True, aggregator="avg", help="Percent; the one that counted."
    )
    date_deadline = fields.Date("Expected Closing", readonly=True)
    date_closed = fields.Date(
        "Closed On",
        readonly=True,
        help="Day of the company on which it was won or lost.",
    )
    valid_from = fields.Date(required=True, readonly=True)
    valid_to = fields.Date(
        readonly=True, help="The first day on which it was different; empty: still so."
    )
    is_reconstructed = fields.Boolean(
        "Reconstructed",
        readonly=True,
        help="Rebuilt at installation from what Odoo had tracked. What was not "
        "tracked is as it was on the day of the installation.",
    )

    _chronological = models.Constraint(
        "CHECK (valid_to > valid_from)",
        "What an opportunity looked like is valid for one day at least.",
    )
    # One current row per opportunity, and each begins where the one before it ended.
    _one_current = models.UniqueIndex(
        "(lead_id) WHERE valid_to IS NULL",
        "An opportunity looks one way at a time.",
    )
    # A first filling writes current rows only: it need not write these. By the second
    # the waterfall finds what was otherwise before.
    _past = models.Index("(lead_id) WHERE valid_to IS NOT NULL")
    _ended = models.Index("(valid_to) WHERE valid_to IS NOT NULL")

    def _append_only_text(self):
        return self.env._(
            "The pipeline history is taken each night and cannot be created, changed "
            "or deleted by hand. Change the opportunity: it is taken again with the "
            "next night, or at once by “Take history now”."
        )
