from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import HttpCase, TransactionCase, tagged

from odoo.addons.sales_opportunity_plus_mass_mailing.models import machine

from .mailing_common import SENT, MailingCase

PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
GMAIL = f"{PERSON} (via ggpht.com GoogleImageProxy)"
PREFIX = machine.PREFIX


class TestMailingMachine(MailingCase):
    """Machines that open and click are counted, and are no touches."""

    def setUp(self):
        super().setUp()
        self.person = self._person("reader")

    def test_opened_within_two_seconds_of_delivery(self):
        for seconds, kinds in ((2, []), (3, ["email_open"])):
            trace = self._trace(self.person, open=seconds)
            self._collect()
            self.assertEqual(self._kinds_of(trace), [*kinds, "email_sent"])
            self.assertEqual(trace.source_by_machine, not kinds)

    def test_clicked_within_two_seconds_of_delivery(self):
        trace = self._trace(self.person)
        self._click(trace, 1)
        self._click(trace, 30)
        self._collect()
        self.assertEqual(self._kinds_of(trace), ["email_click", "email_sent"])

    def test_the_seconds_are_a_parameter(self):
        self.env["ir.config_parameter"].set_param(f"{PREFIX}.machine_seconds", "20")
        trace = self._trace(self.person, open=15)
        self._collect()
        self.assertEqual(self._kinds_of(trace), ["email_sent"])

    def test_two_links_within_a_second(self):
        """And the opening that came with it."""
        trace = self._trace(self.person, open=60)
        self._click(trace, 60.2, self.links[0])
        self._click(trace, 60.7, self.links[1])
        self._collect()
        self.assertEqual(self._kinds_of(trace), ["email_sent"])

    def test_the_same_link_twice_is_a_double_click(self):
        trace = self._trace(self.person, open=50)
        self._click(trace, 60.2)
        self._click(trace, 60.7)
        self._collect()
        self.assertEqual(self._kinds_of(trace).count("email_click"), 2)

    def test_two_links_two_seconds_apart(self):
        trace = self._trace(self.person)
        self._click(trace, 60, self.links[0])
        self._click(trace, 62, self.links[1])
        self._collect()
        self.assertEqual(self._kinds_of(trace).count("email_click"), 2)

    def test_a_known_program_clicked(self):
        trace = self._trace(self.person)
        self._click(trace, 60, source_by_machine=True)
        self._collect()
        self.assertEqual(self._kinds_of(trace), ["email_sent"])

    def test_a_person_opens_after_a_machine(self):
        trace = self._trace(self.person)
        with freeze_time(SENT + timedelta(seconds=1)):
            trace.set_opened()
        with freeze_time(SENT + timedelta(hours=2)):
            trace.set_opened()
        self.assertEqual(trace.source_machine_opens, 1)
        self._collect()
        rows = {row.kind: row.happened_at for row in self._of_trace(trace)}
        self.assertEqual(rows["email_open"], SENT + timedelta(hours=2))

    def test_a_mailing_says_how_many(self):
        self._trace(self.person, open=1)
        self._trace(self.person, open=60)
        clicked = self._trace(self.person)
        self._click(clicked, 1)
        self.assertEqual(self.mailing.source_machine_count, 2)
        domain = self.mailing.action_source_view_machines()["domain"]
        self.assertIn(clicked, self.env["mailing.trace"].search(domain))
        others = [("source_by_machine", "=", False), *domain[:1]]
        self.assertEqual(self.env["mailing.trace"].search_count(others), 1)


class TestMachineNames(TransactionCase):
    def test_programs(self):
        words = machine.agents(self.env)
        for name in ("", None, "Mozilla/5.0", "Barracuda Sentinel", "HeadlessChrome/1"):
            self.assertTrue(machine.is_machine(name, words), name)
        for name in (PERSON, GMAIL, "YahooMailProxy; https://help.yahoo.com"):
            self.assertFalse(machine.is_machine(name, words), name)

    def test_a_parameter_that_is_no_number_changes_nothing(self):
        set_param = self.env["ir.config_parameter"].set_param
        for text in ("soon", "-1", "nan", "1e9", ""):
            set_param(f"{PREFIX}.machine_seconds", text)
            self.assertEqual(machine.pause(self.env), 2.0, text)


@tagged("post_install", "-at_install")
class TestMailingTracking(HttpCase):
    """The picture and the links of a mail, asked for over HTTP."""

    def setUp(self):
        super().setUp()
        person = self.env["res.partner"].create(
            {"name": "Test Reader", "email": "reader@reader.example.com"}
        )
        self.mailing = self.env["mailing.mailing"].create(
            {
                "subject": "Test",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
            }
        )
        self.trace = self.env["mailing.trace"].create(
            {
                "model": "res.partner",
                "res_id": person.id,
                "mass_mailing_id": self.mailing.id,
                "trace_status": "sent",
                "sent_datetime": SENT,
                "mail_mail_id_int": 4711,
            }
        )

    def _open(self, agent):
        token = self.env["mail.mail"]._generate_mail_recipient_token(4711)
        url = f"/mail/track/4711/{token}/blank.gif"
        self.url_open(url, headers={"User-Agent": agent})
        self.trace.invalidate_recordset()

    def test_opening(self):
        self._open("Mozilla/5.0")
        self._open("curl/8.0")
        self.assertEqual(self.trace.trace_status, "open")
        self.assertEqual(self.trace.source_machine_opens, 2)
        self.assertFalse(self.trace.source_opened_at)
        self._open(GMAIL)
        self.assertEqual(self.trace.source_machine_opens, 2)
        self.assertTrue(self.trace.source_opened_at)

    def test_clicking(self):
        with patch(
            "odoo.addons.mail.tools.link_preview.get_link_preview_from_url",
            return_value=None,
        ):
            link = self.env["link.tracker"].create({"url": "/web/health"})
        url = f"/r/{link.code}/m/{self.trace.id}"
        for agent in (PERSON, "Mimecast Scanner"):
            self.url_open(url, headers={"User-Agent": agent}, allow_redirects=False)
        by_machine = link.link_click_ids.sorted("id").mapped("source_by_machine")
        self.assertEqual(by_machine, [False, True])
