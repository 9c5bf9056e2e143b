"""Rules that move opportunities by themselves."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models.stage_rule.stage_hops import HOPS_PARAMETER
from .stage_rule_common import StageRuleCase

MOVER = "odoo.addons.sales_opportunity_plus.models.stage_rule.crm_lead_auto_move"


class StageRuleMoveCase(StageRuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the database has of its own is not what is tested.
        cls.env["crm.stage.action"].search([]).active = False
        cls.env["crm.stage.rule"].search([]).active = False

    @classmethod
    def _mover(cls, sources, target, *requirements, **values):
        return cls._rule(
            *requirements,
            **{
                "mode": "move",
                "name": f"{sources[:1].name} To {target[:1].name}",
                "from_stage_ids": [(6, 0, sources.ids)],
                "to_stage_ids": [(6, 0, target.ids)],
                **values,
            },
        )

    @classmethod
    def _guard(cls, target, *requirements, **values):
        return cls._rule(
            *requirements,
            **{"name": "Guard", "to_stage_ids": [(6, 0, target.ids)], **values},
        )


@tagged("post_install", "-at_install")
class TestStageRuleMove(StageRuleMoveCase):
    def test_a_write_that_makes_it_true_moves(self):
        rule = self._mover(
            self.stage_new, self.stage_talk, self._needs_field("date_deadline")
        )
        lead = self._lead()
        lead.with_user(self.seller).name = "Nothing Yet"
        self.assertEqual(lead.stage_id, self.stage_new)
        lead.with_user(self.seller).date_deadline = "2030-01-01"
        self.assertEqual(lead.stage_id, self.stage_talk)
        self.assertEqual(
            self._lived(lead),
            [("created", "Test New", "open"), ("forward", "Test Talk", "open")],
        )
        self.assert_chain(lead)
        [decision] = self._decisions(lead)
        self.assertEqual(decision["rules"][0]["rule"], rule.id)
        self.assertEqual(decision["path"], "automatic")
        self.assertEqual(decision["result"], "passed")
        self.assertEqual(decision["moved_by_id"], self.seller.id)

    def test_why_is_answered_on_the_opportunity(self):
        rule = self._mover(self.stage_new, self.stage_talk)
        lead = self._lead().with_user(self.seller)
        self.assertEqual(lead.stage_decision_count, 1)
        action = lead.action_stage_rule_why()
        report = self.env[action["res_model"]].with_user(self.seller)
        line = report.search(action["domain"])
        self.assertEqual(line.rule_id, rule)
        self.assertEqual(line.mode, "move")
        self.assertEqual(line.to_stage_id, self.stage_talk)
        self.assertEqual(line.action_open_lead()["res_id"], lead.id)
        self.assertFalse(report.with_user(self.seller_two).search(action["domain"]))

    def test_merging_keeps_the_answer(self):
        self._mover(self.stage_new, self.stage_talk)
        head, tail = self._leads(2)
        head.with_user(self.manager)._merge_dependences(tail)
        self.assertEqual(head.stage_decision_count, 2)

    def test_what_is_missing_is_named_in_the_log(self):
        self._mover(self.stage_new, self.stage_talk)
        self._guard(self.stage_talk, self._needs_field("date_deadline"))
        lead = self._lead()
        line = self.env["crm.stage.decision.report"].search([("lead_id", "=", lead.id)])
        self.assertEqual(line.outcome, "held")
        self.assertEqual(line.missing_count, 1)
        self.assertIn("Expected Closing", line.missing_text)

    def test_scope(self):
        self._mover(
            self.stage_new,
            self.stage_talk,
            team_ids=[(6, 0, self.team.ids)],
            company_ids=[(6, 0, self.company.ids)],
            domain="[('expected_revenue', '>', 500)]",
        )
        leads = [
            self._lead(),
            self._lead(expected_revenue=5),
            self._lead(team_id=self.team_own.id),
            self._lead(type="lead"),
            self._lead(active=False),
        ]
        self.assertEqual(
            [lead.stage_id == self.stage_talk for lead in leads],
            [True, False, False, False, False],
        )

    def test_a_stage_that_the_team_does_not_use_is_left_alone(self):
        self._mover(self.stage_new, self.stage_trial)
        self.assertEqual(self._lead().stage_id, self.stage_new)
        own = self._lead(team_id=self.team_own.id)
        self.assertEqual(own.stage_id, self.stage_trial)

    def test_the_first_rule_in_order_moves(self):
        self._mover(self.stage_new, self.stage_talk, sequence=20)
        self._mover(self.stage_new, self.stage_offer, sequence=10)
        self.assertEqual(self._lead().stage_id, self.stage_offer)

    def test_one_move_may_bring_the_next(self):
        self._mover(self.stage_new, self.stage_talk)
        self._mover(
            self.stage_talk,
            self.stage_won,
            {"kind": "condition", "domain": "[('expected_revenue', '>', 10)]"},
        )
        lead = self._lead()
        self.assertEqual(lead.stage_id, self.stage_won)
        self.assertEqual(lead.won_status, "won")
        self.assert_chain(lead)

    def test_a_guard_holds_for_automatic_moves_without_an_error(self):
        self._mover(self.stage_new, self.stage_talk)
        guard = self._guard(self.stage_talk, self._needs_field("date_deadline"))
        lead = self._lead()
        for name in ("One", "Two"):
            lead.with_user(self.seller).name = name
        self.assertEqual(lead.stage_id, self.stage_new)
        # Said once for the stay, however often it was tried.
        [decision] = self._decisions(lead)
        self.assertEqual(decision["rules"][0]["rule"], guard.id)
        self.assertEqual(
            (decision["result"], decision["path"]), ("blocked", "automatic")
        )
        lead.with_user(self.seller).date_deadline = "2030-01-01"
        self.assertEqual(lead.stage_id, self.stage_talk)

    def test_a_warning_that_nobody_confirms_holds_too(self):
        self._mover(self.stage_new, self.stage_talk)
        self._guard(
            self.stage_talk, self._needs_field("date_deadline"), severity="warn"
        )
        self.assertEqual(self._lead().stage_id, self.stage_new)

    def test_who_gives_an_opportunity_away_does_not_stop_it(self):
        self._mover(self.stage_new, self.stage_talk, self._needs_field("date_deadline"))
        lead = self._lead()
        lead.with_user(self.seller).write(
            {"user_id": self.seller_two.id, "date_deadline": "2030-01-01"}
        )
        self.assertEqual(lead.stage_id, self.stage_talk)

    def test_losing_and_winning_are_not_cut_in_two(self):
        self._mover(self.stage_new, self.stage_talk, self._needs_field("referred"))
        leads = self._leads(2)
        leads.with_context(skip=1).write({"date_deadline": "2030-01-01"})
        leads[0].with_user(self.seller).action_set_lost()
        leads[0].with_user(self.seller).write({"referred": "x"})
        self.assertEqual(leads[0].stage_id, self.stage_new)
        leads[0].with_user(self.seller).action_set_won()
        self.assertEqual(
            [move for move, _stage, _status in self._lived(leads[0])],
            ["created", "lost", "won"],
        )

    def test_a_failing_opportunity_does_not_stop_the_others(self):
        leads = self._leads(3)
        self._mover(self.stage_new, self.stage_talk, self._needs_field("referred"))
        model = self.registry["crm.lead"]
        plain, broken = model._stage_rule_moved, leads[1].id

        def moved(records, entries):
            if any(entry.lead_id == broken for entry in entries):
                raise ValueError("Not this one.")
            return plain(records, entries)

        with patch.object(model, "_stage_rule_moved", moved):
            with self.assertLogs(MOVER, "WARNING"):
                leads.with_user(self.seller).write({"referred": "x"})
        self.assertEqual(
            [lead.stage_id == self.stage_talk for lead in leads], [True, False, True]
        )
        self.assertEqual(leads.mapped("referred"), ["x"] * 3)
        self.assertFalse(self._decisions(leads[1]))

    def test_hops_are_bounded(self):
        """An action that moves back and a rule that moves on chase each other."""
        self._mover(self.stage_new, self.stage_talk)
        back = self.env["ir.actions.server"].create(
            {
                "name": "Back",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
                "code": f"record.write({{'stage_id': {self.stage_new.id}}})",
            }
        )
        self.env["crm.stage.action"].create(
            {
                "name": "Back",
                "stage_id": self.stage_talk.id,
                "kind": "server",
                "server_action_id": back.id,
                "repeat": True,
            }
        )
        lead = self._lead()
        self.assertLessEqual(len(self._stays(lead)), 6)
        bodies = " ".join(body or "" for body in lead.message_ids.mapped("body"))
        self.assertIn(HOPS_PARAMETER, bodies)
        self.assert_chain(lead)

    def test_definition_is_checked(self):
        with self.assert_refused(ValidationError, "exactly one stage"):
            self._mover(self.stage_new, self.stage_talk | self.stage_offer)
        with self.assert_refused(ValidationError, "exactly one stage"):
            self._mover(self.stage_new, self.env["crm.stage"])
        with self.assert_refused(ValidationError, "needs the stages"):
            self._mover(self.env["crm.stage"], self.stage_talk, name="No Way")
        with self.assert_refused(ValidationError, "cannot ask who"):
            self._mover(self.stage_new, self.stage_talk, who_owner=True)


@tagged("post_install", "-at_install")
class TestStageRuleCycle(StageRuleMoveCase):
    def test_a_cycle_is_refused_and_named(self):
        self._mover(self.stage_new, self.stage_talk, name="X")
        self._mover(self.stage_talk, self.stage_offer, name="Y")
        with self.assert_refused(
            ValidationError, "Test .* → Test .* → Test .* → Test .*, by the rules.*“"
        ):
            self._mover(self.stage_offer, self.stage_new, name="Z")

    def test_the_order_of_names(self):
        self._mover(self.stage_new, self.stage_talk, name="X")
        with self.assert_refused(
            ValidationError, "Test New → Test Talk → Test New, by the rules “X” and “Y”"
        ):
            self._mover(self.stage_talk, self.stage_new, name="Y", sequence=20)

    def test_a_rule_in_its_own_way(self):
        with self.assert_refused(ValidationError, "Test Talk → Test Talk"):
            self._mover(self.stage_new | self.stage_talk, self.stage_talk)

    def test_rules_that_share_no_opportunity_make_no_cycle(self):
        for name, more in (
            ("team", {"team_ids": [(6, 0, self.team_own.ids)]}),
            ("company", {"company_ids": [(6, 0, self.company_abroad.ids)]}),
            ("type", {"lead_type": "lead"}),
            ("time", {"date_from": "2031-01-01"}),
        ):
            with self.subTest(scope=name):
                there = self._mover(
                    self.stage_new,
                    self.stage_talk,
                    team_ids=[(6, 0, self.team.ids)],
                    company_ids=[(6, 0, self.company.ids)],
                    date_to="2030-12-31",
                )
                back = self._mover(self.stage_talk, self.stage_new, **more)
                (there | back).active = False

    def test_switching_one_on_is_saving_it(self):
        there = self._mover(self.stage_new, self.stage_talk, active=False)
        self._mover(self.stage_talk, self.stage_new)
        with self.assert_refused(ValidationError, "in a circle"):
            there.active = True
        guard = self._guard(
            self.stage_talk, from_stage_ids=[(6, 0, self.stage_new.ids)]
        )
        with self.assert_refused(ValidationError, "in a circle"):
            guard.mode = "move"
