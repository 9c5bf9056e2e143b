from datetime import timedelta

from .mailing_common import SENT, MailingCase


class TestMailingTouch(MailingCase):
    """Whom a mailing touched, when, and with which campaign."""

    def test_sent_opened_clicked_and_answered(self):
        deal = self._deal("Test Deal", email_from="buyer@buyer.example.com")
        trace = self._trace(deal, open=60, reply=600)
        click = self._click(trace, 65)
        self._collect()
        rows = {row.kind: row for row in self._of_trace(trace)}
        self.assertEqual(
            {kind: row.happened_at for kind, row in rows.items()},
            {
                "email_sent": SENT,
                "email_open": SENT + timedelta(seconds=60),
                "email_click": SENT + timedelta(seconds=65),
                "reply": SENT + timedelta(seconds=600),
            },
        )
        for row in rows.values():
            self.assertEqual((row.lead_id, row.matched_by), (deal.id, "given"))
            self.assertEqual(row.company_id, self.company.id)
            self.assertEqual(row.note, "Test Spring Offer")
            self.assertEqual(
                (row.campaign, row.medium, row.source),
                ("Test Spring", "Email", self.mailing.source_id.name),
            )
        self.assertEqual(rows["email_click"].landing_page, click.link_id.url)
        self.assertIn(deal.id, self._stale())

    def test_a_second_run_writes_nothing(self):
        trace = self._trace(self._person("again"), open=60)
        self._click(trace, 70)
        self._collect()
        before = self._touches("TRUE")
        self._collect()
        self.assertEqual(self._touches("TRUE"), before)

    def test_what_happens_later_is_added(self):
        trace = self._trace(self._person("later"))
        self._collect()
        self.assertEqual(self._kinds_of(trace), ["email_sent"])
        trace.write(
            {"trace_status": "open", "open_datetime": SENT + timedelta(hours=1)}
        )
        self._collect()
        self.assertEqual(self._kinds_of(trace), ["email_open", "email_sent"])

    def test_mails_that_nobody_got_are_no_touches(self):
        person = self._person("nobody")
        for values in (
            {"trace_status": "cancel", "failure_type": "mail_bl"},
            {"trace_status": "error"},
            {"trace_status": "bounce"},
            {"is_test_trace": True},
        ):
            trace = self._trace(person, **values)
            self._collect()
            self.assertEqual(self._of_trace(trace), [], values)

    def test_a_contact_is_touched_where_no_opportunity_is_known(self):
        person = self._person("alone", company_id=self.company.id)
        trace = self._trace(person)
        self._collect()
        (row,) = self._of_trace(trace)
        self.assertEqual(
            (row.lead_id, row.partner_id, row.company_id, row.matched_by),
            (None, person.id, self.company.id, "none"),
        )

    def test_the_only_open_opportunity_of_a_contact_is_touched(self):
        person = self._person("buyer")
        deal = self._deal("Test Only", partner_id=person.id)
        lost = self._deal("Test Lost", partner_id=person.id)
        lost.action_set_lost()
        lost.date_closed = SENT - timedelta(days=1)
        trace = self._trace(person)
        self._collect()
        (row,) = self._of_trace(trace)
        self.assertEqual((row.lead_id, row.matched_by), (deal.id, "contact"))

    def test_several_open_opportunities_touch_the_contact_alone(self):
        person = self._person("busy")
        for name in ("Test One", "Test Two"):
            self._deal(name, partner_id=person.id)
        trace = self._trace(person)
        self._collect()
        (row,) = self._of_trace(trace)
        self.assertEqual((row.lead_id, row.partner_id), (None, person.id))

    def test_one_that_existed_then_comes_before_later_ones(self):
        person = self._person("patient")
        deal = self._deal("Test Then", partner_id=person.id)
        self._deal("Test Later", SENT + timedelta(days=30), partner_id=person.id)
        self._deal("Test Lead", partner_id=person.id, type="lead")
        trace = self._trace(person)
        self._collect()
        (row,) = self._of_trace(trace)
        self.assertEqual(row.lead_id, deal.id)

    def test_an_address_of_a_list_finds_contact_and_opportunity(self):
        person = self._person("listed")
        deal = self._deal(
            "Test Listed", email_from="Listed <listed@listed.example.com>"
        )
        trace = self._trace(self._subscriber("listed@listed.example.com"))
        self._collect()
        (row,) = self._of_trace(trace)
        self.assertEqual((row.lead_id, row.partner_id), (deal.id, person.id))
        self.assertEqual(row.matched_by, "email")

    def test_an_address_of_several_contacts_is_nobodys(self):
        for name in ("Test Twin One", "Test Twin Two"):
            self._person(name, email="twin@twin.example.com")
        trace = self._trace(self._subscriber("twin@twin.example.com"))
        self._collect()
        self.assertEqual(self._of_trace(trace), [])

    def test_an_unknown_address_is_nobodys(self):
        trace = self._trace(self._subscriber("who@who.example.com"))
        self._collect()
        self.assertEqual(self._of_trace(trace), [])

    def test_an_opportunity_of_another_company_is_not_touched(self):
        person = self._person("border", company_id=self.company.id)
        self._deal(
            "Test Abroad",
            email_from=person.email,
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
        )
        trace = self._trace(person)
        self._collect()
        (row,) = self._of_trace(trace)
        self.assertEqual((row.lead_id, row.partner_id), (None, person.id))
        self.assertEqual(row.company_id, self.company.id)

    def test_a_deleted_opportunity_leaves_its_address(self):
        person = self._person("survivor")
        deal = self._deal("Test Gone", email_from=person.email)
        trace = self._trace(deal)
        deal.unlink()
        self._collect()
        (row,) = self._of_trace(trace)
        self.assertEqual((row.lead_id, row.partner_id), (None, person.id))

    def test_an_answer_on_the_opportunity_is_one_touch_of_the_mailing(self):
        person = self._person("writer")
        deal = self._deal("Test Answer", partner_id=person.id)
        trace = self._trace(deal)
        trace.set_opened()
        trace.set_replied()
        self._post(deal)
        self._collect()
        (row,) = [row for row in self._of(deal) if row.kind == "reply"]
        self.assertTrue(row.external_key.startswith("mail.message:"))
        self.assertEqual(
            (row.campaign, row.medium, row.note),
            ("Test Spring", "Email", "Test Spring Offer"),
        )

    def test_an_answer_to_no_mailing_has_no_campaign(self):
        person = self._person("speaker")
        deal = self._deal("Test Talk", partner_id=person.id)
        self._trace(deal, reply=600)
        self._post(deal)
        rows = [row for row in self._of(deal) if row.kind == "reply"]
        self.assertEqual([row.campaign for row in rows], [None])

    def _post(self, deal):
        """What a customer writes is recorded while it is posted."""
        deal.message_post(
            body="Yes",
            message_type="email",
            author_id=deal.partner_id.id,
            subtype_id=self.env.ref("mail.mt_comment").id,
        )

    def _subscriber(self, email):
        return self.env["mailing.contact"].create({"name": "Test", "email": email})
