"""What becomes of touches and leads of a connector, and of what it may not send."""

from odoo.tests import TransactionCase, tagged

from ..models.source.touchpoint_sql import Touch
from .connector_common import ConnectorMixin


@tagged("post_install", "-at_install")
class TestConnectorIntake(ConnectorMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()
        cls.connector = cls._build_connector()
        cls.lead = cls._lead(email_from="ann@example.com")

    def _of(self, answers, name="status"):
        return [answer.get(name) for answer in answers]

    def test_everything_a_touch_says(self):
        self._take(
            "touchpoints",
            self._item(
                happened_at="2026-03-10T12:00:00.5+02:00",
                external_key="e1",
                email="ann@example.com",
                campaign="Spring 100% off_x",
                medium="Email",
                source="Brevo \u202e evil\u0000",
                landing_page="https://example.com/" + "x" * 10_000,
                referrer="https://example.org",
                click_id="g1",
                cost=12.5,
                currency="tkr",
                consent="contract",
                note="שלום",
            ),
        )
        touch = self._touches()
        self.assertEqual(str(touch.happened_at), "2026-03-10 10:00:00.500000")
        self.assertEqual(touch.currency_id, self.crown.id)
        self.assertEqual((touch.cost, touch.consent), (12.5, "contract"))
        self.assertEqual(len(touch.landing_page), 2000)
        channel = self.env["crm.touch.channel"].sudo().browse(touch.channel_id)
        self.assertEqual(channel.campaign_name, "Spring 100% off_x")
        self.assertEqual(channel.source_name, "Brevo evil")

    def test_defaults_of_the_connector(self):
        source = self.env["utm.source"].create({"name": "Test Forms"})
        self.connector.write(
            {
                "source_id": source.id,
                "consent": "interest",
                "default_kind_id": self.env.ref(
                    "sales_opportunity_plus.touch_kind_call"
                ).id,
            }
        )
        self._take(
            "touchpoints",
            {"email": "ann@example.com", "external_key": "1", "cost": 3},
        )
        touch = self._touches()
        channel = self.env["crm.touch.channel"].sudo().browse(touch.channel_id)
        self.assertEqual(channel.source_id, source.id)
        self.assertEqual(touch.consent, "interest")
        self.assertEqual(touch.currency_id, self.euro.id)
        self.assertEqual(touch.happened_at, self.env.cr.now())

    def test_a_cost_of_nothing_needs_no_currency(self):
        self._take("touchpoints", self._item(email="ann@example.com", cost=0.0))
        self.assertFalse(self._touches().currency_id)

    def test_a_kind_that_is_no_text_is_refused(self):
        for kind in (0, False, [], {}):
            item = {**self._item(email="ann@example.com"), "kind": kind}
            self.assertEqual(self._of(self._take("touchpoints", item)), ["rejected"])

    def test_the_same_event_is_one_touch(self):
        item = self._item(email="ann@example.com", external_key="1")
        nameless = self._item(email="ann@example.com", medium="Phone")
        answers = self._take("touchpoints", item, item, nameless, nameless)
        self.assertEqual(self._of(answers), ["created", "duplicate"] * 2)
        self.assertEqual(answers[0]["id"], answers[1]["id"])
        answers = self._take("touchpoints", item, nameless)
        self.assertEqual(self._of(answers), ["duplicate"] * 2)
        self.assertEqual(len(self._touches()), 2)

    def test_keys_of_leads_and_touches_do_not_meet(self):
        self._take("leads", self._item(external_key="1", name="A lead"))
        answers = self._take(
            "touchpoints",
            self._item(external_key="lead:1", email="ann@example.com"),
            self._item(external_key="touch:lead:1", email="ann@example.com"),
        )
        self.assertEqual(self._of(answers), ["created", "created"])

    def test_what_is_rejected(self):
        ann = {"email": "ann@example.com"}
        items = {
            "not_an_object": [],
            "unknown_field": self._item(**ann, emial="x"),
            "kind": self._item(**ann, kind="nonsense"),
            "happened_at": self._item(**ann, happened_at="2026-03-10T10:00:00"),
            "external_key": self._item(**ann, external_key="x\u0000"),
            "email": self._item(email="nobody"),
            "cost": self._item(**ann, cost=-1),
            "currency": self._item(**ann, currency="ZZZ"),
            "consent": self._item(**ann, consent="yes"),
            "campaign": self._item(**ann, campaign=5),
            "nobody": self._item(),
            "unknown_person": self._item(email="nobody@example.com"),
            "unknown_key": self._item(lead_external_key="?"),
            "phone": self._item(phone="12"),
        }
        answers = self._take("touchpoints", *items.values())
        self.assertEqual(self._of(answers, "code"), list(items))
        for answer in answers:
            self.assertEqual(answer["status"], "rejected")
            self.assertNotRegex(answer["reason"], "crm|res_|psycopg|odoo")
        self.assertEqual(len(self.connector.rejection_ids), len(items))
        self.assertFalse(self._touches())

    def test_impossible_moments(self):
        for moment in (
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "2026-02-30T00:00:00Z",
            "2126-01-01T00:00:00Z",
            "٢٠٢٦-01-01T00:00:00Z",
            "2026-03-10T10:00:00+99:99",
            "",
        ):
            item = self._item(email="ann@example.com", happened_at=moment)
            (answer,) = self._take("touchpoints", item)
            self.assertEqual(answer.get("code"), "happened_at", moment)

    def test_kinds_that_are_not_accepted(self):
        self.connector.kind_ids = self.env.ref("sales_opportunity_plus.touch_kind_form")
        answers = self._take(
            "touchpoints",
            self._item(email="ann@example.com"),
            self._item(email="ann@example.com", kind="call"),
        )
        self.assertEqual(self._of(answers), ["created", "rejected"])

    def test_names_that_are_not_created(self):
        self.connector.create_utm = False
        self.env["utm.medium"].create({"name": "spring_sale"})
        answers = self._take(
            "touchpoints",
            self._item(email="ann@example.com", medium="SPRING_SALE"),
            self._item(email="ann@example.com", medium="springXsale"),
        )
        self.assertEqual(self._of(answers), ["created", "rejected"])
        self.assertFalse(self.env["utm.medium"].search([("name", "=", "springXsale")]))

    def test_names_whose_case_only_some_know(self):
        for _turn in range(2):
            item = self._item(email="ann@example.com", source="İSTANBUL ß")
            self._take("touchpoints", item, item | {"note": "x"})
        sources = self.env["utm.source"].search([("name", "ilike", "STANBUL")])
        self.assertEqual(len(sources), 1)

    def test_somebody_unknown_becomes_a_contact(self):
        self.connector.when_unknown = "contact"
        items = [self._item(email="new@example.com", note=str(n)) for n in range(3)] + [
            self._item(phone="+32470998877")
        ]
        answers = self._take("touchpoints", *items)
        self.assertEqual(self._of(answers), ["created"] * 4)
        partners = self.env["res.partner"].browse(self._touches().mapped("partner_id"))
        self.assertEqual(len(set(partners.ids)), 2)
        self.assertEqual(set(partners.mapped("company_id")), {self.company})

    def test_no_context_makes_touches(self):
        """Not even the name of what carries them: a plain value does nothing."""
        forged = {"touches": [Touch("form", self.env.cr.now())], "names": ["Forged"]}
        lead = self.env["crm.lead"].with_user(self.seller)
        lead = lead.with_context(source_arrivals=forged).create({"name": "Forged"})
        self.assertFalse(self._touches().filtered(lambda t: t.lead_id == lead.id))
