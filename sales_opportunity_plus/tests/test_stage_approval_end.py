"""How requests end when the world goes on: amount, moves, rules, time, merge."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from .stage_approval_common import ApprovalCase


@tagged("post_install", "-at_install")
class TestStageApprovalEnd(ApprovalCase):
    def _assert_ended(self, request, state, *words):
        self.assertEqual(request.state, state)
        self.assertFalse(self._activities(request))
        for word in words:
            self.assertIn(word, request.decision_note)
        if request.lead_id:
            self.assertIn(words[0], self._said(request.lead_id))

    # Amount

    def test_amount_raised_while_waiting(self):
        request = self._ask()
        self.lead.with_user(self.seller).expected_revenue = 900
        self.assertEqual(request.state, "open")
        self.lead.with_user(self.seller).expected_revenue = 1001
        self._assert_ended(request, "void", "Ask for approval again")
        self.assertEqual(self._ask().amount, 1001)

    def test_amount_raised_after_approval(self):
        self.rule.requirement_ids = [(0, 0, self._needs_field("date_deadline"))]
        request = self._ask()
        request.with_user(self.leader).action_approve()
        self.assertEqual(request.state, "approved")
        self.lead.with_user(self.manager).expected_revenue = 2000
        self._assert_ended(request, "void", "Ask for approval again")
        message = self.lead.message_ids[0]
        self.assertEqual(message.partner_ids, self.seller.partner_id)
        self.lead.date_deadline = "2030-01-01"
        self._assert_held()

    def test_amount_raised_behind_our_back(self):
        """The approver is told, and the request stays void: nothing is raised."""
        request = self._ask()
        with patch.object(type(self.lead), "_stage_rule_settle", lambda *_args: None):
            self.lead.expected_revenue = 5000
        told = request.with_user(self.leader).action_approve()
        self.assertEqual(told["params"]["type"], "warning")
        self.assertIn("was not approved", told["params"]["message"])
        self._assert_ended(request, "void", "Ask for approval again")
        self.assertEqual(self.lead.stage_id, self.stage_new)

    def test_queries_of_the_amount(self):
        """One query more when an amount is written, none where no rule asks."""
        leads = self._leads(30).with_user(self.seller)

        def queries(values):
            leads.write(dict.fromkeys(values, 1))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            leads.write(values)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def ours(values):
            with_hook = queries(values)
            with patch.object(type(leads), "_stage_rule_settle", lambda *_args: None):
                return with_hook - queries(values)

        self.assertEqual(ours({"expected_revenue": 7}), 1)
        self.assertEqual(ours({"color": 7}), 0)
        self.rule.active = False
        self.assertEqual(ours({"expected_revenue": 7}), 0)

    # Moves

    def test_moved_elsewhere(self):
        request = self._ask()
        self._move(stage=self.stage_talk, user=self.manager)
        self._assert_ended(request, "cancelled", "moved the opportunity elsewhere")

    def test_moved_there_without_waiting(self):
        request = self._ask()
        self.rule.bypass_group_ids = self.env.ref("sales_team.group_sale_manager")
        self.lead.with_user(self.manager).write(
            {"stage_id": self.stage_offer.id, "stage_override_reason": "Urgent"}
        )
        self._assert_ended(request, "cancelled", "moved the opportunity there")

    def test_lost_and_won(self):
        for act in ("action_set_lost", "action_set_won"):
            lead = self._lead()
            request = self._ask(lead)
            getattr(lead.with_user(self.seller), act)()
            self._assert_ended(request, "cancelled", "moved the opportunity elsewhere")

    def test_lost_after_approval(self):
        self.rule.requirement_ids = [(0, 0, self._needs_field("date_deadline"))]
        request = self._ask()
        request.with_user(self.leader).action_approve()
        self._move(stage=self.stage_talk)
        self.assertEqual(request.state, "approved")
        self.lead.action_set_lost()
        self.assertEqual(request.state, "cancelled")

    def test_deleted_opportunity(self):
        request = self._ask()
        self.lead.with_user(self.manager).unlink()
        self._assert_ended(request, "cancelled", "deleted the opportunity")
        self.assertFalse(request.lead_id)
        self.assertEqual(request.lead_name, "Test Deal")
        said = str(request.message_ids.mapped("body"))
        self.assertIn("deleted the opportunity", said)
        for user in (self.seller, self.leader, self.manager):
            self.assertTrue(request.with_user(user).has_access("read"))
        self.assertFalse(request.with_user(self.seller_two).has_access("read"))

    def test_deleted_stage(self):
        self.rule.to_stage_ids = self.stage_trial
        request = self._ask(stage=self.stage_trial)
        self.rule.to_stage_ids = False
        self.stage_trial.with_user(self.manager).unlink()
        self._assert_ended(request, "cancelled", "Test Trial was deleted")

    # Rules

    def test_rule_archived(self):
        for values in ({"active": False}, {"approval": False}, {"severity": "log"}):
            lead = self._lead()
            request = self._ask(lead)
            self.rule.with_user(self.manager).write(values)
            self._assert_ended(request, "cancelled", "move the opportunity again")
            message = lead.message_ids[0]
            self.assertEqual(message.partner_ids, self.seller.partner_id)
            self._move(lead)
            self.rule.write({"active": True, "approval": True, "severity": "block"})

    def test_rule_edited(self):
        """A request keeps the version by which it was made."""
        request = self._ask()
        version = request.version_id
        sentence = request.sentence
        self.rule.with_user(self.manager).write({"to_stage_ids": False})
        self.assertEqual(request.version_id, version)
        self.assertEqual(request.sentence, sentence)
        self.assertNotEqual(self.rule.version_id, version)
        self.assertEqual(request.state, "open")

    # Time

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "sales_opportunity_plus.crm_stage_approval_cron"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_expiry(self):
        self.rule.approval_days = 3
        request = self._ask()
        begin = self.env.cr.now()
        self.assertEqual(request.expires_at, begin + timedelta(days=3))
        self._run_cron()
        self.assertEqual(request.state, "open")
        request._set({"expires_at": begin - timedelta(hours=1)})
        again = self._ask()
        self._assert_ended(request, "expired", "Its time is over")
        self.assertNotEqual(request, again)
        again._set({"expires_at": begin - timedelta(hours=1)})
        self._run_cron()
        self._assert_ended(again, "expired", "Its time is over")
        message = self.lead.message_ids[0]
        self.assertEqual(message.partner_ids, self.seller.partner_id)

    def test_approval_expires_too(self):
        self.rule.write(
            {
                "approval_days": 3,
                "requirement_ids": [(0, 0, self._needs_field("date_deadline"))],
            }
        )
        request = self._ask()
        request._set({"expires_at": self.env.cr.now() + timedelta(hours=1)})
        request.with_user(self.leader).action_approve()
        self.assertEqual(request.expires_at, self.env.cr.now() + timedelta(days=3))
        request._set({"expires_at": self.env.cr.now() - timedelta(hours=1)})
        self.lead.date_deadline = "2030-01-01"
        self._assert_held()
        self._run_cron()
        self.assertEqual(request.state, "expired")

    # Merge

    def test_request_goes_on_with_the_survivor(self):
        survivor = self._lead(probability=90, name="Survivor")
        request = self._ask()
        refused = self._ask(self._lead(name="Third"))
        refused.with_user(self.leader).action_refuse("No.")
        leads = survivor | self.lead | refused.lead_id
        self.assertEqual(leads.with_user(self.manager).merge_opportunity(), survivor)
        self.assertEqual((request | refused).lead_id, survivor)
        self.assertEqual((request.state, refused.state), ("open", "refused"))
        self.assertEqual(self._activities(request).user_id, self.leader)
        request.with_user(self.leader).action_approve()
        self.assertEqual(survivor.stage_id, self.stage_offer)
        self.assertEqual(request.state, "used")

    def test_request_that_makes_no_sense_with_the_survivor(self):
        survivor = self._lead(probability=90, expected_revenue=5000)
        other = self._lead(probability=1)
        own = self._ask(survivor)
        raised, double = self._ask(), self._ask(other)
        (survivor | self.lead | other).with_user(self.manager).merge_opportunity()
        self.assertEqual((raised | double).lead_id, survivor)
        self.assertEqual((raised | double).mapped("state"), ["cancelled"] * 2)
        self.assertEqual(own.state, "open")

    def test_amount_of_the_survivor(self):
        survivor = self._lead(probability=90, expected_revenue=5000)
        request = self._ask()
        (survivor | self.lead).with_user(self.manager).merge_opportunity()
        self.assertEqual(request.lead_id, survivor)
        self.assertEqual(request.state, "void")
