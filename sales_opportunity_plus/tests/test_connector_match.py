"""Which opportunity a touch from outside is recorded on."""

from datetime import datetime

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from .connector_common import ConnectorMixin


@tagged("post_install", "-at_install")
class TestConnectorMatch(ConnectorMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()
        cls.company.country_id = cls.env.ref("base.be")
        cls.connector = cls._build_connector()
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Test"})
        cls.ann = cls.env["res.partner"].create(
            {"name": "Ann", "email": "Ann <ann@example.com>", "phone": "+32470123456"}
        )

    def _set(self, lead, column, value):
        """What Odoo would keep in step with something else."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET %s = %s WHERE id = %s",
                SQL.identifier(column),
                value,
                lead.id,
            )
        )
        lead.invalidate_recordset()

    def assert_found(self, lead, matched_by, **item):
        (answer,) = self._take("touchpoints", self._item(**item))
        self.assertEqual(answer["status"], "created", answer)
        self.assertEqual(answer["matched_by"], matched_by)
        touch = self.env["crm.touchpoint"].sudo().browse(answer["id"])
        self.assertEqual(touch.lead_id or 0, lead.id or 0)
        self.assertEqual(touch.matched_by, matched_by)
        self.assertEqual(touch.company_id, self.company.id)
        return touch

    def test_by_email_however_it_is_written(self):
        lead = self._lead(email_from="Bob <Bob@Example.com>")
        self.assert_found(lead, "email", email="BOB@example.COM")

    def test_wildcards_in_an_email_are_letters(self):
        self._lead(email_from="axb@example.com")
        (answer,) = self._take("touchpoints", self._item(email="a_b@example.com"))
        self.assertEqual(answer["code"], "unknown_person")

    def test_by_phone_however_it_is_written(self):
        lead = self._lead(phone="+32 470 99 88 77")
        self.assert_found(lead, "phone", phone="0470/99.88.77")

    def test_email_comes_before_phone(self):
        self._lead(phone="+32470998877")
        lead = self._lead(email_from="bob@example.com")
        self.assert_found(lead, "email", phone="+32470998877", email="bob@example.com")

    def test_by_the_contact(self):
        lead = self._lead(partner_id=self.ann.id)
        self._set(lead, "email_normalized", "other@example.com")
        touch = self.assert_found(lead, "contact", email="ann@example.com")
        self.assertEqual(touch.partner_id, self.ann.id)

    def test_by_the_company_of_the_contact(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        self.ann.parent_id = firm
        lead = self._lead(partner_id=firm.id)
        self.assert_found(lead, "contact", email="ann@example.com")

    def test_a_contact_without_opportunity_keeps_the_touch(self):
        touch = self.assert_found(self.env["crm.lead"], "none", email="ann@example.com")
        self.assertEqual(touch.partner_id, self.ann.id)

    def test_of_several_the_open_one_created_last(self):
        old = self._lead(email_from="bob@example.com")
        new = self._lead(email_from="bob@example.com")
        lost = self._lead(email_from="bob@example.com")
        lost.action_set_lost(lost_reason_id=self.reason.id)
        for lead, year in ((old, 2021), (new, 2020), (lost, 2022)):
            self._set(lead, "create_date", datetime(year, 1, 1))
        self.assert_found(old, "email", email="bob@example.com")

    def test_never_one_of_another_company(self):
        abroad = {
            "company_id": self.company_abroad.id,
            "team_id": self.team_abroad.id,
            "user_id": self.seller_abroad.id,
        }
        self._lead(email_from="bob@example.com", **abroad)
        nameless = self._lead(email_from="bob@example.com", **abroad)
        self._set(nameless, "company_id", None)
        self.ann.company_id = self.company_abroad
        answers = self._take(
            "touchpoints",
            self._item(email="bob@example.com"),
            self._item(email="ann@example.com"),
        )
        self.assertEqual([one["code"] for one in answers], ["unknown_person"] * 2)

    def test_by_the_key_of_an_earlier_lead_or_touch(self):
        (answer,) = self._take(
            "leads", self._item(external_key="L1", name="From outside")
        )
        lead = self.env["crm.lead"].browse(answer["id"])
        self.assert_found(lead, "external_key", lead_external_key="L1")
        other = self._lead(email_from="bob@example.com")
        self.assert_found(other, "email", email="bob@example.com", external_key="T1")
        self.assert_found(
            other, "external_key", lead_external_key="T1", email="x@example.com"
        )

    def test_the_key_of_another_connector_means_nothing(self):
        self._take("leads", self._item(external_key="L1", name="From outside"))
        other = self._build_connector(name="Other")
        (answer,) = self._take(
            "touchpoints", self._item(lead_external_key="L1"), connector=other
        )
        self.assertEqual(answer["code"], "unknown_key")

    def test_a_key_follows_its_lead_into_another_company_no_more(self):
        (answer,) = self._take("leads", self._item(external_key="L1", name="Moved"))
        lead = self.env["crm.lead"].browse(answer["id"])
        lead.write(
            {
                "team_id": self.team_abroad.id,
                "user_id": False,
                "company_id": self.company_abroad.id,
            }
        )
        (answer,) = self._take("touchpoints", self._item(lead_external_key="L1"))
        self.assertEqual(answer["code"], "unknown_key")

    def test_one_batch_asks_a_constant_number_of_questions(self):
        leads = self._leads(30, email_from="x@example.com")
        for number, lead in enumerate(leads):
            lead.email_from = f"p{number}@example.com"
        self._take("touchpoints", self._item(email="p0@example.com", medium="M"))
        self.env.flush_all()

        def queries(count):
            before = self.env.cr.sql_log_count
            self._take(
                "touchpoints",
                *(
                    self._item(
                        email=f"p{n}@example.com",
                        external_key=f"{count}-{n}",
                        medium="M",
                    )
                    for n in range(count)
                ),
            )
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(queries(30), queries(5) + 1)
