"""Touches of a contact find the opportunity of the contact."""

from datetime import datetime

from odoo.tests import tagged
from odoo.tools import SQL

from ..models.source.touchpoint_sql import Touch
from .touch_common import TouchCase

MAY = datetime(2024, 5, 1)


@tagged("post_install", "-at_install")
class TestTouchpointAdopt(TouchCase):
    def _deal(self, created, closed=None, won=False, **values):
        lead = self._lead(partner_id=self.contact.id, **values)
        if won:
            lead.action_set_won()
        lead.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET create_date = %s, date_closed = %s WHERE id = %s",
                created,
                closed,
                lead.id,
            )
        )
        lead.invalidate_recordset()
        return lead

    def _touch(self, at=MAY, **values):
        values = {"partner_id": self.contact.id, "company_id": self.company.id} | values
        touch = Touch("email_click", at, **values)
        return self.env["crm.touchpoint"]._record([touch])[0][0]

    def _owner(self, touch_id):
        self._harvest()
        (row,) = self._touches("touch.id = %s", touch_id)
        return row.lead_id, row.matched_by

    def test_next_to_come(self):
        """Whichever of the two comes first."""
        touch = self._touch()
        self.assertEqual(self._owner(touch), (None, None))
        self._stale()
        lead = self._deal(datetime(2024, 6, 1))
        self.assertEqual(self._owner(touch), (lead.id, "adopted"))
        self.assertIn(lead.id, self._stale())
        self.assertEqual(self._owner(self._touch()), (lead.id, "adopted"))
        self._stale()
        self._harvest()
        self.assertFalse(self._stale())

    def test_open_then(self):
        self._deal(datetime(2024, 1, 1), datetime(2024, 2, 1), won=True)
        then = self._deal(datetime(2024, 3, 1), datetime(2024, 9, 1), won=True)
        self._deal(datetime(2024, 6, 1))
        self.assertEqual(self._owner(self._touch())[0], then.id)

    def test_closed_before(self):
        self._deal(datetime(2024, 1, 1), datetime(2024, 2, 1), won=True)
        self.assertEqual(self._owner(self._touch())[0], None)

    def test_colleague(self):
        """The company's opportunity, if the contact has none."""
        firm = self.env["res.partner"].create({"name": "Test Firm", "is_company": True})
        colleague = self.env["res.partner"].create(
            {"name": "Test Colleague", "parent_id": firm.id}
        )
        self.contact.parent_id = firm
        of_firm = self._deal(datetime(2024, 1, 1))
        of_firm.partner_id = firm
        touch = self._touch(partner_id=colleague.id)
        self.assertEqual(self._owner(touch)[0], of_firm.id)
        own = self._deal(datetime(2024, 4, 1))
        self.assertEqual(self._owner(self._touch())[0], own.id)

    def test_companies(self):
        """Never across companies; what has no company goes to any."""
        abroad = self._touch(company_id=self.company_abroad.id)
        nowhere = self._touch(company_id=None)
        lead = self._deal(datetime(2024, 6, 1))
        self.assertEqual(self._owner(abroad)[0], None)
        self.assertEqual(self._owner(nowhere)[0], lead.id)
        (row,) = self._touches("touch.id = %s", nowhere)
        self.assertEqual(row.company_id, self.company.id)

    def test_reversed(self):
        touch = self._touch()
        reversal = self._touch(reverses_id=touch)
        self.env.cr.execute(
            SQL(
                "UPDATE crm_touchpoint SET reversed_by_id = %s WHERE id = %s",
                reversal,
                touch,
            )
        )
        self._deal(datetime(2024, 6, 1))
        self.assertEqual(self._owner(touch)[0], None)
        self.assertEqual(self._owner(reversal)[0], None)
