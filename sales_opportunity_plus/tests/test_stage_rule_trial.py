"""Dry run and replay: the counts are those that a person finds by hand."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .stage_rule_common import StageRuleCase

NOW = datetime(2024, 6, 1, 12)


class TrialCase(StageRuleCase):
    def _try(self, rules, user=None, **values):
        env = self.env(user=(user or self.manager).id)
        trial = env["crm.stage.rule.trial"].create(
            {"rule_ids": [(6, 0, rules.ids)], **values}
        )
        with self._at(NOW):
            trial.action_run()
        return trial

    def _counts(self, trial):
        return {
            line.stage_id.name: (line.held, line.asked, line.sellers)
            for line in trial.line_ids
        }

    def _held(self, trial):
        return self.env["crm.stage.rule.trial.case"].search(
            [("trial_id", "=", trial.id)]
        )


@tagged("post_install", "-at_install")
class TestDryRun(TrialCase):
    def test_those_who_arrived_without_what_is_asked(self):
        rule = self._rule(
            self._needs_field("date_deadline"),
            active=False,
            to_stage_ids=[(6, 0, self.stage_offer.ids)],
            date_from="2090-01-01",
        )
        offered = {"stage_id": self.stage_offer.id}
        right = self._leads(3, date_deadline="2024-01-01", **offered)
        wrong = self._leads(2, **offered)
        wrong |= self._lead(user_id=self.seller_two.id, **offered)
        self._leads(4)
        self._lead(type="lead", **offered)
        self._lead(**offered).action_set_lost()
        trial = self._try(rule)
        self.assertEqual(self._counts(trial), {"Test Offer": (3, 6, 2)})
        self.assertEqual(
            trial.line_ids.sentence,
            "3 of 6 opportunities in Test Offer would not be allowed there.",
        )
        cases = self._held(trial)
        self.assertEqual(cases.lead_id, wrong)
        self.assertIn("Expected Closing", cases[0].missing_text)
        action = trial.line_ids.action_open_cases()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, cases)
        self.assertFalse(self._decisions(right | wrong))

    def test_scope_of_the_rule(self):
        rule = self._rule(
            self._needs_field("date_deadline"),
            active=False,
            team_ids=[(6, 0, self.team.ids)],
            company_ids=[(6, 0, self.company.ids)],
            domain="[('expected_revenue', '>', 5000)]",
            from_stage_ids=[(6, 0, self.stage_talk.ids)],
        )
        talk = {"stage_id": self.stage_talk.id}
        big = self._lead(expected_revenue=6000, **talk)
        self._lead(expected_revenue=4000, **talk)
        self._lead(expected_revenue=6000, team_id=self.team_own.id, **talk)
        self._lead(expected_revenue=6000)
        trial = self._try(rule)
        self.assertEqual(self._held(trial).lead_id, big)
        self.assertIn("could not make this move today", trial.line_ids.sentence)

    def test_since_the_stay_before(self):
        """A rule about arriving asks what was done in the stage that was left."""
        rule = self._rule(
            {"kind": "meeting"},
            active=False,
            to_stage_ids=[(6, 0, self.stage_talk.ids)],
        )
        early, late, never = self._leads(3, stage_id=self.stage_talk.id)
        self.env["crm.stage.history"]._import_past(
            [
                {"lead_id": lead.id, "stage_id": stage.id, "entered_at": at}
                for lead in (early, late, never)
                for stage, at in (
                    (self.stage_new, NOW - timedelta(days=20)),
                    (self.stage_talk, NOW - timedelta(days=10)),
                )
            ]
        )
        for lead, days in ((early, 25), (late, 15)):
            start = NOW - timedelta(days=days)
            self.env["calendar.event"].create(
                {
                    "name": "Test",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "opportunity_id": lead.id,
                }
            )
        self.assertEqual(self._held(self._try(rule)).lead_id, early | never)

    def test_who_and_approval(self):
        rule = self._rule(
            active=False,
            who_leader=True,
            approval=True,
            approver_leader=True,
            approval_domain="[('expected_revenue', '>=', 5000)]",
            to_stage_ids=[(6, 0, self.stage_offer.ids)],
        )
        self.team.user_id = self.seller
        offered = {"stage_id": self.stage_offer.id}
        self._lead(**offered)
        big = self._lead(expected_revenue=9000, **offered)
        other = self._lead(user_id=self.seller_two.id, **offered)
        trial = self._try(rule)
        self.assertEqual(trial.line_ids.approvals, 1)
        cases = self._held(trial)
        self.assertEqual(cases.filtered("wrong_person").lead_id, other)
        self.assertEqual(cases.filtered("needs_approval").lead_id, big)

    def test_checklists_and_reasons(self):
        rule = self._rule(
            {"kind": "checklist", "item_ids": [(0, 0, {"name": "Budget"})]},
            {"kind": "reason"},
            active=False,
            to_stage_ids=[(6, 0, self.stage_offer.ids)],
        )
        self._lead(stage_id=self.stage_offer.id)
        self.assertFalse(self._held(self._try(rule)))
        self.assertEqual(len(self._held(self._try(rule, ticked=False))), 1)

    def test_set_of_rules_counts_an_opportunity_once(self):
        rules = self._rule(
            self._needs_field("date_deadline"), self._needs_field("partner_id")
        ) | self._rule(self._needs_field("partner_id"))
        rules.write({"active": False, "to_stage_ids": [(6, 0, self.stage_offer.ids)]})
        self._leads(2, stage_id=self.stage_offer.id)
        trial = self._try(rules)
        self.assertIn("2 of 2 open opportunities", trial.result)
        self.assertEqual(len(trial.line_ids), 2)

    def test_only_what_the_manager_may_read(self):
        rule = self._rule(
            self._needs_field("date_deadline"),
            active=False,
            to_stage_ids=[(6, 0, self.stage_offer.ids)],
        )
        home = self._lead(stage_id=self.stage_offer.id)
        self._lead(
            stage_id=self.stage_offer.id,
            user_id=self.seller_abroad.id,
            team_id=self.team_abroad.id,
            company_id=self.company_abroad.id,
        )
        trial = self._try(rule)
        self.assertEqual(self._held(trial).lead_id, home)
        abroad = self._user(
            "test_manager_abroad", "sales_team.group_sale_manager", self.company_abroad
        )
        cases = self.env["crm.stage.rule.trial.case"].with_user(abroad)
        self.assertFalse(cases.search([]))
        self.assertNotIn(home, self._held(self._try(rule, abroad)).lead_id)

    def test_rule_of_another_company(self):
        rule = self._rule(company_ids=[(6, 0, self.company_abroad.ids)])
        with self.assert_refused(AccessError, "."):
            self._try(rule)


@tagged("post_install", "-at_install")
class TestReplay(TrialCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(
            cls._needs_field("date_deadline"),
            active=False,
            move="forward",
            to_stage_ids=[(6, 0, cls.stage_offer.ids)],
        )
        talk = {"stage_id": cls.stage_talk.id}
        cls.with_date = cls._leads(2, date_deadline="2024-01-01", **talk)
        cls.without = cls._leads(3, **talk)
        cls.others = cls._lead(user_id=cls.seller_two.id, **talk)
        cls.leads = cls.with_date | cls.without | cls.others
        stays = []
        for number, lead in enumerate(cls.leads):
            path = [cls.stage_new, cls.stage_talk, cls.stage_offer, cls.stage_talk]
            for step, stage in enumerate(path):
                at = NOW - timedelta(days=100 - 10 * step - number)
                stays.append(
                    {"lead_id": lead.id, "stage_id": stage.id, "entered_at": at}
                )
        cls.env["crm.stage.history"]._import_past(stays)

    def _replay(self, rule, **values):
        return self._try(rule, way="moves", **{"unit": "days", "number": 365, **values})

    def test_moves_forward_only(self):
        trial = self._replay(self.rule)
        self.assertEqual(self._counts(trial), {"Test Offer": (4, 6, 2)})
        self.assertEqual(
            trial.result, "Would have held back 4 of 6 moves, of 2 salespersons."
        )
        cases = self._held(trial)
        self.assertEqual(cases.lead_id, self.without | self.others)
        self.assertEqual(cases.from_stage_id, self.stage_talk)
        self.assertEqual(cases[0].moved_at, NOW - timedelta(days=75))

    def test_backward(self):
        self.rule.write({"move": "backward", "to_stage_ids": [(5,)]})
        self.assertEqual(
            self._counts(self._replay(self.rule)), {"Test Talk": (4, 6, 2)}
        )

    def test_minimum_time_as_it_was(self):
        """The stay before lasted ten days, whatever the day of the trial."""
        for days, held in ((9.5, 0), (10, 0), (10.5, 6)):
            rule = self._rule(
                {"kind": "min_time", "duration": days, "duration_unit": "days"},
                active=False,
                to_stage_ids=[(6, 0, self.stage_offer.ids)],
            )
            with self.subTest(days=days):
                self.assertEqual(len(self._held(self._replay(rule))), held)

    def test_last_days_and_last_moves(self):
        # Moves to Offer happened 80, 79, … 75 days before.
        trial = self._replay(self.rule, number=77)
        self.assertEqual(self._counts(trial)["Test Offer"][1], 3)
        report = self.env["crm.stage.history.report"].with_user(self.manager)
        later = report.search_count(
            [
                ("lead_id", "not in", self.leads.ids),
                ("is_merged", "=", False),
                ("entered_at", ">", NOW - timedelta(days=75)),
            ]
        )
        trial = self._replay(self.rule, unit="moves", number=later + 7)
        # The last seven: six moves back to Talk, and the last one to Offer.
        self.assertEqual(self._counts(trial), {"Test Offer": (1, 1, 1)})

    def test_number_that_is_none(self):
        with self.assert_refused(UserError, "more than 0"):
            self._replay(self.rule, number=0)

    def test_about_none(self):
        self.rule.write({"to_stage_ids": [(6, 0, self.stage_trial.ids)]})
        trial = self._replay(self.rule)
        self.assertEqual(trial.result, "The rules are about none of them.")
        self.assertFalse(trial.line_ids)
