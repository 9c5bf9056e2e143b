"""What was written in the wizard of a loss survives a refusal."""

from odoo.tests import tagged

from ..exceptions import StageRuleError
from .stage_rule_common import StageRuleCase


@tagged("post_install", "-at_install")
class TestStageRuleLost(StageRuleCase):
    def _refused_loss(self, lead, **values):
        wizard = self.env["crm.lead.lost"].with_user(self.seller)
        wizard = wizard.create({"lead_ids": [(6, 0, lead.ids)], **values})
        with self.assertRaises(StageRuleError) as caught, self.env.cr.savepoint():
            wizard.action_lost_reason_apply()
        return caught.exception.context["replay"]

    def _notes(self, lead):
        self.env.flush_all()
        self.env.cr.precommit.run()
        lead.invalidate_recordset()
        return "".join(lead.message_ids.mapped("body"))

    def setUp(self):
        super().setUp()
        self.env = self.env(context={})
        self._rule(self._needs_field("date_deadline"), move="lost")
        self.deal = (
            self._lead().with_user(self.seller).with_context(tracking_disable=False)
        )
        self._notes(self.deal)

    def test_the_closing_note_comes_with_the_second_try(self):
        replay = self._refused_loss(self.deal, lost_feedback="<p>No <b>money</b></p>")
        fixes = {"date_deadline": "2030-01-01"}
        self.deal.action_stage_rule_move(replay, fixes)
        self.assertEqual(self.deal.won_status, "lost")
        self.assertIn("No <b>money</b>", self._notes(self.deal))

    def test_no_note_no_word(self):
        replay = self._refused_loss(self.deal)
        self.assertNotIn("lost_feedback", replay["values"])

    def test_a_note_from_a_client_is_cleaned(self):
        replay = self._refused_loss(self.deal)
        replay["values"]["lost_feedback"] = "<p>Hi<script>alert(1)</script></p>"
        self.deal.action_stage_rule_move(replay, {"date_deadline": "2030-01-01"})
        notes = self._notes(self.deal)
        self.assertIn("Hi", notes)
        self.assertNotIn("script", notes)

    def test_a_reason_given_in_the_dialog_replaces_that_of_the_wizard(self):
        reasons = self.env["crm.lost.reason"].create([{"name": "A"}, {"name": "B"}])
        replay = self._refused_loss(self.deal, lost_reason_id=reasons[0].id)
        fixes = {"date_deadline": "2030-01-01", "lost_reason_id": reasons[1].id}
        self.deal.action_stage_rule_move(replay, fixes)
        self.assertEqual(self.deal.lost_reason_id, reasons[1])
