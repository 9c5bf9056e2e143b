"""Events on their way to a real receiver: order, failures, retries, signatures."""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine import signature
from ..models.source import crm_webhook_cron, webhook_post
from .webhook_common import WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookDelivery(WebhookCase):
    def _later(self, **span):
        return self._at(self.env.cr.now() + timedelta(**span))

    def test_events_are_received_and_signed(self):
        webhook = self._webhook(send_personal=True)
        lead = self._lead(name="Größe", email_from="ada@example.com")
        lead.write({"stage_id": self.stage_won.id})
        self.assertEqual(self.receiver.received, [])
        self._deliver()
        self.assertEqual(self.receiver.events, ["created", "stage_moved", "won"])
        written = self._written(webhook)
        self.assertEqual(written.mapped("state"), ["sent"] * 3)
        self.assertEqual(written.mapped("last_status"), [200] * 3)
        self.assertEqual(self.receiver.payloads, written.mapped("payload"))
        self.assertEqual((webhook.health, webhook.waiting_count), ("ok", 0))
        for (headers, body), delivery in zip(
            self.receiver.received, written, strict=True
        ):
            stamp = int(headers["X-SOP-Timestamp"])
            self.assertTrue(signature.is_recent(stamp, time.time()))
            given = headers["X-SOP-Signature"]
            self.assertTrue(signature.is_signed([webhook.secret], stamp, body, given))
            self.assertFalse(
                signature.is_signed([webhook.secret], stamp, body + b" ", given)
            )
            self.assertEqual(headers["X-SOP-Event"], delivery.event)
            self.assertEqual(headers["X-SOP-Event-Id"], delivery.event_id)
        self._deliver()
        self.assertEqual(len(self.receiver.received), 3)

    def test_a_replaced_secret_signs_for_a_day(self):
        webhook = self._webhook()
        old = webhook.secret
        webhook.action_new_secret()
        self.assertNotEqual(webhook.secret, old)
        self._lead()
        self._deliver()
        headers, body = self.receiver.received[0]
        stamp = int(headers["X-SOP-Timestamp"])
        given = headers["X-SOP-Signature"].split(",")
        for secret, one in zip((webhook.secret, old), given, strict=True):
            self.assertTrue(signature.is_signed([secret], stamp, body, one))
        with self._later(hours=25):
            self.assertEqual(webhook._signing_secrets(), (webhook.secret,))

    def test_failures_are_tried_again_until_they_are_given_up(self):
        webhook = self._webhook(on_stage_moved=False)
        self.receiver.status = 503
        self._lead()
        delivery, waits, now = self._written(webhook), [], self.env.cr.now()
        for attempt in range(1, 8):
            with self._at(now):
                self._deliver()
                # Before it is due, or while the receiver is left alone, nothing.
                self._deliver()
            self.assertEqual(len(self.receiver.received), attempt)
            self.assertEqual(delivery.attempts, attempt)
            if delivery.next_try_at:
                self.assertEqual(delivery.state, "failed")
                waits.append((delivery.next_try_at - now).total_seconds())
                now = max(delivery.next_try_at, webhook.paused_until or now)
        for wait, least in zip(waits, (60, 300, 1800, 7200, 21600, 86400), strict=True):
            self.assertGreaterEqual(wait, least - 1)
            self.assertLessEqual(wait, least * 1.2 + 1)
        self.assertEqual((delivery.state, delivery.last_status), ("dead", 503))
        self.assertEqual(delivery.last_error, "Answer 503: no thanks")
        self.assertEqual((webhook.health, webhook.dead_count), ("dead", 1))
        calls = webhook.activity_ids.mapped("summary")
        self.assertEqual(len(calls), 2)
        self.assertEqual(webhook.activity_ids.user_id, self.manager)
        # The same event, from the start.
        self.receiver.status = 204
        delivery.with_user(self.manager).action_send_again()
        self._deliver()
        self.assertEqual((delivery.state, webhook.health), ("sent", "ok"))
        self.assertEqual(len(set(map(str, self.receiver.payloads))), 1)

    def test_events_of_an_opportunity_keep_their_order(self):
        webhook = self._webhook()
        stuck, other = self._lead(name="Stuck"), self._lead(name="Other")
        (stuck | other).write({"stage_id": self.stage_talk.id})
        self.receiver.statuses["Stuck"] = 500
        self._deliver()
        told = [(p["opportunity"]["name"], p["event"]) for p in self.receiver.payloads]
        self.assertEqual(
            told, [("Stuck", "created"), ("Other", "created"), ("Other", "stage_moved")]
        )
        self.assertEqual(webhook.failures, 0)
        self.receiver.statuses.clear()
        with self._later(minutes=2):
            self._deliver()
        self.assertEqual(self.receiver.events[-2:], ["created", "stage_moved"])
        # One that was given up holds nothing up.
        self.receiver.statuses["Stuck"] = 500
        stuck.write({"stage_id": self.stage_offer.id})
        self._deliver()
        self._written(stuck)[-1].action_dismiss()
        self.receiver.statuses.clear()
        stuck.write({"stage_id": self.stage_won.id})
        self._deliver()
        self.assertEqual(
            self._written(stuck).mapped("state"),
            ["sent", "sent", "dropped", "sent", "sent"],
        )

    def test_a_dead_receiver_holds_up_nobody(self):
        gone = self._receiver()
        dead = self._webhook(name="Dead", url=gone.url)
        alive = self._webhook(name="Alive")
        gone.close()
        self._leads(30)
        self._deliver()
        self.assertEqual(len(self.receiver.received), 30)
        self.assertEqual(alive.health, "ok")
        self.assertEqual((dead.health, dead.failures), ("paused", 3))
        self.assertIn("No connection", dead.last_error)
        self.assertEqual(self._written(dead).mapped("attempts").count(0), 27)
        # Then one event at a time looks whether it is back.
        with self._later(minutes=2):
            self._deliver()
            self.assertEqual(dead.failures, 4)
            dead.url = self.receiver.url
        with self._later(hours=1):
            self._deliver()
        self.assertEqual((dead.health, dead.waiting_count), ("ok", 0))

    def test_gone_switches_it_off_and_keeps_what_waits(self):
        webhook = self._webhook()
        self.receiver.status = 410
        self._leads(3)
        self._deliver()
        self.assertFalse(webhook.active)
        self.assertEqual(webhook.health, "off")
        self.assertEqual(len(self.receiver.received), 1)
        self.assertIn("410", webhook.message_ids[0].body)
        self.assertEqual(webhook.waiting_count, 3)
        self._lead(name="Not told")
        self.assertEqual(len(self._written(webhook)), 3)
        self.receiver.status = 200
        webhook.active = True
        webhook._forget_failures()
        self._deliver()
        self.assertEqual(set(self._written(webhook).mapped("state")), {"sent"})

    def test_redirects_are_not_followed(self):
        webhook = self._webhook()
        self.receiver.status = 307
        self._lead()
        self._deliver()
        self.assertEqual(len(self.receiver.received), 1)
        self.assertIn("elsewhere", self._written(webhook).last_error)

    def test_a_busy_receiver_says_how_long_to_wait(self):
        webhook = self._webhook()
        self.receiver.status = 429
        self._lead()
        self._deliver()
        wait = self._written(webhook).next_try_at - self.env.cr.now()
        self.assertGreaterEqual(wait, timedelta(minutes=14, seconds=59))

    def test_a_slow_receiver_fails(self):
        webhook = self._webhook()
        self._lead()
        error = webhook_post.requests.exceptions.ReadTimeout()
        with patch.object(webhook_post.requests.Session, "post", side_effect=error):
            self._deliver()
        self.assertEqual(
            self._written(webhook).last_error, "No answer within 10 seconds."
        )

    def test_what_a_killed_server_had_taken_is_sent_again(self):
        webhook = self._webhook()
        self._lead()
        self.env.flush_all()
        taken = self.deliveries._take()
        self.assertEqual(len(taken), 1)
        # Somebody else finds nothing while it is on its way, and killed it stays.
        self._deliver()
        self.assertEqual(self.receiver.received, [])
        with self._at(self.env.cr.now() + crm_webhook_cron.LEASE):
            self._deliver()
        self.assertEqual(len(self.receiver.received), 1)
        self.assertEqual(self._written(webhook).state, "sent")

    def test_the_scheduled_action_itself(self):
        webhook = self._webhook()
        self._leads(120)
        cron = self.env.ref("sales_opportunity_plus.ir_cron_webhook")
        with self.enter_registry_test_mode(), mute_logger("odoo.addons.base"):
            self.assertIs(cron.method_direct_trigger(), True)
        self.env.invalidate_all()
        self.assertEqual(set(self._written(webhook).mapped("state")), {"sent"})
        self.assertEqual(len(self.receiver.received), 120)

    def test_a_failure_wakes_the_action_when_it_is_due(self):
        webhook = self._webhook()
        cron = self.env.ref("sales_opportunity_plus.ir_cron_webhook")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self.receiver.status = 500
        self._lead()
        self._deliver()
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertEqual(triggers.call_at, self._written(webhook).next_try_at)

    def test_received_events_are_forgotten_after_a_while(self):
        webhook = self._webhook()
        self._lead()
        self._deliver()
        self.receiver.status = 500
        self._lead()
        self._deliver()
        self.deliveries._gc_sent()
        self.assertEqual(len(self._written(webhook)), 2)
        with self._later(days=31):
            self.deliveries._gc_sent()
        self.assertEqual(self._written(webhook).state, "failed")
