"""The past at installation is what live capture would have recorded."""

from datetime import datetime

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.mail.tests.common import MailCase

from .touch_common import TouchCase

ACTIVITY = "mail.mail_activity_data"


@tagged("post_install", "-at_install")
class TestTouchpointBackfill(TouchCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._lead(
            type="lead",
            partner_id=cls.contact.id,
            campaign_id=cls.campaign.id,
            source_id=cls.source.id,
        )

    def _talk(self):
        """Everything that is a touch, and much that is none."""
        seller = self.lead.with_user(self.seller)
        comment = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        with self.mock_mail_gateway():
            seller.message_post(body="Hi", partner_ids=self.contact.ids, **comment)
            seller.message_post(
                body="For us", partner_ids=self.manager.partner_id.ids, **comment
            )
            seller.message_post(body="Note", partner_ids=self.contact.ids)
            self.lead.message_post(
                body="Yes",
                author_id=self.contact.id,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
                date=datetime(1, 1, 1),
            )
            self.lead.message_post(
                body="?",
                author_id=False,
                email_from="a@test.example.com",
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            )
        self.lead.convert_opportunity(self.contact)

    def _plan(self):
        """Done activities, of which one is in the calendar, and a meeting alone."""
        start = {"start": datetime(2024, 3, 4, 9), "stop": datetime(2024, 3, 4, 10)}
        planned, _alone = self.env["calendar.event"].create(
            [{"name": n, "opportunity_id": self.lead.id, **start} for n in "ab"]
        )
        social = self.env.ref("sales_opportunity_plus.touch_kind_social")
        self.env.ref("mail.mail_activity_data_todo").touch_kind_id = social
        for name in ("call", "todo", "upload_document", "meeting"):
            activity = self.env["mail.activity"].create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "res_id": self.lead.id,
                    "activity_type_id": self.env.ref(f"{ACTIVITY}_{name}").id,
                    "calendar_event_id": name == "meeting" and planned.id,
                }
            )
            activity.with_user(self.seller).action_done()

    def _told(self):
        return sorted(row._replace(id=0) for row in self._of(self.lead))

    def _backfill(self):
        self.env["crm.touchpoint"]._backfill()

    def test_as_if_live(self):
        self._talk()
        self._plan()
        self._harvest()
        live = self._told()
        self.assertEqual(len(live), 9)
        self._backfill()
        self.assertEqual(self._told(), live)
        self.env.cr.execute(
            SQL("DELETE FROM crm_touchpoint WHERE lead_id = %s", self.lead.id)
        )
        self.env.cr.execute(SQL("DELETE FROM crm_touch_harvest"))
        self.env.invalidate_all()
        self._backfill()
        self.assertEqual(self._told(), live)
        self._harvest()
        self.assertEqual(self._told(), live)

    def test_former_colleague(self):
        """Who left was one of us when he wrote."""
        comment = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        with self.mock_mail_gateway():
            self.lead.with_user(self.seller).message_post(body="Hi", **comment)
        self.seller.action_archive()
        self._backfill()
        self.assertEqual(self._kinds(self.lead), ["created"])
