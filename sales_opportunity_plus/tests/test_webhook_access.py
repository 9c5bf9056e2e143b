"""Who may set up webhooks, where they may send to, and who learns the secret."""

import socket
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.source import webhook_post
from ..models.source.crm_webhook import PRIVATE_PARAMETER
from .webhook_common import WebhookCase

PUBLIC = "https://93.184.216.34/events"


@tagged("post_install", "-at_install")
class TestWebhookAccess(WebhookCase):
    def _guard(self):
        self.env["ir.config_parameter"].set_param(PRIVATE_PARAMETER, "False")

    def test_managers_set_up_and_administrators_see_the_secret(self):
        hooks = self.env["crm.webhook"].with_user(self.manager)
        webhook = hooks.create({"name": "Mine", "url": self.receiver.url})
        self.assertEqual(webhook.company_id, self.company)
        self.assertGreaterEqual(len(webhook.sudo().secret), 32)
        for act in (
            lambda: webhook.secret,
            lambda: webhook.write({"secret": "mine"}),
            lambda: webhook.action_new_secret(),
            lambda: webhook.read(["secret", "old_secret"]),
            lambda: webhook.search([("secret", "like", "a%")]),
        ):
            with self.assert_refused(AccessError, "secret"):
                act()
        self.assertFalse(webhook.sudo().copy().secret == webhook.sudo().secret)

    def test_sellers_see_nothing(self):
        webhook = self._webhook()
        lead = self._lead()
        for record in (webhook, self._written(lead)):
            for act in ("read", "search", "unlink"):
                arguments = {"read": [["id"]], "search": [[]]}.get(act, [])
                record = record.with_user(self.all_leads)
                with (
                    self.subTest(model=record._name, act=act),
                    self.assert_refused(AccessError, "allowed"),
                ):
                    getattr(record, act)(*arguments)
        for name in ("action_send_again", "action_dismiss", "action_open_lead"):
            with self.assert_refused(AccessError, "allowed"):
                getattr(self._written(lead).with_user(self.seller), name)()
        for name in (
            "action_send_test",
            "action_send_dead_again",
            "action_dismiss_dead",
            "action_open_deliveries",
        ):
            with self.assert_refused(AccessError, "allowed"):
                getattr(webhook.with_user(self.seller), name)()

    def test_nobody_writes_events_by_hand(self):
        self._webhook()
        delivery = self._written(self._lead()).with_user(self.manager)
        self.assertIn("created", delivery.payload_text)
        for act in (
            lambda: delivery.write({"state": "sent"}),
            lambda: delivery.unlink(),
            lambda: delivery.create({"event": "won"}),
        ):
            with self.assert_refused(AccessError, "allowed"):
                act()

    def test_companies_are_apart(self):
        south = self._webhook(company_id=self.company_abroad.id)
        lead = self._lead(
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
        )
        delivery = self._written(lead)
        self.assertEqual(delivery.webhook_id, south)
        for record in (south, delivery):
            record = record.with_user(self.manager)
            self.assertFalse(record.search([("id", "in", record.ids)]))
            with self.assert_refused(AccessError, "access"):
                record.read(["id"])
        with self.assert_refused(AccessError, "allowed|access"):
            self._webhook().with_user(self.manager).write(
                {"company_id": self.company_abroad.id}
            )

    def test_private_and_odd_addresses_are_refused(self):
        self._guard()
        webhook = self._webhook(url=PUBLIC)
        for url in (
            "http://example.com/",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://metadata.google.internal/",
            "https://user:pw@example.com/",
            "ftp://example.com/",
            "https://exa mple.com/",
            "https://example.com:99999/",
            "javascript:alert(1)",
            "https://",
        ):
            with self.subTest(url=url), self.assert_refused(ValidationError, "cannot"):
                webhook.url = url

    def test_what_a_name_stands_for_is_checked_when_connecting(self):
        self._guard()
        webhook = self._webhook(url="https://events.example.com/x")
        self._lead()

        def found(host, port, *args, **options):
            self.assertEqual(host, "events.example.com")
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port)),
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.8", port)),
            ]

        send = webhook_post.HTTPAdapter.send
        with (
            # The test mode of Odoo would stop it before it looks the name up.
            patch.object(
                webhook_post.requests.Session,
                "send",
                lambda session, request, **options: send(
                    session.get_adapter(request.url),
                    request,
                    timeout=options["timeout"],
                    stream=True,
                ),
            ),
            patch.object(webhook_post.socket, "getaddrinfo", found),
            patch.object(webhook_post.socket, "create_connection") as connect,
        ):
            self._deliver()
        connect.assert_not_called()
        self.assertIn("private network (10.0.0.8)", self._written(webhook).last_error)

    def test_an_address_that_was_allowed_once_is_refused_later(self):
        webhook = self._webhook()
        self._lead()
        self._guard()
        self._deliver()
        self.assertEqual(self.receiver.received, [])
        self.assertIn("not allowed", self._written(webhook).last_error)
        self.assertIn("private network", webhook.problem)

    def test_the_test_button(self):
        webhook = self._webhook().with_user(self.manager)
        params = webhook.action_send_test()["params"]
        self.assertEqual(params["type"], "success")
        self.assertIn("Answer 200", params["message"])
        self.assertIn("thanks", params["message"])
        self.assertEqual(self.receiver.payloads[0]["webhook"]["name"], "Test Hook")
        self.receiver.status = 500
        params = webhook.action_send_test()["params"]
        self.assertEqual(params["type"], "danger")
        self.assertIn("Answer 500: no thanks", params["message"])
        self.assertEqual(self._told(webhook), ["test", "test"])
        self.assertEqual((webhook.dead_count, webhook.health), (0, "ok"))

    def test_wrong_input(self):
        webhook = self._webhook()
        for values in (
            {"domain": "[('x_none', '=', 1)]"},
            {"domain": "not a domain"},
            {"domain": "[('id', '=', uid)]"},
            {"timeout": 0},
            {"timeout": 31},
            {"field_names": "priority, x_none"},
            {"field_names": "tag_ids"},
            {"field_names": "display_name"},
            {"field_names": "name'; DROP TABLE crm_lead; --"},
            {"field_names": ",".join(["city"] * 41)},
        ):
            with (
                self.subTest(values=values),
                self.assert_refused((ValidationError, Exception), "."),
            ):
                webhook.write(values)
                self.env.flush_all()
        self._lead()
        with self.assert_refused(UserError, "Archive it instead"):
            webhook.unlink()
