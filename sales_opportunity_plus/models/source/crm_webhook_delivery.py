import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..selections import DELIVERY_STATES, WEBHOOK_EVENTS

#: After so many days an event that was received is forgotten.
KEEP_PARAMETER = "sales_opportunity_plus.webhook_keep_days"
#: Rows that one statement deletes.
CLEAN_BATCH = 10_000
_FIRST = ("version", "event", "event_id", "occurred_at", "move", "moved_by")


class CrmWebhookDelivery(models.Model):
    """An event on its way to a webhook, and what became of it.

    Written in SQL by the moves (``webhook_sql``), in the same transaction, and sent
    by a scheduled action. The payload is what was true when it happened. The ID of
    the opportunity has no foreign key: the event outlives it.
    """

    _name = "crm.webhook.delivery"
    _description = "Outgoing Event"
    _log_access = False
    _order = "id desc"
    _rec_name = "event_id"

    webhook_id = fields.Many2one(
        "crm.webhook", required=True, readonly=True, ondelete="restrict"
    )
    event = fields.Selection(WEBHOOK_EVENTS, required=True, readonly=True)
    event_id = fields.Char(
        "Event ID",
        required=True,
        readonly=True,
        help="Stays the same however often it is sent: the receiver knows by it that "
        "it has the event already.",
    )
    lead_id = fields.Integer("Opportunity ID", readonly=True, aggregator=None)
    lead_name = fields.Char(
        "Opportunity", readonly=True, help="Its name when the event happened."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    happened_at = fields.Datetime(required=True, readonly=True)
    payload = fields.Json("Payload (Data)", required=True, readonly=True)
    payload_text = fields.Text("Payload", compute="_compute_payload_text")
    state = fields.Selection(
        DELIVERY_STATES, required=True, readonly=True, default="waiting"
    )
    attempts = fields.Integer(readonly=True, help="How often it was sent.")
    next_try_at = fields.Datetime(
        "Next Attempt",
        readonly=True,
        help="While it is being sent: when it is sent again if the server is stopped "
        "meanwhile.",
    )
    sent_at = fields.Datetime("Received On", readonly=True)
    last_status = fields.Integer(
        "Answer", readonly=True, aggregator=None, help="HTTP status of the last answer."
    )
    last_error = fields.Char("Last Failure", readonly=True)
    duration = fields.Integer(
        "Duration (ms)",
        readonly=True,
        aggregator="avg",
        help="How long the receiver took for its last answer, in milliseconds.",
    )

    _of_webhook = models.Index("(webhook_id, id)")
    _queue = models.Index("(webhook_id, id) WHERE state IN ('waiting', 'failed')")
    _queue_of_lead = models.Index(
        "(lead_id, webhook_id, id) WHERE state IN ('waiting', 'failed')"
    )
    _given_up = models.Index("(webhook_id, id) WHERE state = 'dead'")

    @api.depends("payload")
    def _compute_payload_text(self):
        for delivery in self:
            told = delivery.payload or {}
            # The table keeps names in an order of its own.
            ordered = {name: told[name] for name in _FIRST if name in told} | told
            delivery.payload_text = json.dumps(ordered, indent=2, ensure_ascii=False)

    @api.depends("event", "lead_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        events = dict(self._fields["event"]._description_selection(self.env))
        for delivery in self:
            event = events.get(delivery.event, "")
            name = delivery.lead_name
            delivery.display_name = f"{event}: {name}" if name else event

    def action_open_lead(self):
        """Open the opportunity; its own record rules apply there."""
        self.ensure_one()
        self.check_access("read")
        lead = self.env["crm.lead"].with_context(active_test=False)
        lead = lead.search([("id", "=", self.lead_id)])
        if not lead:
            raise UserError(
                self.env._(
                    "The opportunity “%s” does not exist any more, or is not yours.",
                    self.lead_name or self.lead_id,
                )
            )
        return lead.get_formview_action()

    def action_send_again(self):
        """Send these events once more, from the first attempt on.

        The receiver sees the same event IDs.
        """
        self.check_access("read")
        self._check_may_steer()
        off = self.webhook_id.filtered(lambda webhook: not webhook.active)
        if off:
            raise UserError(
                self.env._(
                    "The webhook “%s” is switched off. Switch it on first, then send "
                    "its events again.",
                    off[0].display_name,
                )
            )
        self.env.cr.execute(
            SQL(
                "UPDATE crm_webhook_delivery SET state = 'waiting', attempts = 0,"
                " next_try_at = %s WHERE id = ANY(%s)",
                self.env.cr.now(),
                self.ids,
            )
        )
        self.invalidate_recordset()
        self.webhook_id.invalidate_recordset(["waiting_count", "dead_count"])
        self.webhook_id.sudo()._forget_failures()
        self._wake()

    def action_dismiss(self):
        """Give up these events, or stop being warned of those that were given up."""
        self.check_access("read")
        self._check_may_steer()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_webhook_delivery SET state = 'dropped', next_try_at = NULL"
                " WHERE id = ANY(%s) AND state IN ('waiting', 'failed', 'dead')",
                self.ids,
            )
        )
        self.invalidate_recordset()
        self.webhook_id.invalidate_recordset(["waiting_count", "dead_count"])

    def _check_may_steer(self):
        """Rows of a log are nobody's to write: who sets up the webhook steers them."""
        self.check_access("read")
        self.webhook_id.check_access("write")

    @api.model
    def _wake(self, at=None):
        """Have events sent now, or at a moment."""
        cron = self.env.ref(
            "sales_opportunity_plus.ir_cron_webhook", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger(at)

    @api.autovacuum
    def _gc_sent(self):
        """Forget events that were received long ago; the others stay."""
        days = self.env["ir.config_parameter"].sudo().get_param(KEEP_PARAMETER)
        days = int(days) if (days or "").isdigit() else 30
        if not days:
            return None
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_webhook_delivery WHERE id IN ("
                " SELECT id FROM crm_webhook_delivery WHERE state = 'sent'"
                " AND sent_at < %s - make_interval(days => %s) LIMIT %s)",
                self.env.cr.now(),
                days,
                CLEAN_BATCH,
            )
        )
        done = self.env.cr.rowcount
        self.invalidate_model(flush=False)
        # How many there are is not known: as many again.
        return done, done if done == CLEAN_BATCH else 0
