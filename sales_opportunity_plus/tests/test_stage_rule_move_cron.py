"""Rules that move, run by the cron, and what they cost."""

from unittest.mock import patch

from odoo.tests import tagged

from .test_stage_rule_move import StageRuleMoveCase


@tagged("post_install", "-at_install")
class TestStageRuleMoveCron(StageRuleMoveCase):
    def _run(self):
        cron = self.env.ref("sales_opportunity_plus.crm_stage_rule_cron_move_on")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_the_cron_moves_what_another_record_made_ready(self):
        self._mover(self.stage_new, self.stage_talk, "activity_planned")
        ready, other = self._leads(2)
        ready.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline="2099-01-01",
            user_id=self.seller.id,
        )
        self.assertEqual(ready.stage_id, self.stage_new)
        self._run()
        self.assertEqual(ready.stage_id, self.stage_talk)
        self.assertEqual(other.stage_id, self.stage_new)

    def test_running_twice_moves_and_says_nothing_twice(self):
        leads = self._leads(4)
        self._mover(self.stage_new, self.stage_talk)
        self._guard(self.stage_talk, self._needs_field("date_deadline"))
        self.env.cr.execute(
            "UPDATE crm_lead SET date_deadline = '2030-01-01' WHERE id = ANY(%s)",
            [leads[:2].ids],
        )
        self.env.invalidate_all()
        self._run()
        once = self._decisions(leads)
        self.assertEqual(
            [lead.stage_id == self.stage_talk for lead in leads],
            [True, True, False, False],
        )
        self._run()
        self.assertEqual(self._decisions(leads), once)
        self.assert_chain(leads)

    def test_all_batches_are_looked_at(self):
        mover = "odoo.addons.sales_opportunity_plus.models.stage_rule"
        leads = self._leads(7)
        self._mover(self.stage_new, self.stage_talk)
        with patch(f"{mover}.crm_stage_rule_mover.BATCH", 3):
            self._run()
        self.assertEqual(leads.stage_id, self.stage_talk)

    def test_it_goes_on_where_time_ran_out(self):
        path = "odoo.addons.sales_opportunity_plus.models.stage_rule"
        leads = self._leads(7)
        self._mover(self.stage_new, self.stage_talk)
        rules = self.env["crm.stage.rule"]
        with (
            patch(f"{path}.crm_stage_rule_mover.BATCH", 3),
            patch.object(
                self.registry["ir.cron"], "_commit_progress", lambda *a, **kw: 0
            ),
        ):
            for moved in (3, 6, 7):
                rules._cron_move_on()
                count = sum(lead.stage_id == self.stage_talk for lead in leads)
                self.assertEqual(count, moved)

    def test_queries_do_not_grow_with_the_batch(self):
        self._mover(self.stage_new, self.stage_talk, self._needs_field("referred"))
        self._guard(self.stage_talk, self._needs_field("expected_revenue"))

        def queries(count):
            leads = self._leads(count)
            self.env.flush_all()
            self.env.cr.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads.with_user(self.seller).write({"referred": "x"})
            self.env.flush_all()
            used = self.env.cr.sql_log_count - before
            self.assertEqual(leads.stage_id, self.stage_talk)
            return used

        queries(2)
        self.assertLessEqual(queries(200), queries(2) + 2)

    def test_nothing_to_do_costs_nothing(self):
        lead = self._lead()

        def queries():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            lead.name = "Other"
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries()
        idle = queries()
        self._mover(self.stage_offer, self.stage_won)
        queries()
        self.assertEqual(queries(), idle)
