"""Touches that creating and writing opportunities record by themselves."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .touch_common import TouchCase


@tagged("post_install", "-at_install")
class TestTouchpointCapture(TouchCase):
    def _sourced(self, **values):
        return self._lead(
            campaign_id=self.campaign.id,
            medium_id=self.medium.id,
            source_id=self.source.id,
            **values,
        )

    def test_created(self):
        """Campaign, medium and source are one touch, with contact and company."""
        with self._at(2024, 3, 4, 9) as moment:
            lead = self._sourced(partner_id=self.contact.id)
        (row,) = self._of(lead)
        self.assertEqual(
            (row.kind, row.campaign, row.medium, row.source, row.happened_at),
            ("created", "Test Spring", "Test Paper", "Test Gazette", moment),
        )
        self.assertEqual(row.partner_id, self.contact.id)
        self.assertEqual(row.company_id, self.company.id)
        self.assertEqual(row.external_key, f"crm.lead:{lead.id}:created")
        self.assertEqual(row.matched_by, "given")
        self.assertEqual(self._stale(), {lead.id})

    def test_without_source(self):
        self.assertFalse(self._of(self._lead()))

    def test_batch(self):
        leads = self._leads(5, source_id=self.source.id)
        self.assertEqual([row.lead_id for row in self._of(leads)], sorted(leads.ids))

    def test_company_of_the_team(self):
        lead = self._lead()
        lead.write({"user_id": False, "team_id": False, "company_id": False})
        lead.source_id = self.source
        lead.user_id = self.seller_abroad
        lead.write({"team_id": False, "company_id": False})
        lead.campaign_id = self.campaign
        companies = [row.company_id for row in self._of(lead)]
        self.assertEqual(companies, [None, self.company_abroad.id])

    def test_import(self):
        result = (
            self.env["crm.lead"]
            .with_context(import_file=True)
            .load(["name", "source_id/.id"], [["Imported", str(self.source.id)]])
        )
        self.assertEqual(
            self._kinds(self.env["crm.lead"].browse(result["ids"])), ["import"]
        )

    def test_change(self):
        """A change is a touch of its own; history keeps what was."""
        lead = self._sourced()
        lead.write({"campaign_id": self.campaign_other.id, "priority": "2"})
        lead.write({"campaign_id": self.campaign_other.id})
        first, second = self._of(lead)
        self.assertEqual(
            (first.campaign, second.campaign), ("Test Spring", "Test Autumn")
        )
        self.assertEqual((second.kind, second.medium), ("source_change", "Test Paper"))

    def test_emptied(self):
        lead = self._sourced()
        lead.write({"campaign_id": False, "medium_id": False, "source_id": False})
        self.assertEqual(self._kinds(lead), ["created"])

    def test_conversion_once(self):
        leads = self._leads(2, type="lead", source_id=self.source.id)
        for lead in leads:
            lead.convert_opportunity(self.contact)
        self.assertEqual(self._kinds(leads), ["created"] * 2 + ["conversion"] * 2)
        leads.write({"type": "lead"})
        leads.write({"type": "opportunity"})
        self.assertEqual(len(self._of(leads)), 4)

    def test_duplicate(self):
        """A copy was brought here by nothing; what changes afterwards is recorded."""
        lead = self._sourced()
        copies = (lead | self._sourced()).copy()
        self.assertEqual(copies.campaign_id, self.campaign)
        self.assertFalse(self._of(copies))
        copies[0].campaign_id = self.campaign_other
        self.assertEqual(self._kinds(copies), ["source_change"])

    def test_forged_context(self):
        """No client can silence the ledger."""
        leads = self.env["crm.lead"].with_user(self.seller)
        for key in ("source_copies", "source_merged"):
            context = {key: True, "source_events_done": {"events": {}}}
            lead = leads.with_context(**context).create(
                self._lead_values(campaign_id=self.campaign.id)
            )
            lead.campaign_id = self.campaign_other
            self.assertEqual(self._kinds(lead), ["created", "source_change"])

    def test_access(self):
        """Nobody writes the ledger by hand; salespeople do not even read the table."""
        lead = self._sourced()
        values = {"lead_id": lead.id, "kind_id": 1, "channel_id": 1, "origin": "x"}
        for user in (self.seller, self.manager):
            touches = self.env["crm.touchpoint"].with_user(user)
            touch = touches.browse(self._of(lead)[0].id)
            with self.assertRaises(AccessError):
                touch.read(["lead_id"])
            for change in (
                lambda touches=touches: touches.create(values),
                lambda touch=touch: touch.write({"lead_id": 0}),
                lambda touch=touch: touch.unlink(),
            ):
                with self.assertRaises(UserError):
                    change()
        with self.assertRaisesRegex(UserError, "recorded by what happens"):
            self.env["crm.touchpoint"].sudo().create(values)
        for model in ("crm.touch.channel", "crm.attribution.stale"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.manager).search([])

    def _count(self, action):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_query_counts(self):
        """A statement for a batch with a source, none where there is no source."""
        sourced = {"campaign_id": self.campaign.id, "source_id": self.source.id}
        self._leads(2, **sourced)
        model = type(self.env["crm.touchpoint"])
        with patch.object(model, "_record", lambda self, touches: []):
            core = self._count(lambda: self._leads(100, **sourced))
        self.assertEqual(self._count(lambda: self._leads(100, **sourced)) - core, 1)
        leads = self._leads(100, **sourced)
        written = {"description": "<p>Nothing of the kind</p>"}
        leads.write(written)
        change = {"priority": "1", **written}
        self.assertEqual(self._statements(lambda: leads.write(change)), 0)
        self.assertEqual(self._statements(leads.unlink), 1)
