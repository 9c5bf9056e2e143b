"""Touches forget whom they were with; totals stay."""

from datetime import datetime
from itertools import repeat
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..models.source import crm_touchpoint_anonymise
from ..models.source.touchpoint_sql import Touch
from .touch_common import TouchCase

LATER = datetime(2024, 12, 31)


@tagged("post_install", "-at_install")
class TestTouchpointAnonymise(TouchCase):
    def setUp(self):
        super().setUp()
        self.kind = self.env["crm.touch.kind"].create(
            {"name": "Test Kind", "code": "test_kind", "anonymise_after_days": 30}
        )
        self.won, self.open = self._leads(2)
        self.won.action_set_won()

    def _touch(self, lead=None, at=datetime(2024, 1, 1), kind="test_kind"):
        touch = Touch(
            kind,
            at,
            lead_id=lead and lead.id,
            partner_id=self.contact.id,
            campaign_id=self.campaign.id,
            landing_page="https://example.com/offer?email=me@example.com#top",
            referrer="https://example.com/?q=me",
            click_id="abc",
            note="Me",
        )
        return self.env["crm.touchpoint"]._record([touch])[0][0]

    def _anonymise(self, seconds=None):
        cron = type(self.env["ir.cron"])
        with (
            self._at(LATER),
            patch.object(cron, "_commit_progress", side_effect=seconds or repeat(60)),
        ):
            self.env["crm.touchpoint"]._cron_anonymise()

    def _rows(self, ids):
        return self._touches("touch.id = ANY(%s)", ids)

    def test_what_is_taken_away(self):
        ids = [self._touch(self.won), self._touch()]
        self._anonymise()
        for row in self._rows(ids):
            self.assertEqual(row.landing_page, "https://example.com/offer")
            self.assertEqual(row.anonymised_at, LATER)
            self.assertEqual((row.partner_id, row.note), (None, None))
            self.assertEqual((row.kind, row.campaign), ("test_kind", "Test Spring"))

    def test_what_waits(self):
        """Open deals, young touches and kinds that say never."""
        ids = [
            self._touch(self.open),
            self._touch(self.won, at=datetime(2024, 12, 15)),
            self._touch(self.won, kind="chat"),
        ]
        self._anonymise()
        for row in self._rows(ids):
            self.assertEqual(row.partner_id, self.contact.id)
            self.assertFalse(row.anonymised_at)
        reason = self.env["crm.lost.reason"].create({"name": "Test Reason"})
        self.open.action_set_lost(lost_reason_id=reason.id)
        self._anonymise()
        self.assertTrue(self._rows(ids)[0].anonymised_at)

    def test_never(self):
        ids = [self._touch()]
        self.kind.anonymise_after_days = 0
        self._anonymise()
        self.assertFalse(self._rows(ids)[0].anonymised_at)

    def test_batches_and_kill(self):
        ids = [self._touch() for _n in range(3)]
        with patch.object(crm_touchpoint_anonymise, "BATCH", 1):
            self._anonymise(seconds=[60] * self._before(ids[0]) + [0])
            done = [bool(row.anonymised_at) for row in self._rows(ids)]
            self.assertEqual(done, [True, False, False])
            self._anonymise()
        self.assertTrue(all(row.anonymised_at for row in self._rows(ids)))

    def _before(self, touch_id):
        first = self.env.execute_query(SQL("SELECT min(id) FROM crm_touchpoint"))[0][0]
        return touch_id - first

    def test_deleted_afterwards(self):
        """The contact that was taken away does not come back."""
        self.won.partner_id = self.contact
        ids = [self._touch(self.won)]
        self._anonymise()
        self.won.unlink()
        self.assertFalse(self._rows(ids)[0].partner_id)
