from odoo import api, fields, models
from odoo.tools import SQL

from ..selections import TOUCH_CONSENTS, TOUCH_MATCHES
from . import touchpoint_one_sql, touchpoint_sql


class CrmTouchpoint(models.Model):
    """A row per touch of a deal or a contact: the ledger.

    Rows are written in SQL (``_record``) and by nothing else: people read them
    through ``crm.touchpoint.report``. A correction is a reversal row. Columns that
    name other records are plain integers: a touch outlives what it names.
    """

    _name = "crm.touchpoint"
    _inherit = ["crm.append.only"]
    _description = "Touchpoint"
    _log_access = False
    _order = "happened_at desc, id desc"
    _rec_name = "external_key"

    lead_id = fields.Integer("Opportunity ID", readonly=True, aggregator=None)
    merged_lead_id = fields.Integer(
        "Merged or Deleted Opportunity ID",
        readonly=True,
        aggregator=None,
        help="The opportunity that was touched, when it was merged into another one "
        "or deleted.",
    )
    partner_id = fields.Integer("Contact ID", readonly=True, aggregator=None)
    kind_id = fields.Integer("Kind ID", required=True, readonly=True, aggregator=None)
    channel_id = fields.Integer(
        "Channel ID", required=True, readonly=True, aggregator=None
    )
    happened_at = fields.Datetime(required=True, readonly=True)
    landing_page = fields.Char(readonly=True)
    referrer = fields.Char(readonly=True)
    click_id = fields.Char(readonly=True)
    cost = fields.Float(digits=(16, 4), readonly=True)
    currency_id = fields.Integer("Currency ID", readonly=True, aggregator=None)
    origin = fields.Char(
        required=True,
        readonly=True,
        help="The system that reported it: odoo, import, manual, or a connector.",
    )
    external_key = fields.Char(
        readonly=True, help="Names the event in the origin system; unique there."
    )
    lead_external_key = fields.Char(
        readonly=True,
        help="What the origin system calls the opportunity, where it was found by "
        "something else: the next touch with this key finds it.",
    )
    company_id = fields.Integer("Company ID", readonly=True, aggregator=None)
    consent = fields.Selection(TOUCH_CONSENTS, readonly=True)
    matched_by = fields.Selection(
        TOUCH_MATCHES, readonly=True, help="How the opportunity was found."
    )
    note = fields.Char(readonly=True)
    reverses_id = fields.Integer("Reverses ID", readonly=True, aggregator=None)
    reversed_by_id = fields.Integer("Reversed By ID", readonly=True, aggregator=None)
    recorded_at = fields.Datetime(required=True, readonly=True)
    recorded_by_id = fields.Integer("Recorded By ID", readonly=True, aggregator=None)
    anonymised_at = fields.Datetime(readonly=True)

    _plausible_moment = models.Constraint(
        "CHECK (happened_at BETWEEN '1970-01-01' AND '2199-12-31')",
        "A touch happened at a moment that cannot be.",
    )
    _cost_is_an_amount = models.Constraint(
        "CHECK (cost >= 0 AND cost <> 'NaN'::numeric)",
        "The cost of a touch is an amount of zero or more.",
    )
    _once_per_origin = models.UniqueIndex(
        "(origin, external_key) WHERE external_key IS NOT NULL"
    )
    _names_a_deal = models.Index(
        "(origin, lead_external_key) WHERE lead_external_key IS NOT NULL"
    )
    # Touches of contacts that have no opportunity (yet), in the order of their coming.
    _without_deal = models.Index("(recorded_at) WHERE lead_id IS NULL")
    _journey = models.Index("(lead_id, happened_at, id) WHERE lead_id IS NOT NULL")
    _of_contact = models.Index("(partner_id, happened_at) WHERE partner_id IS NOT NULL")
    _with_cost = models.Index("(happened_at) WHERE cost > 0")

    def _append_only_text(self):
        return self.env._(
            "Touches are recorded by what happens and cannot be created, changed or "
            "deleted by hand. Use “Add a Touch” on the opportunity, or reverse the "
            "touch there."
        )

    @api.model
    def _record(self, touches):
        """Write touches; those whose external key is known already are left out.

        :param touches: list of ``touchpoint_sql.Touch``
        :return: list of (id, lead id, origin, external key) of the new rows
        """
        if not touches:
            return []
        if len(touches) == 1:
            now = self.env.cr.now()
            one = touchpoint_one_sql.record_one(touches[0], now, self.env.uid)
            self.env.cr.execute(one)
            if rows := self.env.cr.fetchall():
                return rows
        return self._record_sql(touchpoint_sql.given(touches))

    @api.model
    def _record_sql(self, given):
        """Write the touches that an SQL selects (columns of ``Touch``), set-based."""
        statement = touchpoint_sql.record(given, self.env.cr.now(), self.env.uid)
        self.env.cr.execute(statement)
        rows = self.env.cr.fetchall()
        self.invalidate_model(flush=False)
        return rows

    @api.model
    def _record_many(self, given):
        """``_record_sql`` for any number of touches: say only how many are new."""
        count = SQL("COUNT(*)")
        now, user_id = self.env.cr.now(), self.env.uid
        self.env.cr.execute(touchpoint_sql.record(given, now, user_id, count))
        self.invalidate_model(flush=False)
        return self.env.cr.fetchone()[0]

    @api.model
    def _harvests(self):
        """What other apps record that is touches; override to add to it.

        :return: list of ``touch_harvest.Harvest``
        """
        return []
