"""Stage actions on many opportunities at once, and actions that move on and on."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from ..models.stage_rule.stage_hops import HOPS_PARAMETER
from .test_stage_action import RUNNER, StageActionCase


@tagged("post_install", "-at_install")
class TestStageActionBatch(StageActionCase):
    def _queries(self, count, stage):
        leads = self._leads(count)
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._move(leads, stage)
        return self.env.cr.sql_log_count - before

    def test_no_query_without_actions(self):
        self._action("pass").active = False
        self._queries(2, self.stage_offer)
        idle = self._queries(2, self.stage_offer)
        # An action of another stage, and one for another team: nothing to run.
        self._action("pass")
        self._action("pass", stage_id=self.stage_offer.id, team_ids=self.team_own.ids)
        self._queries(2, self.stage_offer)
        self.assertEqual(self._queries(2, self.stage_offer), idle)

    def test_queries_do_not_grow_with_the_batch(self):
        self._action("records.write({'referred': 'x'})")
        self._action(kind="plan", plan_id=self._plan().id)
        self._action("pass", domain="[('expected_revenue', '<', 1)]")
        self._queries(2, self.stage_talk)
        few = self._queries(2, self.stage_talk)
        many = self._queries(200, self.stage_talk)
        # Activities of Odoo cost a query for every so many records.
        self.assertLessEqual(many - few, 15, (few, many))

    def test_code_that_knows_of_records_gets_them_all(self):
        action = self._action("records.write({'referred': str(len(records))})")
        leads = self._leads(4)
        self._move(leads, self.stage_talk)
        self.assertEqual(set(leads.mapped("referred")), {"4"})
        self.assertEqual(action.run_count, 4)

    def test_code_for_one_record_gets_one_after_the_other(self):
        self._action("record.write({'referred': record.name})")
        leads = self._leads(4)
        self._move(leads, self.stage_talk)
        self.assertEqual(leads.mapped("referred"), leads.mapped("name"))

    def test_one_of_a_batch_fails(self):
        self._action(
            "for lead in records:\n"
            "    lead.write({'referred': 'x'})\n"
            "    if lead.name == 'Deal 2':\n"
            "        raise UserError('Not this one.')"
        )
        leads = self._leads(5)
        with self.assertLogs(RUNNER, "WARNING") as logs:
            self._move(leads, self.stage_talk)
        self.assertEqual(len(logs.output), 1)
        self.assertEqual(
            [bool(referred) for referred in leads.mapped("referred")],
            [True, True, False, True, True],
        )
        self.assertEqual(leads.stage_id, self.stage_talk)

    def test_a_conflict_between_transactions_is_no_failure(self):
        """Odoo repeats the whole move then: nothing may be written about it."""
        self._action("pass")
        lead = self._lead()
        model = self.registry["crm.stage.action"]
        conflict = SerializationFailure("Somebody else was faster.")
        with patch.object(model, "_run_server", side_effect=conflict):
            with self.assertRaises(SerializationFailure):
                self._move(lead, self.stage_talk)

    def test_an_action_that_moves_is_followed(self):
        """What a move of an action sets off runs, too."""
        self._action(f"record.write({{'stage_id': {self.stage_offer.id}}})")
        self._action(
            "record.write({'referred': 'there'})", stage_id=self.stage_offer.id
        )
        lead = self._lead()
        self._move(lead, self.stage_talk)
        self.assertEqual(lead.stage_id, self.stage_offer)
        self.assertEqual(lead.referred, "there")
        self.assert_chain(lead)

    def _circle(self):
        for here, there in (
            (self.stage_talk, self.stage_offer),
            (self.stage_offer, self.stage_talk),
        ):
            code = f"record.write({{'stage_id': {there.id}}})"
            self._action(code, stage_id=here.id, repeat=True)

    def test_a_circle_of_actions_ends(self):
        self._circle()
        lead = self._lead()
        with self.assertNoLogs("odoo.sql_db", "ERROR"):
            self._move(lead, self.stage_talk)
        runs = self._runs(lead)
        self.assertEqual([run[2] for run in runs].count("done"), 5)
        self.assertEqual([run[2] for run in runs].count("failed"), 1)
        message = lead.message_ids.filtered(lambda m: "in one go" in (m.body or ""))
        self.assertIn(HOPS_PARAMETER, message.body)
        self.assert_chain(lead)

    def test_the_bound_is_a_parameter(self):
        self.env["ir.config_parameter"].set_param(HOPS_PARAMETER, "2")
        self._circle()
        lead = self._lead()
        self._move(lead, self.stage_talk)
        self.assertEqual([run[2] for run in self._runs(lead)].count("done"), 2)

    def test_opportunities_that_create_opportunities_end(self):
        self._action("record.copy({'name': 'Again'})", stage_id=self.stage_new.id)
        before = self.env["crm.lead"].search_count([])
        self._lead()
        self.assertEqual(self.env["crm.lead"].search_count([]), before + 11)
