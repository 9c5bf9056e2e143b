import random
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.webhook import PATIENCE, pause_after

HEALTHS = [
    ("off", "Switched off"),
    ("ok", "In order"),
    ("failing", "Failing"),
    ("paused", "Paused after failures"),
    ("dead", "Events given up"),
]


class CrmWebhook(models.Model):
    """How a receiver answers, and what waits for it.

    These columns are written in SQL by the sending: it clears no cache, and no
    seller's move waits for it (a foreign key holds no lock against it).
    """

    _name = "crm.webhook"
    _inherit = ["crm.webhook"]

    failures = fields.Integer(
        "Failures in a Row", readonly=True, copy=False, aggregator=None
    )
    failing_since = fields.Datetime(readonly=True, copy=False)
    paused_until = fields.Datetime(
        readonly=True,
        copy=False,
        help="After several failures in a row the receiver is left alone for a while, "
        "so that it does not hold up others. Its events wait.",
    )
    last_error = fields.Char("Last Failure", readonly=True, copy=False)
    last_sent_at = fields.Datetime("Last Received", readonly=True, copy=False)
    waiting_count = fields.Integer("Waiting", compute="_compute_counts")
    dead_count = fields.Integer("Given Up", compute="_compute_counts")
    health = fields.Selection(HEALTHS, compute="_compute_health")

    def _compute_counts(self):
        query = SQL(
            """SELECT webhook_id, COUNT(*) FILTER (WHERE state <> 'dead'),
                      COUNT(*) FILTER (WHERE state = 'dead')
                 FROM crm_webhook_delivery
                WHERE webhook_id = ANY(%(ids)s) AND event <> 'test' AND (
                      state IN ('waiting', 'failed') OR state = 'dead')
                GROUP BY webhook_id""",
            ids=self.ids,
        )
        rows = self.env.execute_query(query) if self.ids else []
        counts = {webhook_id: found for webhook_id, *found in rows}
        for webhook in self:
            found = counts.get(webhook._origin.id, (0, 0))
            webhook.waiting_count, webhook.dead_count = found

    @api.depends("active", "failures", "paused_until", "dead_count")
    def _compute_health(self):
        now = self.env.cr.now()
        for webhook in self:
            if not webhook.active:
                webhook.health = "off"
            elif webhook.dead_count:
                webhook.health = "dead"
            elif webhook.paused_until and webhook.paused_until > now:
                webhook.health = "paused"
            else:
                webhook.health = "failing" if webhook.failures else "ok"

    def _note_success(self):
        """The receiver took an event; written once a minute at most."""
        self.env.cr.execute(
            SQL(
                """UPDATE crm_webhook
                      SET failures = 0, failing_since = NULL, paused_until = NULL,
                          last_error = NULL, last_sent_at = %(now)s
                    WHERE id = %(id)s AND (failures > 0 OR last_sent_at IS NULL
                          OR last_sent_at < %(now)s - interval '1 minute')""",
                now=self.env.cr.now(),
                id=self.id,
            )
        )
        self.invalidate_recordset()

    def _note_failure(self, error):
        """The receiver failed: leave it alone for a while, when it does so often."""
        now = self.env.cr.now()
        rows = self.env.execute_query(
            SQL(
                """UPDATE crm_webhook
                      SET failures = COALESCE(failures, 0) + 1, last_error = %(error)s,
                          failing_since = COALESCE(failing_since, %(now)s)
                    WHERE id = %(id)s RETURNING failures""",
                error=error,
                now=now,
                id=self.id,
            )
        )
        pause = pause_after(rows[0][0], random.random()) if rows else None
        if pause is not None:
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_webhook SET paused_until = %s WHERE id = %s",
                    now + timedelta(seconds=pause),
                    self.id,
                )
            )
        self.invalidate_recordset()

    def _forget_failures(self):
        """Try the receiver at once, whatever it did before."""
        self.env.cr.execute(
            SQL(
                "UPDATE crm_webhook SET failures = 0, paused_until = NULL"
                " WHERE id = ANY(%s)",
                self.ids,
            )
        )
        self.invalidate_recordset()

    def _switch_off_gone(self):
        """The receiver says that it is gone for good (410)."""
        self.write({"active": False})
        self.message_post(
            body=self.env._(
                "The receiver answered 410 (gone) and was switched off. Events that "
                "wait are kept. Enter its new address and switch it on again, or "
                "leave it archived."
            )
        )
        self._call_responsible(self.env._("Webhook switched off by its receiver"))

    def _call_responsible(self, summary, note=""):
        """An activity for the responsible, one at a time."""
        user = self.user_id if self.user_id.active else self.env["res.users"]
        domain = Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id)
        activities = self.env["mail.activity"].sudo()
        if user and not activities.search_count(
            domain & Domain("summary", "=", summary), limit=1
        ):
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=summary,
                note=note,
            )

    @api.model
    def _earliest_attempt(self):
        """When something is due next; ``None`` when nothing waits."""
        row = self.env.execute_query(
            SQL(
                """SELECT MIN(GREATEST(queue.next_try_at, webhook.paused_until))
                     FROM crm_webhook webhook
                     JOIN LATERAL (
                          SELECT MIN(next_try_at) AS next_try_at
                            FROM crm_webhook_delivery
                           WHERE webhook_id = webhook.id
                             AND state IN ('waiting', 'failed')
                     ) queue ON queue.next_try_at IS NOT NULL
                    WHERE webhook.active"""
            )
        )
        return row[0][0]

    def action_open_deliveries(self):
        """Open the events of this webhook; the rules of events apply there."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_webhook_delivery_action"
        )
        action["domain"] = [("webhook_id", "=", self.id)]
        action["context"] = {
            f"search_default_{name}": 1
            for name in self.env.context.get("delivery_filters", "").split()
        }
        return action

    def action_send_dead_again(self):
        """Send what was given up once more."""
        self.check_access("write")
        self._dead_deliveries().action_send_again()

    def action_dismiss_dead(self):
        """Let what was given up rest: it stays in the log and warns no more."""
        self.check_access("write")
        self._dead_deliveries().action_dismiss()

    def _dead_deliveries(self):
        self.ensure_one()
        domain = Domain("webhook_id", "=", self.id) & Domain("state", "=", "dead")
        deliveries = self.env["crm.webhook.delivery"]
        return deliveries.search(domain & Domain("event", "!=", "test"), order="id")

    @api.model
    def _probing(self):
        """SQL: whether a receiver gets one event only, to see how it is."""
        return SQL("COALESCE(webhook.failures, 0) >= %s", PATIENCE)
