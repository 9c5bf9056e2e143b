"""What stages do by themselves when opportunities enter or leave them."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FirmCase

RUNNER = "odoo.addons.sales_opportunity_plus.models.stage_rule.crm_stage_action_runner"


class StageActionCase(FirmCase):
    """Builders of actions and look-ups of what they did."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the database has of its own is not what is tested.
        cls.env["crm.stage.action"].search([]).active = False

    @classmethod
    def _code(cls, code, **values):
        """A server action on opportunities."""
        return cls.env["ir.actions.server"].create(
            {
                "name": "Test Code",
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
                "code": code,
                **values,
            }
        )

    @classmethod
    def _action(cls, code=None, **values):
        if code is not None:
            values |= {"kind": "server", "server_action_id": cls._code(code).id}
        if "stage_id" not in values:
            values["stage_id"] = cls.stage_talk.id
        return cls.env["crm.stage.action"].create({"name": "Test Action", **values})

    @classmethod
    def _plan(cls, **step):
        todo = cls.env.ref("mail.mail_activity_data_todo")
        return cls.env["mail.activity.plan"].create(
            {
                "name": "Test Plan",
                "res_model": "crm.lead",
                "company_id": False,
                "template_ids": [
                    (
                        0,
                        0,
                        {
                            "activity_type_id": todo.id,
                            "summary": "Test Step",
                            "responsible_type": "on_demand",
                            **step,
                        },
                    )
                ],
            }
        )

    def _move(self, leads, stage, user=None):
        leads.with_user(user or self.seller).write({"stage_id": stage.id})
        self.env.flush_all()

    def _runs(self, leads):
        """(action, trigger, state) of what ran for these, in order."""
        runs = self.env["crm.stage.action.run"].search(
            [("lead_id", "in", leads.ids)], order="id"
        )
        return [(run.action_id, run.trigger, run.state) for run in runs]


@tagged("post_install", "-at_install")
class TestStageAction(StageActionCase):
    def test_entering_starts_a_plan_for_the_salesperson(self):
        action = self._action(kind="plan", plan_id=self._plan().id)
        lead = self._lead(user_id=self.seller_two.id)
        self._move(lead, self.stage_talk, self.all_leads)
        activity = lead.activity_ids
        self.assertEqual(activity.summary, "Test Step")
        self.assertEqual(activity.user_id, self.seller_two)
        self.assertEqual(self._runs(lead), [(action, "enter", "done")])

    def test_a_plan_without_salesperson_goes_to_who_moves(self):
        self._action(kind="plan", plan_id=self._plan().id)
        lead = self._lead(user_id=False)
        self._move(lead, self.stage_talk, self.all_leads)
        self.assertEqual(lead.activity_ids.user_id, self.all_leads)

    def test_a_plan_names_its_own_person(self):
        plan = self._plan(responsible_type="other", responsible_id=self.manager.id)
        self._action(kind="plan", plan_id=plan.id)
        lead = self._lead()
        self._move(lead, self.stage_talk)
        self.assertEqual(lead.activity_ids.user_id, self.manager)

    def test_mail_is_queued_and_stays_in_the_chatter(self):
        template = self._template()
        self._action(kind="template", template_id=template.id)
        lead = self._lead(email_from="customer@example.com")
        self._move(lead, self.stage_talk)
        mail = self.env["mail.mail"].search([("res_id", "=", lead.id)])
        self.assertEqual(mail.subject, "About Test Deal")
        self.assertEqual(mail.email_to, "customer@example.com")
        self.assertEqual(mail.state, "outgoing")
        self.assertTrue(mail.is_notification)
        self.assertIn(mail.mail_message_id, lead.message_ids)

    def _template(self):
        return self.env["mail.template"].create(
            {
                "name": "Test Mail",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "About {{ object.name }}",
                "email_to": "{{ object.email_from or '' }}",
                "body_html": "<p>Hello</p>",
                "auto_delete": True,
            }
        )

    def test_mail_to_nobody_is_a_failure_of_that_one_only(self):
        self._action(kind="template", template_id=self._template().id)
        leads = self._leads(3, email_from="customer@example.com")
        leads[1].email_from = False
        with self.assertLogs(RUNNER, "WARNING"):
            self._move(leads, self.stage_talk)
        states = [state for _action, _trigger, state in self._runs(leads)]
        self.assertEqual(sorted(states), ["done", "done", "failed"])
        self.assertIn("nobody to go to", leads[1].message_ids[:1].body)
        self.assertEqual(leads.stage_id, self.stage_talk)

    def test_leaving_comes_before_entering_and_the_sequence_counts(self):
        for name, trigger, stage, sequence in (
            ("c", "enter", self.stage_talk, 9),
            ("b", "enter", self.stage_talk, 5),
            ("a", "leave", self.stage_new, 20),
        ):
            code = f"record.write({{'referred': (record.referred or '') + '{name}'}})"
            self._action(code, trigger=trigger, stage_id=stage.id, sequence=sequence)
        lead = self._lead()
        self._move(lead, self.stage_talk)
        self.assertEqual(lead.referred, "abc")

    def test_created_in_the_stage_is_entering(self):
        self._action("record.write({'referred': 'here'})")
        self.assertEqual(self._lead(stage_id=self.stage_talk.id).referred, "here")
        self.assertFalse(self._lead().referred)

    def test_won_and_lost(self):
        won = self._action(
            "record.write({'referred': 'won'})", trigger="won", stage_id=False
        )
        lost = self._action(
            "record.write({'referred': 'lost'})", trigger="lost", stage_id=False
        )
        leads = self._leads(2)
        leads[0].with_user(self.seller).action_set_won()
        leads[1].with_user(self.seller).action_set_lost()
        self.assertEqual(self._runs(leads[0]), [(won, "won", "done")])
        self.assertEqual(self._runs(leads[1]), [(lost, "lost", "done")])

    def test_scope(self):
        self._action(
            "record.write({'referred': 'here'})",
            team_ids=self.team.ids,
            company_ids=self.company.ids,
            domain="[('expected_revenue', '>', 500)]",
        )
        inside = self._lead()
        small = self._lead(expected_revenue=5)
        elsewhere = self._lead(team_id=self.team_own.id)
        self._move(inside | small | elsewhere, self.stage_talk, self.manager)
        self.assertEqual(
            (inside | small | elsewhere).mapped("referred"), ["here", False, False]
        )

    def test_not_repeated_unless_asked(self):
        once = self._action("record.write({'referred': (record.referred or '') + '1'})")
        again = self._action(
            "record.write({'referred': (record.referred or '') + 'n'})"
        )
        again.repeat = True
        lead = self._lead()
        for stage in (self.stage_talk, self.stage_new, self.stage_talk):
            self._move(lead, stage)
        self.assertEqual(lead.referred, "1nn")
        self.assertEqual([run[0] for run in self._runs(lead)], [once, again, again])

    def test_a_failed_run_is_tried_again_on_re_entry(self):
        self._action("if not record.referred: raise UserError('Say who sent it.')")
        lead = self._lead()
        with self.assertLogs(RUNNER, "WARNING"):
            self._move(lead, self.stage_talk)
        lead.referred = "A friend"
        self._move(lead, self.stage_new)
        self._move(lead, self.stage_talk)
        states = [state for _action, _trigger, state in self._runs(lead)]
        self.assertEqual(states, ["failed", "done"])

    def test_a_failing_action_does_not_undo_the_move(self):
        self._action("record.write({'referred': 'x'}); raise UserError('No luck.')")
        other = self._action("record.write({'function': 'Boss'})")
        lead = self._lead()
        with self.assertLogs(RUNNER, "WARNING"):
            self._move(lead, self.stage_talk)
        self.assertEqual(lead.stage_id, self.stage_talk)
        self.assertFalse(lead.referred)
        self.assertEqual(lead.function, "Boss")
        self.assertEqual(self._runs(lead)[1], (other, "enter", "done"))
        self.assertIn("No luck.", lead.message_ids[:1].body)
        self.assert_chain(lead)

    def test_a_broken_action_shows_its_code_to_managers_only(self):
        self._action("secret_word = 1 / 0")
        lead = self._lead()
        with self.assertLogs(RUNNER, "WARNING"), mute_logger("odoo.tools.safe_eval"):
            self._move(lead, self.stage_talk)
        self.assertNotIn("ZeroDivision", lead.message_ids[:1].body)
        run = self.env["crm.stage.action.run"].search([("lead_id", "=", lead.id)])
        self.assertIn("ZeroDivision", run.with_user(self.manager).error)
        self.assertNotIn("error", run.with_user(self.seller).fields_get())

    def test_it_runs_with_the_rights_of_who_moves(self):
        """A seller cannot make a stage, neither can what his move sets off."""
        self._action("env['crm.stage'].create({'name': 'Mine'})")
        lead = self._lead()
        with self.assertLogs(RUNNER, "WARNING"), mute_logger("odoo.addons.base"):
            self._move(lead, self.stage_talk)
        self.assertEqual(self._runs(lead)[0][2], "failed")
        other = self._lead()
        self._move(other, self.stage_talk, self.manager)
        self.assertEqual(self._runs(other)[0][2], "done")

    def test_definition_is_checked(self):
        with self.assert_refused(ValidationError, "has no stage"):
            self._action(kind="plan", plan_id=self._plan().id, stage_id=False)
        with self.assert_refused(ValidationError, "does nothing yet"):
            self._action(kind="plan")
        with self.assert_refused(ValidationError, "not a condition"):
            self._action("pass", domain="[('nonsense', '=', 1)]")
        partner = self._code("pass", model_id=self.env["ir.model"]._get_id("res.users"))
        with self.assert_refused(ValidationError, "not made for opportunities"):
            self._action(kind="server", server_action_id=partner.id)

    def test_a_manager_cannot_choose_the_code(self):
        values = {"server_action_id": self._code("pass").id, "kind": "server"}
        actions = self.env["crm.stage.action"].with_user(self.manager)
        with self.assert_refused(UserError, "server_action_id|Server Action"):
            actions.create({"name": "A", "stage_id": self.stage_talk.id, **values})
        action = self._action(kind="plan", plan_id=self._plan().id)
        with self.assert_refused(UserError, "server_action_id|Server Action"):
            action.with_user(self.manager).write(values)
        with self.assert_refused(UserError, "not allowed"):
            action.with_user(self.seller).write({"name": "Mine"})

    def test_the_log_is_true_and_outlives_the_action(self):
        action = self._action("pass")
        lead = self._lead()
        self._move(lead, self.stage_talk)
        runs = self.env["crm.stage.action.run"]
        run = runs.search([("lead_id", "=", lead.id)])
        for forge in (
            lambda: runs.create({"lead_id": lead.id, "action_id": action.id}),
            lambda: run.write({"state": "failed"}),
            lambda: run.unlink(),
        ):
            with self.assert_refused(UserError, "cannot be created, changed"):
                forge()
        with self.assert_refused(UserError, "Archive it instead"):
            action.unlink()
        self.assertEqual(action.run_count, 1)
        action.with_user(self.manager).action_open_runs()

    def test_sellers_see_runs_of_their_opportunities(self):
        self._action("pass")
        mine, other = self._lead(), self._lead(user_id=self.seller_two.id)
        self._move(mine | other, self.stage_talk, self.all_leads)
        seen = self.env["crm.stage.action.run"].with_user(self.seller).search([])
        self.assertEqual(seen.lead_id, mine)

    def test_merging_keeps_what_ran(self):
        action = self._action(
            "record.write({'referred': (record.referred or '') + '1'})"
        )
        head, tail = self._leads(2)
        self._move(tail, self.stage_talk)
        head.with_user(self.manager)._merge_dependences(tail)
        self._move(head, self.stage_talk)
        self.assertEqual(self._runs(head), [(action, "enter", "done")])
        self.assertFalse(head.referred)
