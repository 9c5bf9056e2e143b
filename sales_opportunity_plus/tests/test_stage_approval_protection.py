"""Nobody forges a request, and everybody sees what is his to see."""

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .stage_approval_common import ApprovalCase


@tagged("post_install", "-at_install")
class TestStageApprovalProtection(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls._ask()
        cls.forged = {
            "lead_id": cls.lead.id,
            "rule_id": cls.rule.id,
            "requester_id": cls.seller.id,
            "to_stage_id": cls.stage_offer.id,
            "state": "approved",
            "amount": 1e9,
        }

    def test_nobody_writes_it_by_hand(self):
        people = [self.seller, self.leader, self.manager, self.controller]
        tables = [self.request.with_user(user) for user in people]
        tables.append(self.request.sudo())
        forged = {"stage_approval_write": True, "install_mode": True}
        tables.append(self.request.sudo().with_context(**forged))
        for table in tables:
            for method, args in (
                ("create", [[self.forged]]),
                ("write", [table.ids, {"state": "approved"}]),
                ("web_save", [table.ids, {"state": "approved"}, {}]),
                ("copy", [table.ids]),
                ("unlink", [table.ids]),
                ("_set", [table.ids, {"state": "approved"}]),
                ("_open", [[self.forged]]),
                ("_end", [table.ids, "used", ""]),
                ("_move_on", [table.ids]),
                ("_refresh_people", [table.ids]),
            ):
                with self.subTest(user=table.env.user.login, method=method):
                    with self.assert_refused((UserError, AccessError), "."):
                        call_kw(table, method, args, {})
        done = self.request.sudo().load(["lead_name"], [["Forged"]])
        self.assertFalse(done["ids"])
        self.assertEqual(self.request.state, "open")

    def test_context_silences_nothing(self):
        lead = self._lead().with_user(self.seller)
        call_kw(
            self.env["crm.lead"].with_user(self.seller),
            "action_stage_rule_request_approval",
            [lead.ids, self._replay(lead)],
            {
                "context": {
                    "mail_activity_automation_skip": True,
                    "default_state": "approved",
                    "default_amount": 1e9,
                    "default_approver_ids": self.seller.ids,
                }
            },
        )
        request = self.request.search([("lead_id", "=", lead.id)])
        self.assertEqual(request.state, "open")
        self.assertEqual(request.amount, 1000)
        self.assertEqual(request.approver_ids, self.leader)
        self.assertEqual(self._activities(request).user_id, self.leader)

    def test_who_sees_it(self):
        request = self.request
        for user, sees in (
            (self.seller, True),
            (self.leader, True),
            (self.manager, True),
            (self.seller_two, False),
            (self.controller, False),
            (self.seller_abroad, False),
        ):
            with self.subTest(user=user.login):
                table = request.with_user(user)
                self.assertEqual(table.has_access("read"), sees)
                found = table.search([("id", "=", request.id)])
                self.assertEqual(bool(found), sees)
        # The opportunity is his now: he sees what is asked for it.
        self.lead.user_id = self.seller_two
        self.assertTrue(request.with_user(self.seller_two).has_access("read"))
        self.assertTrue(request.with_user(self.seller).has_access("read"))

    def test_dialog_tells_nothing_to_strangers(self):
        wizard = self.env["crm.stage.approval.decision"].with_user(self.controller)
        values = {"approval_ids": [(6, 0, self.request.ids)]}
        self.assertFalse(wizard.new(values).question)
        with self.assert_refused(AccessError, "."):
            wizard.create(values)

    def test_two_companies(self):
        """Each firm has its own approvers; people of both keep them apart."""
        manager_abroad = self._user(
            "test_manager_abroad",
            "sales_team.group_sale_manager",
            self.company_abroad,
        )
        abroad = self._lead(
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
        )
        self.team_abroad.user_id = manager_abroad
        request = self._ask(abroad, self.seller_abroad)
        self.assertEqual(request.approver_ids, manager_abroad)
        self.assertEqual(request.currency_id, self.crown)
        self.assertFalse(request.with_user(self.manager).has_access("read"))
        with self.assert_refused(AccessError, "."):
            request.with_user(self.manager).action_approve()
        # Approving from another company changes nothing for the requester.
        both = self.company | self.company_abroad
        manager_abroad.company_ids = both
        manager_abroad.company_id = self.company
        request.with_user(manager_abroad).with_context(
            allowed_company_ids=both.ids
        ).action_approve()
        self.assertEqual(request.state, "used")
        self.assertEqual(self._stays(abroad)[-1].moved_by_id, self.seller_abroad.id)

    def test_buttons_of_the_forms(self):
        for user, decide, withdraw in (
            (self.seller, False, True),
            (self.leader, True, False),
            (self.manager, False, False),
        ):
            form = Form(self.request.with_user(user))
            self.assertEqual(form.may_decide, decide)
            self.assertEqual(form.may_withdraw, withdraw)
        lead = Form(self.lead.with_user(self.seller))
        self.assertTrue(lead.stage_approval_waiting)
        self.assertEqual(lead.stage_approval_count, 1)
        action = self.lead.with_user(self.seller).action_stage_rule_open_approvals()
        found = self.request.with_user(self.seller).search(action["domain"])
        self.assertEqual(found, self.request)
        self.assertFalse(Form(self._lead()).stage_approval_waiting)

    def test_screens_open_for_who_is_not_in_sales(self):
        request = self.request.with_user(self.controller)
        request.get_views(
            [(False, mode) for mode in ("list", "kanban", "form", "search")]
        )
        with self.assert_refused(AccessError, "."):
            self.request.with_user(self.controller).action_open_lead()
        action = request.browse().action_open_delegations()
        self.assertEqual(action["res_model"], "crm.stage.approval.delegation")
