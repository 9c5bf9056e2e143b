import random
import time
from datetime import timedelta
from queue import Empty, SimpleQueue

from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.tools import SQL

from ...engine.webhook import retry_after
from . import webhook_post

#: Events that one receiver gets in a round, and how long a round begins new ones.
LANE = 50
ROUND_SECONDS = 20
#: An event that was taken to be sent is taken again after that, should the server
#: have been stopped meanwhile. Longer than a round with the longest timeouts.
LEASE = timedelta(minutes=5)
GRACE_SECONDS = 70
_ATTEMPTS_TO_NOTE = 3
#: A receiver that fails for so long is a person's business.
SILENCE = timedelta(days=1)


class CrmWebhookDelivery(models.Model):
    """The sending, by a scheduled action.

    Events are taken for some minutes and that is committed: two servers never send
    the same at once, and what a killed one had taken is sent again. What came of
    each is committed by itself. An event of an opportunity is only taken when the
    ones before it are received or given up.
    """

    _name = "crm.webhook.delivery"
    _inherit = ["crm.webhook.delivery"]

    @api.model
    def _cron_deliver(self):
        cron = self.env["ir.cron"]
        seconds = cron._commit_progress(remaining=1)
        while seconds > 0:
            parcels = self._take()
            if not parcels:
                break
            cron._commit_progress()
            seconds = self._send(parcels)
        now = self.env.cr.now()
        earliest = self.env["crm.webhook"]._earliest_attempt()
        if earliest and earliest > now:
            self._wake(earliest)
        cron._commit_progress(remaining=1 if earliest and earliest <= now else 0)

    @api.model
    def _take(self):
        """Events that are due, as ``webhook_post.Parcel``."""
        webhooks = self.env["crm.webhook"]
        webhooks.flush_model()
        now = self.env.cr.now()
        rows = self.env.execute_query(
            SQL(
                _TAKE,
                now=now,
                until=now + LEASE,
                lane=LANE,
                probing=webhooks._probing(),
            )
        )
        self.invalidate_model(flush=False)
        webhooks = webhooks.sudo().browse({row[1] for row in rows})
        about = {webhook.id: webhook._parcel_values() for webhook in webhooks}
        return [
            webhook_post.Parcel(
                number, webhook_id, event, event_id, body.encode(), *rest
            )
            for number, webhook_id, event, event_id, body, tried in sorted(rows)
            for rest in [(tried, *about[webhook_id])]
        ]

    @api.model
    def _send(self, parcels):
        """Send them, and note what came of each as soon as it is known.

        :return: seconds left
        """
        answers = SimpleQueue()
        webhook_post.send_all(
            parcels, ROUND_SECONDS, lambda *answer: answers.put(answer)
        )
        until = time.monotonic() + ROUND_SECONDS + GRACE_SECONDS
        cron, seconds = self.env["ir.cron"], 0
        for _parcel in parcels:
            try:
                parcel, answer = answers.get(timeout=max(until - time.monotonic(), 0))
            except Empty:
                # A receiver that does not come to an end: its lease will.
                break
            seconds = self._note_committed(parcel, answer, cron)
        return seconds

    def _note_committed(self, parcel, answer, cron):
        """Note an answer, also when somebody changes the webhook meanwhile."""
        for attempt in range(1, _ATTEMPTS_TO_NOTE + 1):
            try:
                self.browse(parcel.delivery_id)._note(parcel, answer)
                return cron._commit_progress(1, remaining=1)
            except SerializationFailure:
                self.env.cr.rollback()
                if attempt == _ATTEMPTS_TO_NOTE:
                    raise
        return 0

    def _note(self, parcel, answer):
        """Note what came of one event; ``None``: it was not sent after all."""
        now, webhook = self.env.cr.now(), self.webhook_id
        if answer is None:
            self._write_row(next_try_at=now)
        elif answer.accepted:
            self._write_row(
                state="sent",
                attempts=parcel.attempts + 1,
                next_try_at=None,
                sent_at=now,
                last_status=answer.status,
                last_error=None,
                duration=answer.duration,
            )
            webhook._note_success()
        else:
            self._note_failed(parcel, answer, now, webhook)

    def _note_failed(self, parcel, answer, now, webhook):
        attempts, error = parcel.attempts + 1, self._failure_text(parcel, answer)
        seconds = retry_after(attempts, random.random())
        if seconds is not None:
            seconds = max(seconds, answer.wait or 0)
        gone = answer.status == 410
        dead = seconds is None and not gone
        again = now if gone else not dead and now + timedelta(seconds=seconds)
        self._write_row(
            state="dead" if dead else "failed",
            attempts=attempts,
            next_try_at=again or None,
            last_status=answer.status,
            last_error=error,
            duration=answer.duration,
        )
        webhook._note_failure(error)
        if webhook.failing_since < now - SILENCE:
            webhook._call_responsible(
                self.env._("Webhook: the receiver fails since a day or more"), error
            )
        if gone and webhook.active:
            webhook._switch_off_gone()
        if dead:
            webhook._call_responsible(
                self.env._("Webhook: events could not be delivered"), error
            )

    def _write_row(self, **values):
        """Write the row of one event."""
        pairs = [SQL("%s = %s", SQL.identifier(n), v) for n, v in values.items()]
        self.env.cr.execute(
            SQL(
                "UPDATE crm_webhook_delivery SET %s WHERE id = %s",
                SQL(", ").join(pairs),
                self.id,
            )
        )
        self.invalidate_recordset(flush=False)

    @api.model
    def _failure_text(self, parcel, answer):
        """Why an event was not received, in a line."""
        if answer.status is not None:
            if 300 <= answer.status < 400:
                return self.env._(
                    "Answer %s: the receiver sends us elsewhere. Enter the final "
                    "address.",
                    answer.status,
                )
            text = " ".join(answer.text.split()) or "–"
            return self.env._(
                "Answer %(status)s: %(text)s", status=answer.status, text=text
            )
        return {
            "address": self.env._("The address is not allowed (%s).", answer.text),
            "private": self.env._(
                "The host belongs to a private network (%s). An administrator can "
                "allow that.",
                answer.text,
            ),
            "tls": self.env._("The connection is not secure: %s", answer.text),
            "timeout": self.env._("No answer within %s seconds.", parcel.timeout),
            "connection": self.env._("No connection: %s", answer.text),
        }[answer.fault]


_TAKE = """
    WITH due AS (
        SELECT next.id FROM crm_webhook webhook
         CROSS JOIN LATERAL (
               SELECT delivery.id FROM crm_webhook_delivery delivery
                WHERE delivery.webhook_id = webhook.id
                  AND delivery.state IN ('waiting', 'failed')
                  AND delivery.next_try_at <= %(now)s
                  AND NOT EXISTS (
                      SELECT FROM crm_webhook_delivery earlier
                       WHERE earlier.lead_id = delivery.lead_id
                         AND earlier.webhook_id = delivery.webhook_id
                         AND earlier.id < delivery.id
                         AND earlier.state IN ('waiting', 'failed'))
                ORDER BY delivery.id
                LIMIT CASE WHEN %(probing)s THEN 1 ELSE %(lane)s END
                  FOR UPDATE SKIP LOCKED
         ) next
         WHERE webhook.active
           AND (webhook.paused_until IS NULL OR webhook.paused_until <= %(now)s)
    )
    UPDATE crm_webhook_delivery delivery SET next_try_at = %(until)s
      FROM due WHERE delivery.id = due.id
 RETURNING delivery.id, delivery.webhook_id, delivery.event, delivery.event_id,
           delivery.payload::text, COALESCE(delivery.attempts, 0)
"""
