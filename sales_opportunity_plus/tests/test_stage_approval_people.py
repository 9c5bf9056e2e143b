"""Who decides: named people, groups, who stands in, and who cannot be found."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .stage_approval_common import ApprovalCase


@tagged("post_install", "-at_install")
class TestStageApprovalPeople(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env.cr.now().date()
        # In a group, so that nothing but the rule decides who is asked.
        managers = cls.env.ref("sales_team.group_sale_manager")
        for user in managers.all_user_ids - cls.manager:
            user.sudo().company_ids -= cls.company

    def _away(self, user, delegate, by=None, **values):
        return (
            self.env["crm.stage.approval.delegation"]
            .with_user(by or user)
            .create(
                {
                    "user_id": user.id,
                    "delegate_id": delegate.id,
                    "date_from": self.today,
                    "date_to": self.today,
                    **values,
                }
            )
        )

    def test_leader_groups_and_users(self):
        self.rule.write(
            {
                "approver_group_ids": [(6, 0, self.controllers.ids)],
                "approver_user_ids": [(6, 0, self.manager.ids)],
            }
        )
        request = self._ask()
        people = self.leader | self.controller | self.manager
        self.assertEqual(request.approver_ids, people)
        self.assertEqual(self._activities(request).user_id, people)
        self.assertFalse(request.warning)

    def test_others_cannot_decide(self):
        request = self._ask()
        for user in (self.seller_two, self.seller, self.manager, self.controller):
            with self.assert_refused(AccessError, "."):
                request.with_user(user).action_approve()
            with self.assert_refused(AccessError, "."):
                request.with_user(user).action_refuse("No.")
        self.assertEqual(request.state, "open")

    def test_approver_who_cannot_see_the_opportunity(self):
        self.rule.write(
            {
                "approver_leader": False,
                "approver_group_ids": [(6, 0, self.controllers.ids)],
                "requirement_ids": [(0, 0, self._needs_field("date_deadline"))],
            }
        )
        request = self._ask(note="Secret? No.").with_user(self.controller)
        self.assertFalse(self.lead.with_user(self.controller).has_access("read"))
        self.assertIn(
            request, request.search([("approver_ids", "in", request.env.uid)])
        )
        [row] = request.read(["lead_name", "sentence", "amount", "may_decide"])
        self.assertEqual(row["lead_name"], "Test Deal")
        self.assertTrue(row["sentence"] and row["may_decide"])
        self.assertFalse(request.may_open)
        activity = self._activities(request).with_user(self.controller)
        self.assertIn("Test Deal", activity.summary)
        told = request.action_approve()["params"]["message"]
        self.assertNotIn("Expected Closing", told)
        self.assertIn(self.seller.name, told)
        self.assertEqual(request.state, "approved")
        self.assertIn("Expected Closing", self._said())

    def test_own_request(self):
        """Nobody approves his own request as long as somebody else can."""
        self.team.user_id = self.seller
        request = self._ask()
        self.assertEqual(request.approver_ids, self.manager)
        self.assertIn(f"{self.seller.name} asks", request.warning)
        with self.assert_refused(AccessError, "cannot decide"):
            request.with_user(self.seller).action_approve()
        self.manager.active = False
        request._refresh_people()
        self.assertEqual(request.approver_ids, self.seller)
        self.assertIn("of his own", request.warning)
        request.with_user(self.seller).action_approve()
        self.assertEqual(request.state, "used")

    def test_group_without_users(self):
        empty = self.env["res.groups"].create({"name": "Test Nobody"})
        self.rule.write(
            {"approver_leader": False, "approver_group_ids": [(6, 0, empty.ids)]}
        )
        request = self._ask()
        self.assertEqual(request.approver_ids, self.manager)
        self.assertIn("Nobody is in the group “Test Nobody”", request.warning)
        self.assertIn("name other approvers on the rule", request.warning)
        self.assertIn("Test Nobody", self._said())
        # The remedy works, and by itself.
        self.rule.approver_user_ids = self.leader
        self.assertEqual(request.approver_ids, self.leader)
        self.assertEqual(self._activities(request).user_id, self.leader)
        self.assertFalse(request.warning)

    def test_nobody_at_all(self):
        self.team.user_id = False
        self.manager.active = False
        request = self._ask()
        self.assertFalse(request.approver_ids)
        self.assertIn("has no leader", request.warning)
        self.assertIn("Name an approver on the rule", request.warning)
        self.assertEqual(request.state, "open")

    def test_out_of_reach(self):
        self.rule.write(
            {
                "approver_leader": False,
                "approver_user_ids": [(6, 0, self.seller_abroad.ids)],
            }
        )
        request = self._ask()
        self.assertEqual(request.approver_ids, self.manager)
        self.assertIn("without access to the company", request.warning)
        self.assertIn(self.seller_abroad.name, request.warning)

    def test_who_left_the_group_decides_no_more(self):
        self.rule.write(
            {
                "approver_leader": False,
                "approver_group_ids": [(6, 0, self.controllers.ids)],
            }
        )
        request = self._ask()
        self.controller.group_ids -= self.controllers
        with self.assert_refused(AccessError, "."):
            request.with_user(self.controller).action_approve()

    def test_delegate_is_asked_and_decides(self):
        self._away(self.leader, self.seller_two)
        request = self._ask()
        self.assertEqual(request.approver_ids, self.leader | self.seller_two)
        self.assertEqual(self._activities(request).user_id, self.seller_two)
        request.with_user(self.seller_two).action_approve()
        self.assertEqual(self.lead.stage_id, self.stage_offer)
        self.assertEqual(self._stays(self.lead)[-1].moved_by_id, self.seller.id)

    def test_absence_begins_and_ends_while_a_request_waits(self):
        request = self._ask()
        absence = self._away(self.leader, self.seller_two)
        self.assertEqual(self._activities(request).user_id, self.seller_two)
        absence.with_user(self.leader).active = False
        self.assertEqual(self._activities(request).user_id, self.leader)
        self.assertEqual(request.approver_ids, self.leader)
        with self.assert_refused(AccessError, "."):
            request.with_user(self.seller_two).action_approve()

    def test_absence_of_another_day(self):
        self._away(
            self.leader, self.seller_two, date_from="2020-01-01", date_to="2020-01-31"
        )
        self.assertEqual(self._ask().asked_ids, self.leader)

    def test_chain_and_circle(self):
        self._away(self.leader, self.seller_two)
        self._away(self.seller_two, self.manager)
        request = self._ask()
        self.assertEqual(request.asked_ids, self.manager)
        self._away(self.manager, self.leader)
        self.assertEqual(request.asked_ids, self.leader)
        people = self.leader | self.seller_two | self.manager
        self.assertEqual(request.approver_ids, people)

    def test_requester_as_delegate(self):
        self._away(self.leader, self.seller)
        request = self._ask()
        self.assertEqual(request.approver_ids, self.leader)
        self.assertEqual(request.asked_ids, self.leader)

    def test_everybody_delegates_for_himself(self):
        with self.assert_refused(AccessError, "."):
            self._away(self.leader, self.seller_two, by=self.seller_two)
        own = self._away(self.seller, self.seller_two)
        with self.assert_refused(AccessError, "."):
            own.user_id = self.leader
        with self.assert_refused(AccessError, "."):
            own.with_user(self.seller_two).date_to = "2099-01-01"
        with self.assert_refused(AccessError, "."):
            own.unlink()
        self._away(self.leader, self.seller_two, by=self.manager)
        self._away(self.controller, self.seller_two)
        with self.assert_refused(ValidationError, "cannot decide in the place"):
            self._away(self.seller, self.seller)

    def test_queries_of_asking_again(self):
        """As many for one request as for many, as long as nobody changes."""

        def queries(count):
            requests = self._ask(self._leads(count))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests._refresh_people()
            return self.env.cr.sql_log_count - before

        self.assertEqual(queries(20), queries(2))

    def test_opportunity_without_a_company(self):
        """The company of who asks counts: nobody of the other firm is asked."""
        self.rule.write(
            {
                "approver_leader": False,
                "approver_user_ids": [(6, 0, self.seller_abroad.ids)],
            }
        )
        lead = self._lead()
        lead.write({"team_id": False, "company_id": False})
        self.assertFalse(lead.company_id)
        self.assertEqual(self._ask(lead).approver_ids, self.manager)
