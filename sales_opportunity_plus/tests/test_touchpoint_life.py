"""Touches outlive what they name: merged, deleted and renamed records."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.source.touchpoint_sql import Touch
from .touch_common import TouchCase


@tagged("post_install", "-at_install")
class TestTouchpointLife(TouchCase):
    def _sourced(self, **values):
        return self._lead(
            campaign_id=self.campaign.id, medium_id=self.medium.id, **values
        )

    def _record(self, kind="chat", **values):
        at = self.env.cr.now()
        return self.env["crm.touchpoint"]._record([Touch(kind, at, **values)])

    def test_merge(self):
        """The one that stays has all touches; who was touched is not forgotten."""
        first, second = self._sourced(probability=90), self._sourced(type="lead")
        second.campaign_id = self.campaign_other
        self._record(lead_id=second.id, external_key="test:1")
        ids = [row.id for row in self._of(first | second)]
        merged_ids = (first | second).ids
        self._stale()
        head = (first | second).merge_opportunity()
        rows = self._of(head)
        self.assertEqual([row.id for row in rows], ids)
        (gone,) = set(merged_ids) - set(head.ids)
        self.assertEqual([row.merged_lead_id for row in rows], [None] + [gone] * 3)
        self.assertEqual(self._stale(), set(merged_ids))

    def test_merge_brings_no_touch(self):
        """Values that the merge copies were touches when they came."""
        first = self._lead(probability=90)
        second = self._sourced()
        head = (first | second).merge_opportunity()
        self.assertEqual(head.campaign_id, self.campaign)
        self.assertEqual(self._kinds(head), ["created"])
        head.campaign_id = self.campaign_other
        self.assertEqual(self._kinds(head), ["created", "source_change"])

    def test_merged_twice(self):
        first, second, third = (self._sourced(probability=n) for n in (90, 50, 10))
        (second | third).merge_opportunity()
        head = (first | second).merge_opportunity()
        merged = [row.merged_lead_id for row in self._of(head)]
        self.assertEqual(merged, [None, second.id, third.id])

    def test_deletion(self):
        """The contact keeps the history, though the touch did not name it."""
        lead = self._sourced()
        self._record(lead_id=lead.id)
        lead.partner_id = self.contact
        lead_id = lead.id
        self._stale()
        lead.unlink()
        rows = self._touches("merged_lead_id = %s", lead_id)
        self.assertEqual([row.partner_id for row in rows], self.contact.ids * 2)
        self.assertEqual({row.lead_id for row in rows}, {None})
        self.assertEqual(self._stale(), {lead_id})

    def test_deleted_opportunity_is_not_adopted(self):
        lead = self._sourced(partner_id=self.contact.id)
        lead_id = lead.id
        lead.unlink()
        other = self._lead(partner_id=self.contact.id)
        self._harvest()
        self.assertFalse(self._of(other))
        self.assertEqual(len(self._touches("merged_lead_id = %s", lead_id)), 1)

    def test_another_contact(self):
        """A touch was with whom it was with."""
        lead = self._sourced(partner_id=self.contact.id)
        lead.partner_id = self.env["res.partner"].create({"name": "Another"})
        self.assertEqual(self._of(lead)[0].partner_id, self.contact.id)

    def test_contacts_merged(self):
        contacts = self.env["res.partner"].create(
            [{"name": f"Double {n}", "email": "double@test.example.com"} for n in "ab"]
        )
        for contact in contacts:
            self._record(partner_id=contact.id)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            contacts.ids, contacts[0]
        )
        self.assertEqual(
            len(self._touches("partner_id = %s", contacts[0].id)), len(contacts)
        )

    def test_renamed(self):
        lead = self._sourced(source_id=self.source.id)
        self.campaign.title = "Test Summer"
        self.medium.name = "Test Radio"
        self.source.name = "Test Station"
        (row,) = self._of(lead)
        self.assertEqual(row.campaign, self.campaign.name)
        self.assertIn("Summer", row.campaign)
        self.assertEqual((row.medium, row.source), ("Test Radio", "Test Station"))

    def test_renamed_to_direct(self):
        """Credits of the last touch that was not direct are computed again."""
        lead = self._lead(medium_id=self.medium.id)
        self._stale()
        self.medium.name = "Test Other"
        self.assertFalse(self._stale())
        self.env["utm.medium"].search([("name", "=ilike", "direct")]).name = "Else"
        self._stale()
        self.medium.name = "Direct"
        self.assertEqual(self._stale(), {lead.id})

    def test_deleted_names_stay(self):
        lead = self._sourced(source_id=self.source.id)
        self.campaign.unlink()
        self.source.unlink()
        (row,) = self._of(lead)
        self.assertEqual((row.campaign, row.source), ("Test Spring", "Test Gazette"))

    def test_kinds(self):
        """A kind that was used stays, and so does its code."""
        used, free = self.env["crm.touch.kind"].create(
            [{"name": f"Test {n}", "code": f"test_{n}"} for n in ("used", "free")]
        )
        self._record("test_used", partner_id=self.contact.id)
        kinds = used.with_user(self.manager)
        with self.assert_refused(UserError, "“Test used” cannot be deleted.*Archive"):
            kinds.unlink()
        with self.assert_refused(ValidationError, "code “test_used” of.*Test used"):
            kinds.code = "other"
        kinds.write({"code": "test_used", "name": "Renamed", "active": False})
        free.with_user(self.manager).code = "test_else"
        free.with_user(self.manager).unlink()
        with self.assert_refused(IntegrityError, "anonymise_after"):
            kinds.anonymise_after_days = -1
            kinds.flush_recordset()
