"""The actions in the Action menu of opportunities."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..models.stage_rule.crm_lead_stale import STALE_DAYS_PARAMETER
from .stage_rule_common import StageRuleCase

NAMES = ("check", "next", "ask_approval", "propose_closing")


class ServerActionCase(StageRuleCase):
    def _call(self, name, leads, user=None):
        """Run a server action as the Action menu does."""
        action = self.env.ref(
            f"sales_opportunity_plus.crm_lead_action_stage_rule_{name}"
        )
        context = {
            "active_model": "crm.lead",
            "active_id": leads[:1].id,
            "active_ids": leads.ids,
        }
        user = user or self.seller
        return (
            self.env["ir.actions.server"]
            .browse(action.id)
            .with_user(user)
            .with_context(**context)
            .run()
        )

    def _opened(self, action, user=None):
        records = self.env[action["res_model"]].with_user(user or self.seller)
        return records.browse(action["res_id"])


@tagged("post_install", "-at_install")
class TestStageServerActions(ServerActionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(
            cls._needs_field("date_deadline"),
            name="Ready To Talk",
            move="forward",
            to_stage_ids=[(6, 0, cls.stage_talk.ids)],
        )

    def test_they_are_in_the_menus(self):
        bindings = self.env["ir.actions.actions"].with_user(self.seller)
        names = {one["name"] for one in bindings.get_bindings("crm.lead")["action"]}
        for name in NAMES:
            xmlid = f"sales_opportunity_plus.crm_lead_action_stage_rule_{name}"
            action = self.env.ref(xmlid)
            self.assertEqual(action.binding_view_types, "list,kanban,form")
            self.assertIn(action.name, names)

    def test_nothing_chosen_and_others_opportunities(self):
        leads = self.env["crm.lead"].with_user(self.seller)
        others = self._lead(user_id=self.seller_two.id)
        for name in NAMES:
            with self.subTest(action=name):
                act = f"action_stage_rule_{name}"
                with self.assert_refused(UserError, "Choose the opportunities"):
                    getattr(leads, act)()
                with self.assertRaises(AccessError):
                    getattr(others.with_user(self.seller), act)()

    def test_check_says_what_is_missing_for_each(self):
        ready = self._lead(date_deadline="2030-01-01")
        held, lost = self._leads(2)
        won = self._lead(stage_id=self.stage_won.id, probability=100)
        lost.action_set_lost()
        check = self._opened(self._call("check", ready | held | lost | won))
        self.assertEqual(
            check.line_ids.mapped("state"), ["missing", "none", "none", "ready"]
        )
        self.assertEqual(check.line_ids[0].next_stage_id, self.stage_talk)
        self.assertIn("Expected Closing", check.line_ids[0].missing)
        self.assertIn("Ready To Talk", check.line_ids[0].missing)
        self.assertEqual(
            check.line_ids[1:3].mapped("missing"), ["It is lost.", "It is won."]
        )
        self.assertEqual((check.ready_count, check.held_count), (1, 1))
        Form(check)
        self.assertEqual(check.line_ids[3].action_open_lead()["res_id"], ready.id)
        self.assertEqual(ready.stage_id, self.stage_new)

    def test_check_of_a_warning_and_of_the_last_stage(self):
        self.rule.severity = "warn"
        lead = self._lead()
        check = self._opened(self._call("check", lead))
        self.assertEqual(check.line_ids.state, "warn")
        self.rule.severity = "log"
        check = self._opened(self._call("check", lead))
        self.assertEqual(check.line_ids.state, "ready")

    def test_next_moves_those_that_may_and_shows_the_others(self):
        ready = self._lead(date_deadline="2030-01-01")
        held = self._lead()
        action = self._call("next", ready | held)
        self.assertEqual(ready.stage_id, self.stage_talk)
        self.assertEqual(held.stage_id, self.stage_new)
        check = self._opened(action)
        self.assertEqual(check.moved_count, 1)
        self.assertEqual(check.line_ids.lead_id, held)
        held.date_deadline = "2030-01-01"
        action = check.action_move()
        self.assertEqual(held.stage_id, self.stage_talk)
        self.assertEqual(action["tag"], "display_notification")

    def test_next_follows_the_stages_of_each_team(self):
        here = self._lead(stage_id=self.stage_talk.id)
        own = self._lead(stage_id=self.stage_talk.id, team_id=self.team_own.id)
        last = self._lead(stage_id=self.stage_offer.id)
        self._call("next", here | own | last, self.all_leads)
        self.assertEqual(here.stage_id, self.stage_offer)
        self.assertEqual(own.stage_id, self.stage_trial)
        self.assertEqual(last.stage_id, self.stage_won)
        self.assertEqual(last.won_status, "won")

    def test_an_automation_may_run_them(self):
        """Scheduled actions and automations run as OdooBot, who sells nothing."""
        lead = self._lead(date_deadline="2030-01-01")
        self._call("next", lead, self.env.ref("base.user_root"))
        self.assertEqual(lead.stage_id, self.stage_talk)

    def test_next_of_a_batch(self):
        leads = self._leads(200, date_deadline="2030-01-01")

        def queries(some):
            self.env.flush_all()
            self.env.cr.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._call("next", some)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(leads[:2])
        few = queries(leads[2:4])
        self.assertLessEqual(queries(leads[4:]), few + 2)
        self.assertEqual(leads.stage_id, self.stage_talk)

    def test_approval_is_asked_for_where_one_is_wanted(self):
        self.rule.write(
            {"approval": True, "approver_user_ids": [(6, 0, self.manager.ids)]}
        )
        here = self._lead(date_deadline="2030-01-01")
        later = self._lead(stage_id=self.stage_talk.id)
        action = self._call("ask_approval", here | later)
        self.assertEqual(action["tag"], "display_notification")
        approval = self.env["crm.stage.approval"].search(
            [("rule_id", "=", self.rule.id)]
        )
        self.assertEqual(approval.lead_id, here)
        self.assertEqual(approval.requester_id, self.seller)
        check = self._opened(self._call("check", here))
        self.assertEqual((check.line_ids.state, check.approval_count), ("waiting", 0))
        for lead in (here, later):
            with self.assert_refused(UserError, "no approval to ask for"):
                self._call("ask_approval", lead)
        approval.with_user(self.manager).action_approve()
        self.assertEqual(here.stage_id, self.stage_talk)


@tagged("post_install", "-at_install")
class TestStaleProposal(ServerActionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Gone Quiet"})

    def _age(self, leads, days):
        """Let these opportunities be as they are since so many days."""
        self.env.flush_all()
        for statement in (
            "UPDATE crm_lead SET create_date = create_date - %(age)s,"
            " date_last_stage_update = date_last_stage_update - %(age)s"
            " WHERE id = ANY(%(ids)s)",
            "UPDATE crm_stage_history SET entered_at = entered_at - %(age)s"
            " WHERE lead_id = ANY(%(ids)s)",
        ):
            self.env.cr.execute(SQL(statement, age=timedelta(days=days), ids=leads.ids))
        self.env["mail.message"].sudo().search(
            [("model", "=", "crm.lead"), ("res_id", "in", leads.ids)]
        ).unlink()
        self.env.invalidate_all()

    def _propose(self, leads, user=None):
        return self._opened(self._call("propose_closing", leads, user), user)

    def test_reasons(self):
        quiet, busy, overdue, fresh = self._leads(4)
        overdue.date_deadline = "2020-01-01"
        self._age(quiet | busy, 45)
        busy.activity_schedule(
            "mail.mail_activity_data_todo", date_deadline="2099-01-01"
        )
        proposal = self._propose(quiet | busy | overdue | fresh)
        reasons = {line.lead_id: line.reasons for line in proposal.line_ids}
        self.assertIn("Nothing happened for 45 days", reasons[quiet])
        self.assertIn("No activity planned", reasons[quiet])
        self.assertNotIn("planned", reasons[busy])
        self.assertIn("Closing was expected on 01/01/2020", reasons[overdue])
        self.assertNotIn(fresh, reasons)
        chosen = proposal.line_ids.filtered("close").lead_id
        self.assertEqual(chosen, quiet | overdue)
        self.assertEqual(proposal.line_ids[0].lead_id, quiet)

    def test_what_counts_as_something_happening(self):
        talked, stays = self._leads(2)
        self._age(talked | stays, 45)
        talked.message_post(body="Called them.", message_type="comment")
        self.assertEqual(self._propose(talked | stays).line_ids.lead_id, stays)

    def test_over_time_and_the_days_are_a_parameter(self):
        self.stage_new.rotting_threshold_days = 3
        lead = self._lead()
        self._age(lead, 5)
        self.assertIn("Too long in Test New", self._propose(lead).line_ids.reasons)
        self.stage_new.rotting_threshold_days = 0
        self.assertFalse(self._propose(lead).line_ids)
        self.env["ir.config_parameter"].set_param(STALE_DAYS_PARAMETER, "5")
        self.assertTrue(self._propose(lead).line_ids)

    def test_one_confirmation_closes_and_undo_restores_exactly(self):
        reason = self.env["crm.lost.reason"].create({"name": "Earlier"})
        leads = self._leads(3)
        leads[0].probability = 35
        leads[1].write({"probability": 0, "lost_reason_id": reason.id})
        names = ["active", "stage_id", "probability", "automated_probability"]
        names += ["lost_reason_id", "date_closed", "won_status", "date_deadline"]
        names += ["user_id", "team_id", "expected_revenue", "prorated_revenue"]
        leads.write({"date_deadline": "2020-01-01"})
        leads.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.seller.id,
            date_deadline="2099-01-01",
        )
        activities = leads.activity_ids
        before = leads.read(names)
        proposal = self._propose(leads)
        proposal.line_ids.close = True
        proposal.line_ids[2].close = False
        spared = proposal.line_ids[2].lead_id
        with self.assert_refused(UserError, "choose a lost reason"):
            proposal.action_close()
        proposal.lost_reason_id = self.reason
        proposal.action_close()
        closed = leads - spared
        self.assertEqual(set(closed.mapped("won_status")), {"lost"})
        self.assertEqual(closed.lost_reason_id, self.reason)
        self.assertTrue(spared.active)
        self.assertEqual(proposal.closed_count, 2)
        Form(proposal)
        proposal.action_undo()
        self.assertEqual(leads.read(names), before)
        self.assertEqual(leads.activity_ids, activities)
        self.assertEqual(proposal.state, "undone")
        self.assert_chain(leads)

    def test_undo_leaves_alone_what_others_did(self):
        mine, reopened, other_loss = self._leads(3, date_deadline="2020-01-01")
        earlier = self._lead(date_deadline="2020-01-01")
        earlier.action_set_lost()
        proposal = self._propose(mine | reopened | other_loss | earlier)
        self.assertNotIn(earlier, proposal.line_ids.lead_id)
        proposal.write({"lost_reason_id": self.reason.id})
        proposal.action_close()
        reopened.action_restore()
        reopened.probability = 77
        reason = self.env["crm.lost.reason"].create({"name": "Other"})
        other_loss.lost_reason_id = reason
        proposal.action_undo()
        self.assertTrue(mine.active)
        self.assertEqual(reopened.probability, 77)
        self.assertFalse(other_loss.active)
        self.assertFalse(earlier.active)

    def test_a_rule_that_guards_losing_holds(self):
        self._rule(self._needs_field("referred"), move="lost")
        held, free = self._leads(2, date_deadline="2020-01-01")
        free.referred = "A friend"
        proposal = self._propose(held | free)
        proposal.lost_reason_id = self.reason
        proposal.action_close()
        self.assertTrue(held.active)
        self.assertFalse(free.active)
        self.assertEqual((proposal.closed_count, proposal.held_count), (1, 1))

    def test_a_line_that_was_made_up_shows_and_changes_nothing(self):
        other = self._lead(user_id=self.seller_two.id)
        proposal = (
            self.env["crm.stale.proposal"]
            .with_user(self.seller)
            .create(
                {
                    "lost_reason_id": self.reason.id,
                    "line_ids": [(0, 0, {"lead_id": other.id, "close": True})],
                }
            )
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.assertFalse(proposal.line_ids.expected_revenue)
        with self.assertRaises(AccessError):
            proposal.action_close()
        self.assertTrue(other.active)
