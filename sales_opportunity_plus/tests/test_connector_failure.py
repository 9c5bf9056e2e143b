"""Calls that nobody signed: counted, and held off when there are too many."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from ..models.source import crm_connector_failure
from .connector_common import ROOT, ConnectorMixin


@tagged("post_install", "-at_install")
class TestConnectorFailure(ConnectorMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()
        cls.connector = cls._build_connector()
        cls.lead = cls._lead(email_from="ann@example.com")
        cls.failures = cls.env["crm.connector.failure"].sudo()

    def _fail(self, **changes):
        return self._post("touchpoints", self._item(), secret="another", **changes)

    def _good(self):
        return self._post("touchpoints", self._item(email="ann@example.com"))

    def _figures(self, connector=None):
        connector = connector or self.connector
        connector.invalidate_recordset()
        connector = connector.with_user(self.manager)
        return connector.failure_count, connector.last_failure_address

    def _count(self, address, connector=None):
        connector = connector or self.env["crm.connector"]
        return self.failures._count_failure(connector, address)

    def test_failures_are_shown_on_the_connector_they_name(self):
        other = self._build_connector(name="Other")
        self.assertEqual(self._figures(), (0, False))
        self._fail()
        self._post("touchpoints", self._item(), at=1)
        self._fail(X_SOP_Connector="sop_nobody")
        self.assertEqual(self._good().status_code, 200)
        self.assertEqual(self._figures(), (2, "127.0.0.1"))
        self.assertTrue(self.connector.last_failure_at)
        self.assertEqual(self._figures(other), (0, False))

    def test_too_many_from_one_address_wait_and_who_signs_does_not(self):
        with patch.object(crm_connector_failure, "MOST_FAILURES", 3):
            codes = [self._fail().status_code for _n in range(5)]
            # A minute may end in between; the count begins anew then.
            self.assertEqual(codes[:3], [401] * 3)
            self.assertIn(429, codes)
            response = self._fail(X_SOP_Connector="sop_nobody")
            self.assertEqual(response.status_code, 429)
            self.assertEqual(response.json()["error"]["code"], "too_many_failures")
            self.assertTrue(0 < int(response.headers["Retry-After"]) <= 60)
            hook = self.url_open(
                f"{ROOT}/hooks/any",
                data="{}",
                headers={"Content-Type": "application/json"},
            )
            self.assertEqual(hook.status_code, 429)
            self.assertEqual(self._good().status_code, 200)
        self.assertEqual(self._figures()[0], 5)

    def test_sixty_a_minute_from_one_address(self):
        answers = [self._count("192.0.2.1") for _n in range(62)]
        self.assertEqual(answers, [False] * 60 + [True] * 2)
        self.assertFalse(self._count("192.0.2.2"))

    def test_addresses_of_one_ipv6_network_are_one_caller(self):
        with patch.object(crm_connector_failure, "MOST_FAILURES", 2):
            answers = [self._count(f"2001:db8::{n:x}") for n in range(3)]
            self.assertEqual(answers, [False, False, True])
            self.assertFalse(self._count("2001:db8:0:1::1"))
        self._count("2001:db8::9", self.connector)
        self.assertEqual(self._figures()[1], "2001:db8::/64")

    def test_the_next_minute_begins_anew(self):
        with patch.object(crm_connector_failure, "MOST_FAILURES", 1):
            self._count("192.0.2.1")
            self.assertTrue(self._count("192.0.2.1"))
            self.env.cr.execute(
                "UPDATE crm_connector_failure SET last_at = last_at - interval '1 min'"
                " WHERE bucket >= 0"
            )
            self.assertFalse(self._count("192.0.2.1"))

    def test_however_many_addresses_the_table_stays_small(self):
        with patch.object(crm_connector_failure, "BUCKETS", 2):
            for number in range(20):
                self._count(f"192.0.2.{number}")
        self.assertLessEqual(self.failures.search_count([("bucket", ">=", 0)]), 2)
        self.assertEqual(self.failures.search_count([("bucket", "=", -1)]), 1)

    def test_failures_are_forgotten_after_a_month(self):
        for days, expected in ((30, 1), (32, 0)):
            self._count("192.0.2.1", self.connector)
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_connector_failure SET last_at = %s",
                    self.env.cr.now() - timedelta(days=days),
                )
            )
            self.failures._gc_failures()
            found = self.failures.search_count(
                [("connector_id", "=", self.connector.id)]
            )
            self.assertEqual(found, expected)

    def test_who_reads_them(self):
        for user in (self.manager, self.all_leads):
            with self.assertRaises(AccessError):
                self.env["crm.connector.failure"].with_user(user).search([])
