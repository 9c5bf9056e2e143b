"""The page “Touches” of an opportunity: its touches and what each gets."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..models.source import crm_lead_timeline
from .attribution_common import AttributionCase


@tagged("post_install", "-at_install")
class TestTouchTimeline(AttributionCase):
    def test_a_row_per_touch_with_the_credit_under_each_model(self):
        lead = self._lead()
        medium = self.env["utm.medium"].create({"name": "Test <b>Fair</b>"})
        self._touch(lead, 0, medium_id=medium.id)
        self._touch(lead, 1)
        first = self._model("first", sequence=1)
        linear = self._model("linear", sequence=2)
        self._run_job()
        timeline = lead.with_user(self.seller).source_credit_table
        self.assertEqual(
            timeline["models"],
            [
                {"id": first.id, "name": "Test first", "is_computed": True},
                {"id": linear.id, "name": "Test linear", "is_computed": True},
            ],
        )
        one, two = timeline["touches"]
        self.assertEqual((one["kind"], one["mark"]), ("Website visit", "First"))
        self.assertEqual((one["channel"], two["channel"]), (medium.name, "Direct"))
        half = {"percent": "50.0 %", "amount": "500.00\xa0TEU"}
        self.assertEqual(
            one["credits"],
            {
                str(first.id): {"percent": "100.0 %", "amount": "1,000.00\xa0TEU"},
                str(linear.id): half,
            },
        )
        self.assertEqual(
            (two["credits"], two["mark"]), ({str(linear.id): half}, "Last")
        )

    def test_the_first_touch_of_many_is_shown(self):
        lead = self._lead()
        first, *others = self._touch(lead, *range(5))
        self.patch(crm_lead_timeline, "_SHOWN", 2)
        timeline = lead.source_credit_table
        shown = [touch["id"] for touch in timeline["touches"]]
        self.assertEqual(shown, [first, *others[-2:]])
        self.assertEqual(timeline["hidden"], 2)

    def test_without_touches_and_models(self):
        lead = self._lead()
        timeline = lead.with_user(self.seller).source_credit_table
        self.assertEqual(timeline, {"models": [], "touches": [], "hidden": 0})
        self.assertFalse(self.env["crm.lead"].new({}).source_credit_table)

    def test_only_touch_is_first_and_last(self):
        lead = self._lead()
        self._touch(lead, 0)
        self.assertFalse(self._model("first").computed_at)
        timeline = lead.source_credit_table
        self.assertEqual(timeline["touches"][0]["mark"], "First and last")
        self.assertFalse(timeline["models"][0]["is_computed"])

    def test_a_reversed_touch_is_gone_at_once(self):
        lead = self._lead()
        [touch] = self._touch(lead, 0)
        self.assertTrue(lead.source_credit_table["touches"])
        self.env["crm.touchpoint"]._reverse([touch], "Wrong deal")
        lead._source_forget_touches()
        self.assertFalse(lead.source_credit_table["touches"])

    def test_a_model_of_another_company_is_left_out(self):
        lead = self._lead()
        self._touch(lead, 0)
        self._model("first", company_id=self.company_abroad.id)
        self._model("last", company_id=self.company.id)
        names = [model["name"] for model in lead.source_credit_table["models"]]
        self.assertEqual(names, ["Test last"])

    def test_who_may_not_read_the_opportunity_sees_nothing(self):
        lead = self._lead(user_id=self.seller_two.id)
        with self.assertRaises(AccessError):
            lead.with_user(self.seller).read(["source_credit_table"])
        with self.assertRaises(AccessError):
            self.env["crm.attribution.credit"].with_user(self.seller).search([])

    def test_it_costs_few_queries(self):
        lead = self._lead()
        self._touch(lead, *range(6))
        for shape in ("first", "last", "linear"):
            self._model(shape)
        self._run_job()
        lead = lead.with_user(self.seller)
        lead.read(["source_credit_table"])
        lead._source_forget_touches()
        self.assertTrue(lead.first_touch_id)
        # The touches with their credits, and the models that there are.
        with self.assertQueryCount(2):
            self.assertEqual(len(lead.source_credit_table["touches"]), 6)

    def test_the_form_of_a_model_shows_what_is_being_typed(self):
        with Form(self.model.with_user(self.manager)) as form:
            form.name = "Typed"
            form.shape = "position"
            form.first_weight = 100
            self.assertIn("to the first touch", form.sentence)
            self.assertIn("1,000.00 · 0.00", form.example)
