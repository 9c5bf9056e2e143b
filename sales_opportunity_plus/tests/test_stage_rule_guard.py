"""A move is decided on, whatever is missing is said, and the decision is kept."""

from contextlib import suppress

from odoo.tests import tagged

from ..exceptions import StageRuleError
from .stage_rule_common import StageRuleCase


@tagged("post_install", "-at_install")
class TestStageRuleGuard(StageRuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(
            cls._needs_field("date_deadline"),
            "activity_planned",
            name="Ready To Offer",
            to_stage_ids=[(6, 0, cls.stage_offer.ids)],
        )

    def _refused(self, act):
        """The structured refusal of a call."""
        with self.assertRaises(StageRuleError) as caught, self.env.cr.savepoint():
            act()
        return caught.exception

    def test_everything_missing_is_said_at_once(self):
        lead = self._lead().with_user(self.seller)
        error = self._refused(lambda: lead.write({"stage_id": self.stage_offer.id}))
        [move] = error.context["moves"]
        self.assertEqual(move["from"]["name"], "Test New")
        self.assertEqual(move["to"]["name"], "Test Offer")
        [rule] = move["rules"]
        self.assertEqual(
            [failure["kind"] for failure in rule["failures"]],
            ["field", "activity_planned"],
        )
        self.assertEqual(
            error.context["replay"],
            {
                "ids": lead.ids,
                "method": "write",
                "values": {"stage_id": self.stage_offer.id},
            },
        )
        self.assertIn("Test Deal", str(error))
        self.assertIn("Expected Closing", str(error))
        self.assertEqual(lead.stage_id, self.stage_new)

    def test_what_is_written_with_the_move_counts(self):
        lead = self._lead().with_user(self.seller)
        lead.activity_schedule("mail.mail_activity_data_call", user_id=self.seller.id)
        lead.write({"stage_id": self.stage_offer.id, "date_deadline": "2030-01-01"})
        self.assertEqual(lead.stage_id, self.stage_offer)
        [decision] = self._decisions(lead)
        self.assertEqual(decision["result"], "passed")
        self.assertEqual(decision["rules"][0]["rule"], self.rule.id)

    def test_other_moves_are_free(self):
        lead = self._lead().with_user(self.seller)
        lead.stage_id = self.stage_talk
        self.assertFalse(self._decisions(lead))

    def test_a_refusal_that_is_caught_cannot_be_committed(self):
        lead = self._lead()
        with suppress(StageRuleError):
            lead.write({"stage_id": self.stage_offer.id})
        # Not with assertRaises: its savepoint flushes before it looks.
        try:
            self.env.cr.flush()
        except StageRuleError:
            self.env.cr.clear()
        else:
            self.fail("the refused move could be committed")

    def test_warning_and_bypass(self):
        lead = self._lead().with_user(self.seller)
        move = {"stage_id": self.stage_offer.id}
        self.rule.severity = "warn"
        error = self._refused(lambda: lead.write(dict(move)))
        self.assertTrue(error.context["moves"][0]["rules"][0]["may_confirm"])
        self.rule.severity = "block"
        why = dict(move, stage_override_reason="The customer waits")
        self._refused(lambda: lead.write(dict(why)))
        self.rule.bypass_group_ids = self.env.ref("sales_team.group_sale_salesman")
        self._refused(lambda: lead.write(dict(move)))
        lead.write(dict(why))
        self.assertEqual(lead.stage_id, self.stage_offer)
        decision = self._decisions(lead)[-1]
        self.assertEqual(
            (decision["result"], decision["note"]), ("bypassed", "The customer waits")
        )

    def test_versions_follow_the_decisions(self):
        first = self.rule.version_id
        self.rule.name = "Still Unused"
        self.assertEqual(self.rule.version_id, first)
        lead = self._lead(date_deadline="2030-01-01")
        self.rule.severity = "log"
        lead.stage_id = self.stage_offer
        self.rule.requirement_ids[1].unlink()
        self.assertNotEqual(self.rule.version_id, first)
        self.assertEqual(self.rule.version_id.number, 2)
        [decision] = self._decisions(lead)
        self.assertEqual(decision["result"], "logged")
        self.assertEqual(decision["rules"][0]["version"], first.id)

    def test_batch_names_the_held_and_moves_the_others(self):
        leads = self._leads(20, date_deadline="2030-01-01")
        self.rule.requirement_ids[1].unlink()
        leads[:3].date_deadline = False
        leads = leads.with_user(self.seller)
        error = self._refused(lambda: leads.write({"stage_id": self.stage_offer.id}))
        self.assertEqual(
            (error.context["held"], error.context["total"]), (3, 20), str(error)
        )
        self.assertEqual(
            [move["lead_id"] for move in error.context["moves"]], leads[:3].ids
        )
        self.assertTrue(error.context["may_move_others"])
        done = leads.action_stage_rule_move(error.context["replay"], only_allowed=True)
        self.assertEqual(done, {"moved": 17, "held": 3})
        self.assertEqual(leads[3:].stage_id, self.stage_offer)
        self.assertEqual(leads[:3].stage_id, self.stage_new)

    def test_fix_and_move(self):
        self.rule.requirement_ids[1].unlink()
        lead = self._lead().with_user(self.seller)
        for act in (
            lambda: lead.write({"stage_id": self.stage_offer.id}),
            lambda: lead.action_set_won(),
        ):
            self.rule.to_stage_ids |= self.stage_won
            error = self._refused(act)
            lead.action_stage_rule_move(
                error.context["replay"], fixes={"date_deadline": "2030-01-01"}
            )
            self.assertEqual(lead.date_deadline.year, 2030)
            lead.date_deadline = False
        self.assertEqual(lead.won_status, "won")

    def test_panel_and_badge(self):
        lead = self._lead(stage_id=self.stage_talk.id).with_user(self.seller)
        self.assertEqual(lead.stage_rule_state, "missing")
        self.assertEqual(lead.stage_rule_missing, 2)
        panel = lead.stage_rule_panel
        self.assertEqual(panel["next"]["name"], "Test Offer")
        [rule] = panel["rules"]
        self.assertEqual([one["met"] for one in rule["requirements"]], [False, False])
        lead.date_deadline = "2030-01-01"
        lead.invalidate_recordset()
        [rule] = lead.stage_rule_panel["rules"]
        self.assertEqual([one["met"] for one in rule["requirements"]], [True, False])
        self.assertEqual(self._lead().with_user(self.seller).stage_rule_state, "none")

    def test_import_names_each_blocked_row_and_keeps_nothing(self):
        self.rule.requirement_ids[1].unlink()
        leads = self._leads(3).with_user(self.seller)
        ids = [f"test_stage_rule.lead_{n}" for n in range(3)]
        self.env["ir.model.data"].create(
            [
                {
                    "module": "test_stage_rule",
                    "name": f"lead_{number}",
                    "model": "crm.lead",
                    "res_id": lead.id,
                }
                for number, lead in enumerate(leads)
            ]
        )
        names = ["id", "stage_id/.id", "date_deadline"]
        offer = str(self.stage_offer.id)
        rows = [[xmlid, offer, ""] for xmlid in ids]
        rows[1][2] = "2030-01-01"
        done = leads.browse().with_context(import_file=True).load(names, rows)
        self.assertFalse(done["ids"])
        self.assertEqual([said["record"] for said in done["messages"]], [0, 2])
        for said in done["messages"]:
            self.assertIn("Expected Closing", said["message"])
        self.env.invalidate_all()
        self.assertEqual(leads.stage_id, self.stage_new)
