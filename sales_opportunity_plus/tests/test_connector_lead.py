"""Leads that a connector creates."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.source.crm_lead_match import Caller
from .connector_common import ConnectorMixin


@tagged("post_install", "-at_install")
class TestConnectorLead(ConnectorMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()
        cls.connector = cls._build_connector(user_id=cls.seller.id)

    def _leads_of(self, answers):
        return self.env["crm.lead"].browse(answer["id"] for answer in answers)

    def test_leads_that_automation_creates_on_the_way(self):
        """They are of the connector's kind; nobody says so in a context of his own."""
        self.connector.default_kind_id = self.env["crm.touch.kind"].search(
            [("code", "=", "call")]
        )
        leads = self.connector._as_technical().env["crm.lead"]
        self.assertEqual(leads._source_kind_of_creation(), "call")
        forged = self.env["crm.lead"].with_context(source_caller="call")
        self.assertEqual(forged._source_kind_of_creation(), "created")
        self.assertIsInstance(leads.env.context["source_caller"], Caller)

    def test_a_lead_and_its_touch(self):
        answers = self._take(
            "leads",
            self._item(
                external_key="1",
                name="Wants an offer",
                contact_name="Bob",
                company_name="Firm",
                email="bob@example.com",
                phone="+32470998877",
                description="<script>alert(1)</script>\nplease",
                expected_revenue=500,
                campaign="Spring",
                source="Form",
            ),
        )
        self.assertEqual(answers[0]["matched_by"], "created")
        lead = self._leads_of(answers)
        self.assertEqual(lead.company_id, self.company)
        self.assertEqual((lead.team_id, lead.user_id), (self.team, self.seller))
        self.assertEqual(lead.campaign_id.name, "Spring")
        self.assertEqual(lead.expected_revenue, 500)
        self.assertNotIn("<script>", lead.description)
        self.assertEqual(lead.create_uid, self.env.ref("base.user_root"))
        touch = self.env["crm.touchpoint"].sudo().search([("lead_id", "=", lead.id)])
        self.assertEqual(len(touch), 1, "the creation is one touch, not two")
        self.assertEqual(touch.external_key, "lead:1")
        self.assertEqual(touch.matched_by, "created")

    def test_a_known_key_is_a_duplicate(self):
        item = self._item(external_key="1", name="Once")
        first = self._take("leads", item, item)
        again = self._take("leads", item | {"name": "Twice"})
        self.assertEqual(first[1]["status"], "duplicate")
        self.assertEqual(again[0]["status"], "duplicate")
        self.assertEqual({one["id"] for one in first + again}, {first[0]["id"]})
        reason = self.env["crm.lost.reason"].create({"name": "Test"})
        self._leads_of(first[:1]).action_set_lost(lost_reason_id=reason.id)
        lost = self._take("leads", item)
        self.assertEqual(lost[0]["status"], "duplicate")

    def test_a_known_email_is_a_touch_of_the_open_opportunity(self):
        known = self._lead(email_from="bob@example.com")
        answers = self._take(
            "leads", self._item(external_key="1", email="bob@example.com")
        )
        self.assertEqual(answers[0]["id"], known.id)
        self.assertEqual(answers[0]["matched_by"], "email")
        self.assertEqual(self._touches().lead_id, known.id)

    def test_or_another_lead_if_so_set_up(self):
        known = self._lead(email_from="bob@example.com")
        self.connector.when_known = "lead"
        items = [
            self._item(external_key=str(n), email="bob@example.com") for n in range(2)
        ]
        leads = self._leads_of(self._take("leads", *items))
        self.assertEqual(len(leads), 2)
        self.assertNotIn(known, leads)

    def test_one_person_twice_in_a_call_is_one_lead(self):
        items = [
            self._item(external_key="1", email="bob@example.com", phone="+32470998877"),
            self._item(external_key="2", email="BOB@example.com"),
            self._item(external_key="3", phone="+32 470 99 88 77"),
            self._item(external_key="4", email="eve@example.com"),
        ]
        answers = self._take("leads", *items)
        ids = [answer["id"] for answer in answers]
        self.assertEqual(len(set(ids)), 2)
        self.assertEqual(len(set(ids[:3])), 1)
        matched = [answer["matched_by"] for answer in answers]
        self.assertEqual(matched, ["created", "email", "phone", "created"])

    def test_a_bad_lead_does_not_lose_its_neighbours(self):
        create = type(self.env["crm.lead"]).create
        detail = "The lead Bad is refused by model crm.lead"

        def picky(leads, vals_list):
            if any(vals.get("name") == "Bad" for vals in vals_list):
                raise UserError(detail)
            return create(leads, vals_list)

        items = [self._item(external_key=name, name=name) for name in ("A", "Bad", "C")]
        with patch.object(type(self.env["crm.lead"]), "create", picky):
            answers = self._take("leads", *items, items[1])
        statuses = [answer["status"] for answer in answers]
        self.assertEqual(statuses, ["created", "rejected", "created", "rejected"])
        self.assertNotIn("crm.lead", answers[1]["reason"])
        rejection = self.connector.rejection_ids
        self.assertEqual(len(rejection), 1)
        self.assertIn("crm.lead", rejection.detail)
        self.assertEqual(len(self._touches()), 2)
        with mute_logger("odoo.sql_db"):
            rejection.with_user(self.manager).action_source_replay()
        self.assertEqual(rejection.state, "replayed")
        self.assertEqual(len(self._touches()), 3)

    def test_no_cookie_of_the_caller_is_taken(self):
        answers = self._take("leads", self._item(external_key="1", name="Plain"))
        lead = self._leads_of(answers)
        self.assertFalse(lead.campaign_id or lead.medium_id or lead.source_id)
