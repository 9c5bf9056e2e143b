"""What rules did: counts, hours until fixed, bypasses and win rates, by hand."""

import json
from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.stage_rule import stage_decision_sql
from .stage_rule_common import StageRuleCase

START = datetime(2023, 3, 1)


@tagged("post_install", "-at_install")
class TestStageRuleReport(StageRuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls._needs_field("date_deadline"), active=False)
        cls.other_rule = cls._rule(cls._needs_field("partner_id"), active=False)
        cls.report = cls.env["crm.stage.rule.report"].with_user(cls.manager)

    def _log(self, lead, result, hours, rule=None, **values):
        """A row of the decision log, as the guard writes it."""
        rule = rule or self.rule
        said = {
            "rule": rule.id,
            "version": rule.version_id.id,
            "severity": rule.severity,
            "result": result,
        }
        row = {
            "lead_id": lead.id,
            "result": result,
            "rules": json.dumps([said]),
            "move": "forward",
            "from_stage_id": self.stage_new.id,
            "to_stage_id": self.stage_talk.id,
            "reason_id": None,
            "note": None,
            "user_id": lead.user_id.id,
            "moved_by_id": self.seller.id,
            "team_id": lead.team_id.id,
            "company_id": lead.company_id.id,
            "path": "screen",
            **values,
        }
        at = START + timedelta(hours=hours)
        self.env.cr.execute(
            stage_decision_sql.insert([stage_decision_sql.Row(**row)], at)
        )

    def _groups(self, groupby, *measures):
        rows = self.report.formatted_read_group(
            [("rule_id", "in", (self.rule | self.other_rule).ids)],
            [groupby],
            measures,
        )
        return {
            row[groupby][0] if isinstance(row[groupby], tuple) else row[groupby]: [
                row[measure] for measure in measures
            ]
            for row in rows
        }

    def test_hours_until_fixed(self):
        """From the first block to the first passing move, of the same rule."""
        fixed, twice, never = self._leads(3)
        self._log(fixed, "blocked", 0)
        self._log(fixed, "unconfirmed", 5)
        self._log(fixed, "passed", 1, rule=self.other_rule)
        self._log(fixed, "passed", 8)
        self._log(twice, "passed", 0)
        self._log(twice, "blocked", 1)
        self._log(twice, "passed", 5)
        self._log(twice, "blocked", 10)
        self._log(twice, "passed", 30)
        self._log(never, "blocked", 0)
        self._log(never, "bypassed", 3)
        lines = self.report.search([("rule_id", "=", self.rule.id)])
        hours = {
            (line.lead_id.id, line.decided_at): line.hours_to_fix
            for line in lines
            if line.hours_to_fix
        }
        self.assertEqual(
            hours,
            {
                (fixed.id, START): 8,
                (twice.id, START + timedelta(hours=1)): 4,
                (twice.id, START + timedelta(hours=10)): 20,
            },
        )
        found = self._groups("rule_id", "hours_to_fix:avg", "held:sum", "__count")
        self.assertAlmostEqual(found[self.rule.id][0], 32 / 3)
        self.assertEqual(found[self.rule.id][1:], [5, 10])

    def test_bypasses_and_by_whom(self):
        lead = self._lead()
        self._log(lead, "bypassed", 0, note="The customer is in a hurry.")
        self._log(lead, "bypassed", 1, moved_by_id=self.manager.id)
        self._log(lead, "warned", 2)
        self.assertEqual(
            self._groups("moved_by_id", "bypassed:sum", "warned:sum"),
            {self.seller.id: [1, 1], self.manager.id: [1, 0]},
        )
        line = self.report.search([("note", "!=", False)])
        self.assertEqual(line.note, "The customer is in a hurry.")

    def test_win_rate_by_result(self):
        won = self._leads(3, stage_id=self.stage_won.id, probability=100)
        lost = self._leads(2, active=False, probability=0)
        lead = self._lead()
        for one, result in zip(
            [*won, *lost, lead],
            ["passed", "passed", "bypassed", "passed", "warned", "passed"],
            strict=True,
        ):
            self._log(one, result, 0)
        found = self._groups("result", "win_rate:avg")
        self.assertAlmostEqual(found["passed"][0], 200 / 3)
        self.assertEqual((found["bypassed"], found["warned"]), ([100], [0]))

    def test_which_rule_holds_back_most(self):
        lead = self._lead()
        for result in ("blocked", "passed", "logged", "passed"):
            self._log(lead, result, 0)
        self._log(lead, "blocked", 0, rule=self.other_rule)
        found = self._groups("rule_id", "held_rate:avg", "logged:sum")
        self.assertEqual(found, {self.rule.id: [25, 1], self.other_rule.id: [100, 0]})

    def test_who_sees_what(self):
        own = self._lead()
        others = self._lead(user_id=self.seller_two.id)
        abroad = self._lead(
            user_id=self.seller_abroad.id,
            team_id=self.team_abroad.id,
            company_id=self.company_abroad.id,
        )
        for lead in own | others | abroad:
            self._log(lead, "passed", 0)
        domain = [("rule_id", "=", self.rule.id)]
        for user, leads in (
            (self.seller, own),
            (self.manager, own | others),
            (self.seller_abroad, abroad),
        ):
            with self.subTest(user=user.login):
                seen = self.report.with_user(user).search(domain)
                self.assertEqual(sorted(seen.lead_id.sudo().ids), sorted(leads.ids))
        line = self.report.search([("lead_id", "=", own.id)])
        self.assertEqual(line.action_open_lead()["res_id"], own.id)
        outsider = self._user("test_outsider", "base.group_user", self.company)
        with self.assert_refused(AccessError, "."):
            self.report.with_user(outsider).search(domain)

    def test_real_decisions_are_in_it(self):
        rule = self._rule(
            self._needs_field("date_deadline"),
            severity="log",
            to_stage_ids=[(6, 0, self.stage_talk.ids)],
        )
        lead = self._lead()
        lead.with_user(self.seller).stage_id = self.stage_talk
        line = self.report.search([("rule_id", "=", rule.id)])
        self.assertEqual(
            (line.lead_id, line.result, line.logged, line.version, line.moved_by_id),
            (lead, "logged", 1, 1, self.seller),
        )

    def test_rules_on_the_form_of_the_stage(self):
        rule = self._rule(to_stage_ids=[(6, 0, self.stage_talk.ids)], active=False)
        stage = self.stage_talk.with_user(self.manager)
        self.assertEqual(stage.stage_rule_ids, rule)
        self.assertFalse(self.stage_offer.stage_rule_ids)
        action = stage.action_stage_rule_new()
        self.assertEqual(action["context"]["default_to_stage_ids"], stage.ids)
        with self.assert_refused(AccessError, "."):
            self.stage_talk.with_user(self.seller).action_stage_rule_new()
