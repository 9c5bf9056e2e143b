"""Emails both ways and done activities are touches; notes and system texts are not."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .touch_common import TouchCase


@tagged("post_install", "-at_install")
class TestTouchpointMail(TouchCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._lead(partner_id=cls.contact.id)
        cls.env.flush_all()

    def _post(self, user=None, lead=None, **values):
        lead = (lead or self.lead).with_user(user or self.seller)
        with self.mock_mail_gateway():
            return lead.message_post(
                **{"body": "Hello", "message_type": "comment", **values}
            )

    def _email(self, **values):
        return self._post(
            user=self.env.ref("base.user_root"),
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            **values,
        )

    def test_reply(self):
        message = self._email(author_id=self.contact.id)
        (row,) = self._of(self.lead)
        self.assertEqual((row.kind, row.partner_id), ("reply", self.contact.id))
        self.assertEqual(row.external_key, f"mail.message:{message.id}")
        self.assertEqual(row.company_id, self.company.id)
        self.assertEqual((row.campaign, row.medium, row.source), (None, None, None))

    def test_reply_of_nobody_known(self):
        self._email(author_id=False, email_from="stranger@test.example.com")
        (row,) = self._of(self.lead)
        self.assertEqual((row.kind, row.partner_id), ("reply", self.contact.id))

    def test_impossible_dates(self):
        now = self.env.cr.now()
        for date in (datetime(1, 1, 1), now + timedelta(days=90)):
            self._email(author_id=self.contact.id, date=date)
        first, second = self._of(self.lead)
        self.assertEqual(first.happened_at, datetime(1990, 1, 1))
        self.assertEqual(second.happened_at, now)

    def test_sent(self):
        self._post(partner_ids=self.contact.ids, subtype_xmlid="mail.mt_comment")
        self.assertEqual(self._kinds(self.lead), ["email_sent"])
        self.lead.message_subscribe(self.contact.ids)
        self._post(subtype_xmlid="mail.mt_comment")
        self.assertEqual(self._kinds(self.lead), ["email_sent"] * 2)

    def test_sent_by_email(self):
        """A salesperson who answers in his mailbox sends, and does not reply."""
        self._email(author_id=self.seller.partner_id.id, partner_ids=self.contact.ids)
        self.assertEqual(self._kinds(self.lead), ["email_sent"])

    def test_sent_to_an_address(self):
        self._post(
            outgoing_email_to="someone@test.example.com",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self._kinds(self.lead), ["email_sent"])

    def test_sent_later(self):
        later = self.env.cr.now() + timedelta(days=1)
        message = self._post(
            partner_ids=self.contact.ids,
            subtype_xmlid="mail.mt_comment",
            scheduled_date=later,
        )
        self.assertFalse(self._of(self.lead))
        with self.mock_mail_gateway():
            self.env["mail.message.schedule"].sudo().search(
                [("mail_message_id", "=", message.id)]
            )._send_notifications()
        self.assertEqual(self._kinds(self.lead), ["email_sent"])

    def test_no_touches(self):
        colleague = self.manager.partner_id.ids
        self._post(partner_ids=self.contact.ids)
        self._post(partner_ids=colleague, subtype_xmlid="mail.mt_comment")
        self._post(message_type="notification", partner_ids=self.contact.ids)
        self.lead.with_user(self.seller).message_notify(
            body="Look", partner_ids=self.contact.ids
        )
        self.lead.with_user(self.seller)._message_log(body="Logged")
        lead = self.lead.with_user(self.seller).with_context(tracking_disable=False)
        lead.stage_id = self.stage_talk
        self.flush_tracking()
        self.assertFalse(self._of(self.lead))

    def test_template(self):
        """An automation that mails the customer, and one that mails a colleague."""
        template = self.env["mail.template"].create(
            {
                "name": "Test Offer",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Offer",
                "body_html": "<p>Hello</p>",
                "use_default_to": False,
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        with self.mock_mail_gateway():
            template.send_mail(self.lead.id, force_send=True)
            template.partner_to = str(self.manager.partner_id.id)
            template.send_mail(self.lead.id)
        self.assertEqual(self._kinds(self.lead), ["email_sent"])

    def test_mail_to_many(self):
        other = self.env["res.partner"].create(
            {"name": "Test Other", "email": "other@test.example.com"}
        )
        leads = self.lead | self._lead(partner_id=other.id)
        composer = self.env["mail.compose.message"].with_user(self.seller)
        composer = composer.create(
            {
                "composition_mode": "mass_mail",
                "model": "crm.lead",
                "res_ids": leads.ids,
                "subject": "To all",
                "body": "Hello",
                "use_exclusion_list": False,
            }
        )
        with self.mock_mail_gateway():
            composer._action_send_mail()
        self.assertEqual(self._kinds(leads), ["email_sent"] * 2)

    def test_statements(self):
        """One for a touch, none for what is none."""
        sent = {"partner_ids": self.contact.ids, "subtype_xmlid": "mail.mt_comment"}
        self._post(**sent)
        self.assertEqual(self._statements(lambda: self._post(**sent)), 1)
        self.assertEqual(self._statements(self._post), 0)

    def _activity(self, xmlid, **values):
        return self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": self.lead.id,
                "activity_type_id": self.env.ref(xmlid).id,
                "user_id": self.seller.id,
                **values,
            }
        )

    def test_activities(self):
        for name in ("call", "meeting", "todo", "upload_document"):
            xmlid = f"mail.mail_activity_data_{name}"
            self._activity(xmlid).with_user(self.seller).action_done()
        self.assertEqual(self._kinds(self.lead), ["call", "meeting", "activity"])

    def test_activity_type_says_what_it_is(self):
        todo = self.env.ref("mail.mail_activity_data_todo")
        todo.touch_kind_id = self.env.ref("sales_opportunity_plus.touch_kind_social")
        self._activity("mail.mail_activity_data_todo").action_done()
        self.assertEqual(self._kinds(self.lead), ["social"])

    def test_meeting_is_one(self):
        """A planned meeting that is marked as done and that is over is one touch."""
        event = self.env["calendar.event"].create(
            {
                "name": "Test Meeting",
                "start": datetime(2024, 3, 4, 9),
                "stop": datetime(2024, 3, 4, 10),
                "opportunity_id": self.lead.id,
            }
        )
        activity = self._activity(
            "mail.mail_activity_data_meeting", calendar_event_id=event.id
        )
        activity.with_user(self.seller).action_done()
        self._harvest()
        (row,) = self._of(self.lead)
        self.assertEqual(row.external_key, f"calendar.event:{event.id}")
