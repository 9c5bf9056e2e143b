"""A chosen category is kept when the stage changes, and looked at again."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FirmCase

STEP = "sales_opportunity_plus.crm_lead_action_forecast_"


@tagged("post_install", "-at_install")
class TestForecastReview(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.stage.rule"].search([]).active = False
        cls.stage_talk.forecast_category = "best_case"
        cls.stage_offer.forecast_category = "commit"
        cls.lead = cls._lead().with_user(cls.seller)
        cls.lead.forecast_category = "most_likely"
        cls._long_ago(cls.lead)

    @classmethod
    def _long_ago(cls, leads):
        """What was chosen and entered so far was last year."""
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE crm_lead SET forecast_category_date = now() - interval '1 year'"
            " WHERE id = ANY(%s)",
            [leads.ids],
        )
        cls.env.cr.execute(
            "UPDATE crm_stage_history SET entered_at = now() - interval '2 years'"
            " WHERE lead_id = ANY(%s) AND left_at IS NULL",
            [leads.ids],
        )
        cls.env.invalidate_all()

    def _found(self):
        model = self.env["crm.lead"].with_user(self.seller)
        asked = [("forecast_category_to_review", "=", True)]
        found = model.search([("id", "=", self.lead.id), *asked])
        self.assertEqual(bool(found), self.lead.forecast_category_to_review)
        self.assertEqual(found, self.lead.filtered_domain(asked))
        return bool(found)

    def test_only_a_move_to_another_category_asks(self):
        self.assertFalse(self._found())
        self.lead.stage_id = self.stage_talk
        self.assertEqual(self.lead.forecast_category, "most_likely")
        self.assertTrue(self._found())
        self.stage_talk.forecast_category = "most_likely"
        self.assertFalse(self._found())
        self.stage_talk.forecast_category = False
        self.assertTrue(self._found())
        self.lead.action_set_lost()
        self.assertFalse(self._found())

    def test_a_stage_that_odoo_recomputes_asks_too(self):
        own = self._stage("Test Own", -2000, team_ids=self.team_own.ids)
        own.forecast_category = "commit"
        self.stage_new.team_ids = self.team
        self.lead.sudo().team_id = self.team_own
        self.env.flush_all()
        self.env["crm.lead"]._stage_rule_record_noted()
        self.env.invalidate_all()
        self.assertEqual(self.lead.sudo().stage_id, own)
        self.assertTrue(self._found())

    def test_keep_confirms_and_follow_takes_back(self):
        self.lead.stage_id = self.stage_talk
        self.assertTrue(self._found())
        manager = self.lead.with_user(self.manager)
        with self.assertRaises(AccessError):
            self.lead.with_user(self.seller_two).action_keep_forecast_category()
        manager.action_keep_forecast_category()
        self.assertFalse(self._found())
        self.assertEqual(self.lead.forecast_category, "most_likely")
        self.assertEqual(self.lead.forecast_category_user_id, self.manager)
        self.lead.action_follow_stage_forecast_category()
        self.assertFalse(self._found())
        self.assertEqual(self.lead.forecast_category, "best_case")

    def test_the_form_says_so(self):
        self.lead.stage_id = self.stage_talk
        with Form(self.lead) as form:
            self.assertTrue(form.forecast_category_to_review)
            self.assertEqual(form.forecast_category_of_stage, "best_case")

    # ------------------------------------------------------------
    # Steps of automations
    # ------------------------------------------------------------

    def _step(self, name, leads, user=None):
        return (
            self.env["ir.actions.server"]
            .browse(self.env.ref(STEP + name).id)
            .with_user(user or self.seller)
            .with_context(
                active_model="crm.lead", active_id=leads[:1].id, active_ids=leads.ids
            )
            .run()
        )

    def test_steps_set_the_category(self):
        leads = self._leads(2)
        lost = self._lead()
        lost.action_set_lost()
        for category in ("pipeline", "best_case", "most_likely", "commit", "omitted"):
            self._step(f"category_{category}", leads | lost)
            self.assertEqual(set(leads.mapped("forecast_category")), {category})
        self.assertFalse(lost.forecast_category_override)
        self._step("category_stage", leads)
        self.assertEqual(set(leads.mapped("forecast_category_override")), {False})
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_actions"),
        ):
            self._step("category_commit", leads, self.seller_two)

    def test_steps_set_and_clear_the_probability(self):
        lead = self._lead()
        self._step("probability_set", lead)
        self.assertEqual(lead.forecast_probability, 50)
        self.assertEqual(lead.forecast_manual_user_id, self.seller)
        self.assertEqual(lead.forecast_manual_reason, "Set by an automation")
        self.assertTrue(lead.forecast_manual_until)
        self._step("probability_clear", lead)
        self.assertFalse(lead.forecast_manual_user_id)
        with self.assertRaisesRegex(UserError, "needs a reason"):
            lead.action_forecast_set_probability(40)
        with self.assertRaisesRegex(UserError, "no probability"):
            lead.action_forecast_set_probability(140, "Sure")

    def test_steps_of_the_whole_pipeline_are_for_managers(self):
        lead = self._lead()
        self._step("learn", lead, self.manager)
        with self.assertRaises(AccessError):
            self._step("learn", lead)

    def test_dialog_chooses_for_several(self):
        leads = self._leads(3)
        action = leads.with_user(self.seller).action_forecast_set_category()
        model = self.env[action["res_model"]].with_user(self.seller)
        form = Form(model.with_context(**action["context"]))
        form.category = "commit"
        form.save().action_set()
        self.assertEqual(set(leads.mapped("forecast_category")), {"commit"})
        with self.assertRaisesRegex(UserError, "no forecast category"):
            leads.action_forecast_set_category("closed")
