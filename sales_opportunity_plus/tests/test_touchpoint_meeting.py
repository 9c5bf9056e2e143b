"""Meetings that were held."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from .touch_common import TouchCase


@tagged("post_install", "-at_install")
class TestTouchpointMeeting(TouchCase):
    def _event(self, start, lead=None, **values):
        return self.env["calendar.event"].create(
            {
                "name": "Test Meeting",
                "start": start,
                "stop": start + timedelta(hours=1),
                "opportunity_id": (lead or self._lead(partner_id=self.contact.id)).id,
                **values,
            }
        )

    def test_held(self):
        event = self._event(datetime(2024, 3, 4, 9))
        self._harvest()
        self._harvest()
        (row,) = self._of(event.opportunity_id)
        self.assertEqual((row.kind, row.happened_at), ("meeting", event.start))
        self.assertEqual(row.partner_id, self.contact.id)
        self.assertEqual(row.company_id, self.company.id)
        self.assertEqual(row.external_key, f"calendar.event:{event.id}")

    def test_to_come_or_called_off(self):
        lead = self._lead()
        self._event(self.env.cr.now() + timedelta(hours=1), lead)
        self._event(self.env.cr.now() - timedelta(minutes=30), lead)
        self._event(datetime(2024, 3, 4, 9), lead, active=False)
        self._harvest()
        self.assertFalse(self._of(lead))

    def test_becomes_past(self):
        now = self.env.cr.now()
        event = self._event(now + timedelta(hours=1))
        self._harvest()
        with self._at(now + timedelta(hours=3)):
            self._harvest()
        self.assertEqual(self._kinds(event.opportunity_id), ["meeting"])

    def test_gets_its_opportunity_later(self):
        event = self._event(datetime(2024, 3, 4, 9), opportunity_id=False)
        self._harvest()
        lead = self._lead()
        with self._at(self.env.cr.now() + timedelta(hours=1)):
            event.opportunity_id = lead
            self._harvest()
        self.assertEqual(self._kinds(lead), ["meeting"])
