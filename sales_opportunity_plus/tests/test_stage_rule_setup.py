"""Rules as managers write them: who sees them, what is refused, what is kept."""

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import StageRuleError
from .stage_rule_common import StageRuleCase


@tagged("post_install", "-at_install")
class TestStageRuleSetup(StageRuleCase):
    def _to_offer(self, *requirements, **values):
        return self._rule(
            *requirements or [self._needs_field("date_deadline")],
            to_stage_ids=[(6, 0, self.stage_offer.ids)],
            **values,
        )

    def _may(self, lead, user=None):
        try:
            with self.env.cr.savepoint():
                lead.with_user(user or self.seller).stage_id = self.stage_offer
        except StageRuleError:
            return False
        lead.stage_id = self.stage_new
        return True

    def test_sellers_read_managers_write(self):
        rule = self._to_offer()
        rule.with_user(self.seller).read(["name", "sentence"])
        for act in (
            lambda rule: rule.write({"name": "Mine"}),
            lambda rule: rule.create({"name": "Mine"}),
            lambda rule: rule.unlink(),
            lambda rule: rule.requirement_ids.write({"message": "Mine"}),
            lambda rule: rule.version_id.write({"sentence": "Mine"}),
        ):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                act(rule.with_user(self.seller))
        rule.with_user(self.manager).name = "Ours"
        self.assertEqual(rule.version_id.number, 1)

    def test_rules_of_other_companies(self):
        rule = self._to_offer(company_ids=[(6, 0, self.company_abroad.ids)])
        self.assertFalse(rule.with_user(self.seller).search([("id", "=", rule.id)]))
        lead = self._lead()
        self.assertTrue(self._may(lead))
        abroad = self._lead(
            user_id=self.seller_abroad.id,
            team_id=self.team_abroad.id,
            company_id=self.company_abroad.id,
        )
        self.assertFalse(self._may(abroad, self.seller_abroad))
        # An opportunity without a company has that of its salesperson.
        nowhere = self._lead(
            company_id=False, user_id=self.seller_abroad.id, team_id=False
        )
        self.assertFalse(self._may(nowhere, self.seller_abroad))

    def test_teams_and_conditions(self):
        self._to_offer(
            team_ids=[(6, 0, self.team_own.ids)],
            domain="[('expected_revenue', '>=', 5000)]",
        )
        self.assertTrue(self._may(self._lead(expected_revenue=9000)))
        own = self._lead(team_id=self.team_own.id, expected_revenue=4999)
        self.assertTrue(self._may(own))
        own.expected_revenue = 5000
        self.assertFalse(self._may(own))

    def test_who_may_move(self):
        rule = self._rule(to_stage_ids=[(6, 0, self.stage_offer.ids)], who_owner=True)
        lead = self._lead()
        self.assertTrue(self._may(lead, self.seller))
        self.assertFalse(self._may(lead, self.manager))
        rule.write({"who_owner": False, "who_leader": True})
        self.assertFalse(self._may(lead))
        self.team.user_id = self.seller
        self.assertTrue(self._may(lead))
        group = self.env["res.groups"].create({"name": "Test Empty Group"})
        rule.write({"who_leader": False, "who_group_ids": [(6, 0, group.ids)]})
        self.assertFalse(self._may(lead), "a group without users lets nobody")
        self.manager.group_ids += group
        self.assertTrue(self._may(lead, self.manager))

    def test_a_missing_right_changes_no_decision_and_leaks_nothing(self):
        secret = self.env["res.partner"].create(
            {"name": "Test Secret Firm", "company_id": self.company_abroad.id}
        )
        self._to_offer(
            {
                "kind": "condition",
                "domain": "[('partner_id.name', 'ilike', 'secret')]",
                "message": "Choose the right customer.",
            }
        )
        lead = self._lead(company_id=False, team_id=False)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET partner_id = %s WHERE id = %s", [secret.id, lead.id]
        )
        self.env.invalidate_all()
        self.assertTrue(self._may(lead))
        secret.name = "Test Other Firm"
        with self.assertRaises(StageRuleError) as caught, self.env.cr.savepoint():
            lead.with_user(self.seller).stage_id = self.stage_offer
        self.assertNotIn("Firm", str(caught.exception))
        self.assertNotIn("Firm", str(caught.exception.context))

    def test_what_can_never_apply_is_refused(self):
        for values in (
            {"domain": "[('no_such_field', '=', 1)]"},
            {"domain": "not a domain"},
            {"domain": "__import__('os')"},
            {"approval": True},
            {"date_from": "2024-02-02", "date_to": "2024-02-01"},
            {"move": "won"},
            {"move": "lost"},
            {"approval_days": -1},
        ):
            with self.subTest(**values), mute_logger("odoo.sql_db"):
                error = CheckViolation if "approval_days" in values else ValidationError
                with self.assertRaises(error), self.env.cr.savepoint():
                    self._to_offer(**values)
        for requirement in (
            {"kind": "condition"},
            {"kind": "condition", "domain": "[('nothing', '=', 1)]"},
            {"kind": "checklist"},
            {"kind": "field"},
            self._needs_field("rotting_days"),
        ):
            with self.subTest(**requirement), self.assert_refused(ValidationError, ""):
                self._rule(requirement)

    def test_used_rules_are_archived_not_deleted(self):
        rule = self._to_offer(severity="log")
        self._to_offer().unlink()
        lead = self._lead()
        lead.stage_id = self.stage_offer
        with self.assert_refused(UserError, "Archive it"):
            rule.unlink()
        requirement = rule.requirement_ids
        requirement.unlink()
        self.assertTrue(requirement.exists())
        self.assertFalse(requirement.active)
        rule.active = False
        back = self._lead()
        self.assertTrue(self._may(back))

    def test_stages_of_a_rule(self):
        """A stage that goes takes itself out; a rule never widens by that."""
        stage = self._stage("Test Passing", -1025)
        rule = self._rule(
            self._needs_field("date_deadline"), to_stage_ids=[(6, 0, stage.ids)]
        )
        with self.assert_refused(UserError, "Test Rule"):
            stage.unlink()
        rule.to_stage_ids = self.stage_offer
        stage.unlink()

    def test_field_of_an_addon_that_goes(self):
        field = self.env["ir.model.fields"].create(
            {
                "name": "x_test_passing",
                "model_id": self.env["ir.model"]._get("crm.lead").id,
                "ttype": "char",
            }
        )
        rule = self._to_offer({"kind": "field", "field_id": field.id})
        lead = self._lead()
        self.assertFalse(self._may(lead))
        with mute_logger("odoo.addons.base.models.ir_model"):
            field.unlink()
        self.env.invalidate_all()
        self.assertTrue(rule.is_broken)
        self.assertEqual(rule.requirement_ids.field_name, "x_test_passing")
        self.assertTrue(self._may(lead))

    def test_sentence(self):
        rule = self._rule(
            self._needs_field("date_deadline"),
            "meeting",
            to_stage_ids=[(6, 0, self.stage_offer.ids)],
            team_ids=[(6, 0, self.team.ids)],
            domain="[('expected_revenue', '>', 10000)]",
            approval=True,
            approver_leader=True,
        )
        for part in (
            "any stage",
            "Test Offer",
            "Test Team",
            "“Expected Revenue” > 10,000",
            "team leader",
        ):
            self.assertIn(part, rule.sentence)
        self.assertIn("Expected Closing", rule.sentence)
        self.assertIn("meeting", rule.sentence)
        self.assertEqual(rule.version_id.sentence, rule.sentence)

    def test_merge_keeps_ticks(self):
        lines = [(0, 0, {"name": "Budget"})]
        rule = self._to_offer({"kind": "checklist", "item_ids": lines})
        head, tail = self._lead(probability=90), self._lead(probability=10)
        tail.with_user(self.seller).action_stage_rule_tick(
            rule.requirement_ids.item_ids.id
        )
        (head | tail).with_user(self.manager).merge_opportunity()
        kept = (head | tail).exists()
        self.assertEqual(len(kept), 1)
        self.assertTrue(self._may(kept))
