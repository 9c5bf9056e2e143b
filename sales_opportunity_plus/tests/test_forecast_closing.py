"""Stage rules that ask for a new day and a reason when a closing has passed."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..exceptions import StageRuleError
from .stage_rule_common import StageRuleCase


@tagged("post_install", "-at_install")
class TestForecastClosing(StageRuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.stage.rule"].search([]).active = False
        cls._rule("closing_future", "closing_reason", name="No Stale Closing")
        today = fields.Date.today()
        cls.passed, cls.coming = today - timedelta(days=3), today + timedelta(days=30)

    def _stale(self, **values):
        """An opportunity whose closing passed while it was in its stage."""
        lead = self._lead(**values)
        lead.date_deadline = self.passed
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_stage_history SET entered_at = now() - interval '90 days'"
            " WHERE lead_id = %s",
            [lead.id],
        )
        self.env.invalidate_all()
        return lead.with_user(self.seller)

    def _failures(self, lead):
        with self.assertRaises(StageRuleError) as caught, self.env.cr.savepoint():
            lead.stage_id = self.stage_talk
        lead.invalidate_recordset()
        return str(caught.exception)

    def test_a_passed_closing_asks_for_a_day_and_a_reason(self):
        lead = self._stale()
        text = self._failures(lead)
        self.assertIn("choose a new day", text)
        self.assertIn("Say why the expected closing passed", text)
        lead.write(
            {
                "date_deadline": self.coming,
                "forecast_closing_reason": "Budget in March",
                "stage_id": self.stage_talk.id,
            }
        )
        self.assertEqual(lead.stage_id, self.stage_talk)
        self.assertTrue(lead.forecast_closing_reason_date)

    def test_no_closing_or_a_coming_one_asks_nothing(self):
        for day in (False, self.coming):
            lead = self._lead()
            lead.date_deadline = day
            lead.with_user(self.seller).stage_id = self.stage_talk
            self.assertEqual(lead.stage_id, self.stage_talk)

    def test_who_moves_the_day_first_still_has_to_say_why(self):
        lead = self._stale()
        self.env["crm.pipeline.history"]._take_now(self.company)
        lead.date_deadline = self.coming
        self.env["crm.pipeline.history"]._take_now(self.company)
        self.env.cr.execute(
            "UPDATE crm_pipeline_history SET valid_from = %s, date_deadline = %s"
            " WHERE lead_id = %s",
            [self.passed - timedelta(days=9), self.passed, lead.id],
        )
        text = self._failures(lead)
        self.assertNotIn("choose a new day", text)
        self.assertIn("Say why", text)
        lead.forecast_closing_reason = "Budget in March"
        lead.stage_id = self.stage_talk
        self.assertEqual(lead.stage_id, self.stage_talk)

    def test_an_old_reason_does_not_explain_a_new_delay(self):
        lead = self._stale()
        lead.forecast_closing_reason = "Budget in March"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET forecast_closing_reason_date = %s WHERE id = %s",
            [self.passed - timedelta(days=1), lead.id],
        )
        self.env.invalidate_all()
        lead.date_deadline = self.passed
        self.assertIn("Say why", self._failures(lead))

    def test_the_dialog_mends_it(self):
        lead = self._stale()
        lead.action_stage_rule_move(
            {
                "ids": lead.ids,
                "method": "write",
                "values": {"stage_id": self.stage_talk.id},
            },
            fixes={
                "date_deadline": str(self.coming),
                "forecast_closing_reason": "  Budget in March ",
            },
        )
        self.assertEqual(lead.stage_id, self.stage_talk)
        self.assertEqual(lead.forecast_closing_reason, "Budget in March")

    def test_nobody_forges_when_it_was_said(self):
        with self.assertRaisesRegex(UserError, "set by the system"):
            self._lead().forecast_closing_reason_date = fields.Datetime.now()
