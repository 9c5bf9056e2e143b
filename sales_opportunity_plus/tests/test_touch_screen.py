"""First and last touch on the opportunity: from the ledger, and frozen."""

from datetime import timedelta

from odoo.tests import Form, tagged

from .touch_screen_common import DAY, TouchCase


@tagged("post_install", "-at_install")
class TestTouchScreen(TouchCase):
    def _values(self, **names):
        return {f"{name}_id": record.id for name, record in names.items()}

    def test_first_and_last_are_frozen(self):
        first = self._touch(self.lead, **self._values(source=self.source))
        last = self._touch(self.lead, day=3)
        self._touch(self.lead, kind="email_sent", day=-5)
        self._touch(self.lead, kind="email_sent", day=9)
        lead = self.lead.with_user(self.seller)
        self.assertEqual(lead.touch_count, 4)
        self.assertEqual(lead.first_touch_id.id, first, "a mail sent does not count")
        self.assertEqual(lead.last_touch_id.id, last)
        self.assertEqual(lead.first_touch_source_id, self.source)
        lead.source_id = self.other_source
        self.env.invalidate_all()
        self.assertEqual(lead.first_touch_id.id, first)
        self.assertEqual(lead.first_touch_source_id, self.source)
        self.assertIn("Test Fair", lead.first_touch_id.display_name)

    def test_touches_after_the_closing_are_not_the_last(self):
        lead = self._lead(active=False, probability=0)
        before = self._touch(lead)
        self._touch(lead, day=30)
        lead.date_closed = DAY + timedelta(days=10)
        self.env.invalidate_all()
        self.assertEqual(lead.won_status, "lost")
        self.assertEqual(lead.last_touch_id.id, before)
        self.assertEqual(lead.touch_count, 2)

    def test_ties_go_by_the_order_of_recording(self):
        first, last = self._touch(self.lead), self._touch(self.lead)
        self.assertEqual(self.lead.first_touch_id.id, first)
        self.assertEqual(self.lead.last_touch_id.id, last)

    def test_one_query_for_many(self):
        leads = self._leads(60)
        for lead in leads[:40]:
            self._touch(lead)
        leads = leads.with_user(self.seller)
        leads.fetch(["won_status", "date_closed"])
        leads._source_forget_touches()
        with self.assertQueryCount(1):
            self.assertEqual(sum(leads.mapped("touch_count")), 40)
            self.assertEqual(len(leads.filtered("first_touch_id")), 40)

    def test_form_of_a_seller(self):
        self._touch(self.lead)
        form = Form(self.lead.with_user(self.seller))
        self.assertEqual(form.touch_count, 1)
        self.assertTrue(form.source_credit_table["touches"])
        with Form(self.env["crm.lead"].with_user(self.seller)) as form:
            self.assertFalse(form.touch_count)
            form.name = "Test New"

    def _found(self, *condition):
        leads = self.env["crm.lead"].with_user(self.all_leads)
        return leads.search([condition, ("id", "in", self.among.ids)]).sudo()

    def test_searching(self):
        fair, search = self.lead, self._lead()
        bare, taken_back = self._lead(), self._lead()
        self.among = fair | search | bare | taken_back
        self._touch(fair, **self._values(source=self.source, campaign=self.campaign))
        self._touch(fair, day=1, **self._values(source=self.other_source))
        self._touch(search, **self._values(source=self.other_source))
        gone = self._touch(taken_back, **self._values(source=self.source))
        self.env["crm.touchpoint"]._reverse([gone], "Wrong deal")
        untouched = bare | taken_back
        name = "first_touch_source_id"
        for condition, expected in (
            (("touch_count", "=", 0), untouched),
            (("touch_count", "!=", 0), fair | search),
            (("touch_count", ">", 1), fair),
            (("touch_count", "=", 1), search),
            (("touch_count", "<", 2), self.among - fair),
            ((name, "=", self.source.id), fair),
            ((name, "in", [self.source.id, self.other_source.id]), fair | search),
            ((name, "!=", self.source.id), self.among - fair),
            ((name, "=", False), untouched),
            ((name, "!=", False), fair | search),
            ((name, "in", [False, self.source.id]), untouched | fair),
            ((name, "ilike", "Test Fai"), fair),
            ((name, "not ilike", "Test Fai"), self.among - fair),
            ((name + ".name", "=", "Test Search"), search),
            (("first_touch_campaign_id", "=", self.campaign.id), fair),
            (("first_touch_medium_id", "=", False), self.among),
        ):
            with self.subTest(condition=condition):
                self.assertEqual(self._found(*condition), expected)
                self.env.invalidate_all()
                self.assertEqual(
                    self.among.filtered_domain([condition]), expected, "in memory"
                )

    def test_filters_are_in_the_search(self):
        for xml_id in (
            "view_crm_case_opportunities_filter",
            "view_crm_case_leads_filter",
        ):
            view = self.env.ref(f"crm.{xml_id}")
            arch = self.env["crm.lead"].with_user(self.seller).get_view(view.id)["arch"]
            self.assertIn('name="without_touches"', arch)
            self.assertIn('name="first_touch_source_id"', arch)
