import json
import uuid

from odoo import models
from odoo.tools import SQL

from . import webhook_post, webhook_sql


class CrmWebhook(models.Model):
    """What a webhook sends: to try it out, and the values of every sending."""

    _name = "crm.webhook"
    _inherit = ["crm.webhook"]

    def _parcel_values(self):
        """The last values of a ``webhook_post.Parcel``."""
        self.ensure_one()
        return (
            self.url,
            self._signing_secrets(),
            self.timeout,
            self._private_allowed(),
        )

    def action_send_test(self):
        """Send a test event now, and show what the receiver answers."""
        self.ensure_one()
        self.check_access("write")
        # The secret is for administrators; signing with it tells it to nobody.
        webhook = self.sudo()
        delivery = webhook._new_test()
        parcel = webhook_post.Parcel(
            delivery.id,
            self.id,
            "test",
            delivery.event_id,
            json.dumps(delivery.payload).encode(),
            0,
            *webhook._parcel_values(),
        )
        with webhook_post.new_session(parcel.private_allowed) as session:
            answer = webhook_post.post(parcel, session)
        text = delivery._note_test(parcel, answer)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if answer.accepted else "danger",
                "title": self.env._("The receiver took the test event")
                if answer.accepted
                else self.env._("The test event was not received"),
                "message": text,
                "sticky": not answer.accepted,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _new_test(self):
        """The row of a test event; it is sent once and never again."""
        event_id, now = str(uuid.uuid4()), self.env.cr.now()
        payload = {
            "version": webhook_sql.VERSION,
            "event": "test",
            "event_id": event_id,
            "occurred_at": now.isoformat(timespec="milliseconds") + "Z",
            "webhook": {"id": self.id, "name": self.name},
        }
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO crm_webhook_delivery (webhook_id, event, event_id,"
                " company_id, happened_at, payload, state, attempts)"
                " VALUES (%s, 'test', %s, %s, %s, %s, 'dead', 0) RETURNING id",
                self.id,
                event_id,
                self.company_id.id,
                now,
                json.dumps(payload),
            )
        )
        return self.env["crm.webhook.delivery"].browse(rows[0][0])


class CrmWebhookDelivery(models.Model):
    _name = "crm.webhook.delivery"
    _inherit = ["crm.webhook.delivery"]

    def _note_test(self, parcel, answer):
        """Note the answer to a test event; return it in words."""
        accepted = answer.accepted
        text = (
            self.env._(
                "Answer %(status)s after %(duration)s ms. %(text)s", **answer._asdict()
            )
            if accepted
            else self._failure_text(parcel, answer)
        )
        self._write_row(
            state="sent" if accepted else "dead",
            attempts=1,
            sent_at=self.env.cr.now() if accepted else None,
            last_status=answer.status,
            last_error=None if accepted else text,
            duration=answer.duration,
        )
        if accepted:
            self.webhook_id._note_success()
        return text
