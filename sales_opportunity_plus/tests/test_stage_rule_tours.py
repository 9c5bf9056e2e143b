"""The dialog of a refused move in a real browser, from every view that moves."""

from odoo.tests import HttpCase, tagged

from .common import FirmMixin
from .stage_rule_common import StageRuleMixin

PIPELINE = "/odoo/action-crm.crm_lead_action_pipeline"
TOUR = "sales_opportunity_plus.stage_rule"


class StageRuleTourCase(StageRuleMixin, FirmMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.stage.rule"].search([]).active = False
        cls._build_firm()

    @classmethod
    def _build_rule(cls, **values):
        return cls._rule(
            cls._needs_field("date_deadline"),
            {"kind": "checklist", "item_ids": [(0, 0, {"name": "Budget confirmed"})]},
            name="Know the budget",
            guidance="Ask who pays.",
            to_stage_ids=[(6, 0, cls.stage_talk.ids)],
            **values,
        )

    def _open_form(self, tour, login, lead):
        self.start_tour(f"/odoo/crm.lead/{lead.id}", f"{TOUR}.{tour}", login=login)
        lead.invalidate_recordset()

    def _results(self, leads):
        return [row["result"] for row in self._decisions(leads)]


@tagged("post_install", "-at_install")
class TestStageRuleTours(StageRuleTourCase):
    def test_seller_fixes_in_the_kanban(self):
        self._build_rule()
        lead = self._lead()
        self.start_tour(PIPELINE, f"{TOUR}.kanban", login="test_seller")
        self.assertEqual(lead.stage_id, self.stage_talk)
        self.assertEqual(str(lead.date_deadline), "2024-12-24")

    def test_seller_fixes_in_a_form_with_changes(self):
        self._build_rule()
        lead = self._lead()
        self._open_form("form", "test_seller", lead)
        self.assertEqual(lead.stage_id, self.stage_talk)
        self.assertEqual(lead.name, "Test Deal renamed")
        self.assertTrue(lead.date_deadline)

    def test_seller_cancels_in_a_form(self):
        self._build_rule()
        lead = self._lead()
        self._open_form("clean_form", "test_seller", lead)
        self.assertEqual(lead.stage_id, self.stage_new)

    def test_seller_moves_those_that_may_in_the_list(self):
        self._rule(
            self._needs_field("date_deadline"),
            to_stage_ids=[(6, 0, self.stage_talk.ids)],
        )
        leads = self._leads(3)
        leads[0].date_deadline = "2024-12-24"
        self.start_tour(PIPELINE, f"{TOUR}.list", login="test_seller")
        leads.invalidate_recordset()
        self.assertEqual(leads[0].stage_id, self.stage_talk)
        self.assertEqual(leads[1:].stage_id, self.stage_new)

    def test_manager_moves_anyway(self):
        group = self.env.ref("sales_team.group_sale_manager")
        self._build_rule(bypass_group_ids=[(6, 0, group.ids)])
        lead = self._lead()
        self._open_form("anyway", "test_manager", lead)
        self.assertEqual(lead.stage_id, self.stage_talk)
        [row] = [row for row in self._decisions(lead) if row["result"] == "bypassed"]
        self.assertEqual(row["note"], "The customer is in a hurry")

    def test_seller_confirms_a_warning(self):
        self._build_rule(severity="warn")
        lead = self._lead()
        self._open_form("anyway", "test_seller", lead)
        self.assertEqual(lead.stage_id, self.stage_talk)
        self.assertIn("warned", self._results(lead))

    def test_seller_asks_for_approval(self):
        self._rule(
            approval=True,
            approver_user_ids=[(6, 0, self.manager.ids)],
            to_stage_ids=[(6, 0, self.stage_talk.ids)],
        )
        lead = self._lead()
        self._open_form("approval", "test_seller", lead)
        [asked] = self.env["crm.stage.approval"].search([("lead_id", "=", lead.id)])
        self.assertEqual(asked.requester_id, self.seller)
        self.assertEqual(asked.note, "Please")
        self.assertEqual(lead.name, "Test Deal renamed")
        self.assertEqual(lead.stage_id, self.stage_new)

    def test_seller_gives_the_reason_of_a_loss(self):
        reason = self.env["crm.stage.reason"].create({"name": "No budget"})
        self._rule({"kind": "reason", "reason_ids": [(6, 0, reason.ids)]}, move="lost")
        lead = self._lead()
        self._open_form("lost", "test_seller", lead)
        self.assertEqual(lead.won_status, "lost")
        self.assertIn(reason.id, [row["reason_id"] for row in self._decisions(lead)])


@tagged("post_install", "-at_install")
class TestStageRuleMobileTours(StageRuleTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_seller_fixes_on_a_phone(self):
        self._build_rule()
        lead = self._lead()
        self._open_form("mobile", "test_seller", lead)
        self.assertEqual(lead.stage_id, self.stage_talk)
