"""Asking for approval, deciding, and the move that happens by itself."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .stage_approval_common import ApprovalCase


@tagged("post_install", "-at_install")
class TestStageApproval(ApprovalCase):
    def test_approved_move_happens_in_the_name_of_the_requester(self):
        self._assert_held()
        request = self._ask(note="The customer waits.")
        self.assertEqual(request.state, "open")
        self.assertEqual(request.approver_ids, self.leader)
        self.assertEqual(self._activities(request).user_id, self.leader)
        self.assertIn("The customer waits.", self._said())
        self.assertIn(self.leader.name, self._said())
        self._assert_held()
        told = request.with_user(self.leader).action_approve("Go on.")
        self.assertEqual(told["params"]["type"], "success")
        self.assertEqual(self.lead.stage_id, self.stage_offer)
        self.assertEqual(self._stays(self.lead)[-1].moved_by_id, self.seller.id)
        self.assertEqual(self._decisions(self.lead)[-1]["result"], "passed")
        self.assertEqual(request.state, "used")
        self.assertEqual(request.decided_by_id, self.leader)
        self.assertEqual(request.decision_note, "Go on.")
        self.assertFalse(self._activities(request))
        message = self.lead.message_ids.filtered(lambda one: "Go on." in one.body)
        self.assertEqual(message.author_id, self.leader.partner_id)
        self.assertEqual(message.partner_ids, self.seller.partner_id)

    def test_asking_twice_gives_the_same_request(self):
        request = self._ask()
        answer = self.lead.with_user(self.seller).action_stage_rule_request_approval(
            self._replay(self.lead)
        )
        self.assertEqual(answer["ids"], request.ids)
        self.assertEqual(answer["new"], 0)
        self.assertIn(self.leader.name, answer["message"])
        self.assertEqual(len(self._activities(request)), 1)

    def test_another_move_takes_the_place_of_the_first(self):
        self.rule.to_stage_ids += self.stage_talk
        first = self._ask()
        second = self._ask(stage=self.stage_talk)
        self.assertNotEqual(first, second)
        self.assertEqual((first.state, second.state), ("cancelled", "open"))

    def test_domain_says_which_need_approval(self):
        self.rule.approval_domain = "[('expected_revenue', '>=', 50000)]"
        self._move()
        self.assertEqual(self.lead.stage_id, self.stage_offer)
        big = self._lead(expected_revenue=50000)
        self._assert_held(big)
        self._ask(big).with_user(self.leader).action_approve()
        self.assertEqual(big.stage_id, self.stage_offer)

    def test_nothing_to_approve(self):
        with self.assert_refused(UserError, "No stage rule wants"):
            self._ask(stage=self.stage_talk)
        for method in ("unlink", "create", "_set", None):
            with self.assert_refused(UserError, "change of stage"):
                self.lead.with_user(self.seller).action_stage_rule_request_approval(
                    {"ids": self.lead.ids, "method": method}
                )
        with self.assert_refused(UserError, "Choose the opportunities"):
            self.env["crm.lead"].with_user(
                self.seller
            ).action_stage_rule_request_approval({"ids": [], "method": "write"})

    def test_only_who_may_write_asks(self):
        with self.assert_refused(AccessError, "."):
            self._ask(user=self.seller_two)

    def test_only_the_move_is_replayed(self):
        request = self._ask(
            expected_revenue=9e6, user_id=1, stage_override_reason="Please"
        )
        self.assertEqual(request.replay["values"], {"stage_id": self.stage_offer.id})
        self.assertEqual(request.replay["ids"], self.lead.ids)

    def test_refused(self):
        request = self._ask()
        for reason in ("", "  ", None, False):
            with self.assert_refused(UserError, "Say why"):
                request.with_user(self.leader).action_refuse(reason)
        request.with_user(self.leader).action_refuse("Too cheap.")
        self.assertEqual(request.state, "refused")
        self.assertFalse(self._activities(request))
        message = self.lead.message_ids.filtered(lambda one: "Too cheap." in one.body)
        self.assertEqual(message.partner_ids, self.seller.partner_id)
        self._assert_held()
        # It may be asked for again.
        self.assertEqual(self._ask().state, "open")

    def test_withdrawn(self):
        request = self._ask()
        for user in (self.leader, self.manager):
            with self.assert_refused(AccessError, "cannot decide"):
                request.with_user(user).action_withdraw()
        request.with_user(self.seller).action_withdraw()
        self.assertEqual(request.state, "cancelled")
        self.assertFalse(self._activities(request))

    def test_who_comes_late_is_told(self):
        request = self._ask()
        self.rule.approver_user_ids = self.manager
        request.with_user(self.manager).action_refuse("No.")
        for act in (
            lambda: request.with_user(self.leader).action_approve(),
            lambda: request.with_user(self.leader).action_refuse("Me too."),
            lambda: request.with_user(self.seller).action_withdraw(),
        ):
            with self.assert_refused(UserError, "waits no longer: Refused. No."):
                act()

    def test_something_else_is_missing(self):
        self.rule.write(
            {"requirement_ids": [(0, 0, self._needs_field("date_deadline"))]}
        )
        request = self._ask()
        told = request.with_user(self.leader).action_approve()
        self.assertIn("Expected Closing", told["params"]["message"])
        self.assertEqual(request.state, "approved")
        self.assertEqual(self.lead.stage_id, self.stage_new)
        self.assertIn("Expected Closing", self._said())
        self.lead.with_user(self.seller).date_deadline = "2030-01-01"
        self._move()
        self.assertEqual(request.state, "used")

    def test_all_approvals_of_the_move_are_needed(self):
        second = self._approval_rule(name="Law", approver_user_ids=self.manager.ids)
        requests = self._ask()
        self.assertEqual(requests.rule_id, self.rule | second)
        first = requests.filtered(lambda one: one.rule_id == self.rule)
        told = first.with_user(self.leader).action_approve()
        self.assertIn("Law", told["params"]["message"])
        self.assertEqual(self.lead.stage_id, self.stage_new)
        (requests - first).with_user(self.manager).action_approve()
        self.assertEqual(self.lead.stage_id, self.stage_offer)
        self.assertEqual(set(requests.mapped("state")), {"used"})

    def test_requester_who_may_not_move_any_more(self):
        request = self._ask()
        self.lead.user_id = self.seller_two
        told = request.with_user(self.leader).action_approve()
        self.assertIn("may not change", told["params"]["message"])
        self.assertEqual(request.state, "approved")
        self._move(user=self.seller_two)
        self.assertEqual(request.state, "used")

    def test_won_and_lost(self):
        self.rule.write({"to_stage_ids": False, "move": "won"})
        self._approval_rule(
            move="lost", to_stage_ids=False, approver_user_ids=self.manager.ids
        )
        reason = self.env["crm.lost.reason"].create({"name": "Test Price"})
        other = self._lead()
        for lead, method, values, user, status in (
            (self.lead, "action_set_won", {}, self.leader, "won"),
            (other, "action_set_lost", {"lost_reason_id": reason.id}, None, "lost"),
        ):
            replay = {"ids": lead.ids, "method": method, "values": values}
            answer = lead.with_user(self.seller).action_stage_rule_request_approval(
                replay
            )
            request = self.env["crm.stage.approval"].browse(answer["ids"])
            self.assertEqual(request.to_status, status)
            request.with_user(user or self.manager).action_approve()
            self.assertEqual(request.state, "used")
            self.assertEqual(lead._stage_rule_position().status, status)
        self.assertEqual(other.lost_reason_id, reason)

    def test_many_at_once(self):
        leads = self._leads(4)
        leads[3].stage_id = self.stage_talk
        requests = self._ask(leads)
        self.assertEqual(requests.lead_id, leads)
        told = requests.with_user(self.leader).action_approve()
        self.assertEqual(told["params"]["type"], "success")
        self.assertEqual(leads.stage_id, self.stage_offer)

    def test_dialog_asks_and_decides(self):
        request = self._ask()
        wizard = (
            self.env["crm.stage.approval.decision"]
            .with_user(self.leader)
            .with_context(active_ids=request.ids, default_decision="refuse")
            .create({"note": "No."})
        )
        self.assertIn("Test Deal", wizard.question)
        wizard.action_confirm()
        self.assertEqual(request.state, "refused")
