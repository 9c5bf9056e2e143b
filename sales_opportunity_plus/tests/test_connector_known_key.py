"""The key of another system for an opportunity, remembered from what came beside it."""

from datetime import timedelta
from itertools import count
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from .connector_common import ConnectorMixin


@tagged("post_install", "-at_install")
class TestConnectorKnownKey(ConnectorMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()
        cls.connector = cls._build_connector()
        cls.bob = cls._lead(email_from="bob@example.com")

    def setUp(self):
        super().setUp()
        self.events = count()

    def _found(self, connector=None, **item):
        """(id of the opportunity, how it was found) of a touch."""
        item.setdefault("external_key", f"event {next(self.events)}")
        (answer,) = self._take("touchpoints", self._item(**item), connector=connector)
        if answer["status"] == "rejected":
            return None, answer["code"]
        touch = self.env["crm.touchpoint"].sudo().browse(answer["id"])
        touch.invalidate_recordset()
        return touch.lead_id, answer["matched_by"]

    def _introduce(self, key="K1", email="bob@example.com", **item):
        found = self._found(lead_external_key=key, email=email, **item)
        self.assertEqual(found, (self.bob.id, "email"))

    def test_a_key_beside_an_email_finds_the_opportunity_next_time(self):
        self._introduce()
        self.assertEqual(
            self._found(lead_external_key="K1"), (self.bob.id, "external_key")
        )
        self.bob.email_from = "robert@example.com"
        self._lead(email_from="bob@example.com")
        self.assertEqual(
            self._found(lead_external_key="K1", email="bob@example.com"),
            (self.bob.id, "external_key"),
        )
        keys = self._touches().mapped("lead_external_key")
        self.assertEqual(keys, ["K1", False, False], "it is written once")

    def test_beside_a_lead_as_well(self):
        item = self._item(
            email="bob@example.com", external_key="L1", lead_external_key="K1"
        )
        self._take("leads", item)
        new = self._item(name="New", external_key="L2", lead_external_key="K2")
        (answer,) = self._take("leads", new | {"email": "new@example.com"})
        for key, lead_id in (("K1", self.bob.id), ("K2", answer["id"])):
            found = self._found(lead_external_key=key)
            self.assertEqual(found, (lead_id, "external_key"))

    def test_a_lead_comes_before_it_and_the_key_of_a_touch_after(self):
        ann = self._lead(email_from="ann@example.com")
        self._found(email="ann@example.com", external_key="K1")
        self._introduce("K2")
        # One key that means both: introduced as that of an opportunity, it is that.
        self.env.cr.execute(
            "UPDATE crm_touchpoint SET lead_external_key = 'K1' WHERE lead_id = %s"
            " AND lead_external_key = 'K2'",
            [self.bob.id],
        )
        self.assertEqual(self._found(lead_external_key="K1")[0], self.bob.id)
        (answer,) = self._take(
            "leads",
            self._item(external_key="K1", name="C", email="c@example.com"),
        )
        self.assertNotIn(answer["id"], (ann.id, self.bob.id))
        self.assertEqual(self._found(lead_external_key="K1")[0], answer["id"])

    def test_another_connector_and_another_company_know_nothing_of_it(self):
        self._introduce()
        other = self._build_connector(name="Other")
        self.assertEqual(
            self._found(other, lead_external_key="K1"), (None, "unknown_key")
        )
        self.bob.write(
            {
                "team_id": self.team_abroad.id,
                "user_id": False,
                "company_id": self.company_abroad.id,
            }
        )
        self.assertEqual(self._found(lead_external_key="K1"), (None, "unknown_key"))

    def test_it_follows_a_merge(self):
        self._introduce()
        kept = self._lead(email_from="kept@example.com", name="Kept")
        kept.expected_revenue = 10**6
        merged = (self.bob | kept).merge_opportunity(auto_unlink=True)
        self.assertEqual(len(merged.exists()), 1)
        self.assertEqual(self._found(lead_external_key="K1")[0], merged.id)

    def test_a_reversed_touch_names_nothing(self):
        self._introduce()
        touches = self._touches()
        touches._reverse(touches.ids, "wrong opportunity")
        self.assertEqual(self._found(lead_external_key="K1"), (None, "unknown_key"))

    def test_a_contact_that_gets_its_opportunity_later(self):
        self.env["res.partner"].create({"name": "Zoe", "email": "zoe@example.com"})
        found = self._found(lead_external_key="K9", email="zoe@example.com")
        self.assertEqual(found, (0, "none"))
        self.assertEqual(self._touches().lead_external_key, "K9")

    def test_anonymised_it_is_gone(self):
        self._introduce(happened_at="2024-01-01T10:00:00Z")
        kind = self.env["crm.touch.kind"].search([("code", "=", "form")])
        kind.anonymise_after_days = 30
        self.bob.action_set_won()
        self.env.flush_all()
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", return_value=60):
            self.env["crm.touchpoint"]._cron_anonymise()
        touch = self._touches()
        self.assertTrue(touch.anonymised_at - touch.happened_at > timedelta(days=30))
        self.assertFalse(touch.lead_external_key)
        self.assertEqual(self._found(lead_external_key="K1"), (None, "unknown_key"))
