"""Credits follow what happens: marked, computed in batches, taken up again."""

from unittest.mock import patch

from odoo.tests import tagged

from ..models.source import crm_attribution_model_job as job
from .attribution_common import AttributionCase, day


@tagged("post_install", "-at_install")
class TestAttributionJob(AttributionCase):
    def test_a_new_model_is_computed_for_all(self):
        leads = self._leads(5, expected_revenue=100)
        for lead in leads:
            self._touch(lead, 0, 1, 2)
        model = self._model()
        self.assertFalse(model.computed_at)
        self._start_before(model, leads)
        with patch.object(job, "BATCH", 2):
            self._run_job()
        for lead in leads:
            self.assertEqual(self._amounts(lead, model), [33.34, 33.33, 33.33])
        self.assertTrue(model.computed_at)
        self.assertEqual(self._queue(), [])
        self.assertIn("version 1", model.progress)

    def test_running_twice_changes_nothing(self):
        lead, model = self._lead(), self._model()
        self._touch(lead, 0, 1)
        self._run_job()
        before = self._credits(lead, model)
        self.env["crm.attribution.stale"]._mark(lead.ids)
        self._run_job()
        self.assertEqual(self._credits(lead, model), before)
        self.assertEqual(len(before), 2)

    def test_stopped_on_the_way_it_goes_on_where_it_was(self):
        leads, model = self._leads(4), self._model("first")
        for lead in leads:
            self._touch(lead, 0)
        self._clear_queue()
        self._start_before(model, leads)
        versions = model._versions_in_use()
        with patch.object(job, "BATCH", 2):
            self.assertEqual(self.model._compute_next(versions), 2)
        self.assertEqual(
            [len(self._credits(lead, model)) for lead in leads], [1, 1, 0, 0]
        )
        # What changed in between is computed as far as the model has come.
        leads[0].expected_revenue = leads[3].expected_revenue = 7
        self.env.cr.flush()
        self.model._compute_stale(versions, self.model._take_stale())
        self.assertEqual(self._amounts(leads[0], model), [7])
        self.assertEqual(self._amounts(leads[3], model), [])
        self._run_job()
        self.assertEqual(
            [self._amounts(lead, model) for lead in leads], [[7], [1000], [1000], [7]]
        )

    def test_models_that_meet_on_the_way_go_on_together(self):
        leads, first, later = self._leads(5), self._model("first"), self._model("last")
        for lead in leads:
            self._touch(lead, 0)
        self._start_before(first | later, leads)
        first.version_ids.computed_to = leads[1].id
        with patch.object(job, "BATCH", 3):
            versions = self.model._versions_in_use()
            self.assertEqual(self.model._compute_next(versions), 2)
            self.assertEqual(versions.mapped("computed_to"), [leads[1].id, leads[1].id])
            self.assertEqual(self.model._compute_next(versions), 3)
        for model in (first, later):
            self.assertEqual(self._amounts(leads[4], model), [1000])

    # ------------------------------------------------------------
    # What makes credits out of date
    # ------------------------------------------------------------

    def test_a_change_of_value_is_computed_again(self):
        lead, model = self._lead(), self._model()
        self._touch(lead, 0, 1)
        self._run_job()
        lead.with_user(self.seller).expected_revenue = 10
        self.assertEqual(self._queue(), lead.ids)
        self._run_job()
        self.assertEqual(self._amounts(lead, model), [5, 5])

    def test_what_marks_and_what_does_not(self):
        lead = self._lead()
        self.assertEqual(self._queue(), [], "a lead without a touch")
        for values, marks in (
            ({"stage_id": self.stage_talk.id}, False),
            ({"name": "Other", "probability": 30, "priority": "2"}, False),
            ({"expected_revenue": 7}, True),
            ({"user_id": self.seller_two.id}, True),
            ({"stage_id": self.stage_won.id}, True),
            ({"stage_id": self.stage_new.id}, True),
            ({"active": False, "probability": 0}, True),
            ({"active": True, "probability": 20}, True),
        ):
            self._clear_queue()
            lead.write(values)
            self.assertEqual(bool(self._queue()), marks, values)

    def test_a_plain_move_costs_no_query(self):
        leads = self._leads(3)
        marked = []
        with patch.object(
            type(self.env["crm.attribution.stale"]),
            "_mark",
            lambda self, lead_ids: marked.extend(lead_ids),
        ):
            leads.write({"stage_id": self.stage_talk.id})
            self.assertEqual(marked, [])
            leads.write({"stage_id": self.stage_won.id})
        self.assertEqual(marked, leads.ids)

    def test_touches_after_the_closing_get_nothing_until_it_opens_again(self):
        lead, model = self._lead(), self._model()
        self._touch(lead, 0, 5)
        with self._at(2024, 3, 4):
            lead.write({"stage_id": self.stage_won.id})
        self._move_dates(lead, date_closed=day(3))
        self._run_job()
        self.assertEqual(self._amounts(lead, model), [1000])
        lead.write({"stage_id": self.stage_talk.id})
        self._run_job()
        self.assertEqual(self._amounts(lead, model), [500, 500])

    def test_a_reversed_touch_gets_nothing(self):
        lead, model = self._lead(), self._model()
        first, second = self._touch(lead, 0, 5)
        self.env.cr.execute(
            "UPDATE crm_touchpoint SET reversed_by_id = %s WHERE id = %s",
            (second, first),
        )
        self._run_job()
        self.assertEqual(
            [touch for touch, *_rest in self._credits(lead, model)], [second]
        )

    def test_deleting_takes_the_credits_away(self):
        lead, model = self._lead(), self._model()
        self._touch(lead, 0)
        self._run_job()
        self.assertTrue(self._credits(lead, model))
        lead_id = lead.id
        lead.unlink()
        found = self.env["crm.attribution.credit"]
        self.assertEqual(found.search_count([("lead_id", "=", lead_id)]), 0)

    def test_merged_deals_are_one_journey(self):
        leads, model = self._leads(2, expected_revenue=100), self._model()
        for lead in leads:
            self._touch(lead, 0)
        self._run_job()
        head = leads.with_user(self.manager).merge_opportunity(auto_unlink=True)
        self._run_job()
        self.assertEqual(self._amounts(head, model), [50, 50])
        gone = set(leads.ids) - set(head.ids)
        found = self.env["crm.attribution.credit"]
        self.assertFalse(found.search([("lead_id", "in", list(gone))]))

    def test_the_job_is_asked_to_start_once(self):
        triggers = self.env["ir.cron.trigger"]
        cron = self.env.ref("sales_opportunity_plus.crm_attribution_cron")
        triggers.search([("cron_id", "=", cron.id)]).unlink()
        leads = self._leads(3)
        for lead in leads:
            lead.expected_revenue = 5
            self.env.cr.flush()
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), 1)

    def test_a_thousand_writes_are_marked_by_one_statement(self):
        leads = self._leads(3)
        marks = self.env["crm.attribution.stale"]
        self._clear_queue()
        with patch.object(type(marks), "_write_marks", autospec=True) as written:
            for lead in leads:
                lead.expected_revenue = 5
            self.env.cr.flush()
        self.assertEqual(written.call_count, 1)

    def test_what_is_rolled_back_is_not_marked(self):
        kept, undone = self._leads(2)
        self._clear_queue()
        kept.expected_revenue = 5
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            undone.expected_revenue = 5
            raise ZeroDivisionError
        self.assertEqual(self._queue(), kept.ids)

    # ------------------------------------------------------------
    # Companies and currencies
    # ------------------------------------------------------------

    def test_a_model_of_a_company_is_about_its_deals_only(self):
        here = self._lead()
        there = self._lead(
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
        )
        model = self._model(company_id=self.company_abroad.id)
        for lead in (here, there):
            self._touch(lead, 0)
        self._run_job()
        self.assertEqual(self._amounts(here, model), [])
        self.assertEqual(self._amounts(there, model), [1000])

    def test_the_currency_is_the_deals(self):
        self.crown.rounding = 1.0
        lead = self._lead(
            company_id=False,
            team_id=False,
            user_id=self.seller_abroad.id,
            expected_revenue=100,
        )
        self.assertFalse(lead.company_id)
        model = self._model()
        self._touch(lead, 0, 1, 2)
        self._run_job()
        self.assertEqual(self._amounts(lead, model), [34, 33, 33])
        credit = self.env["crm.attribution.credit"].search(
            [("lead_id", "=", lead.id), ("model_id", "=", model.id)], limit=1
        )
        self.assertEqual(credit.currency_id, self.crown.id)

    def test_a_team_that_changes_its_company_is_computed_again(self):
        model = self._model()
        self._run_job()
        self.assertTrue(model.version_ids.computed_at)
        self.team.with_user(self.manager).name = "Other"
        self.assertTrue(model.version_ids.computed_at)
        team = self._team("Test Empty", self.company, self.manager)
        team.company_id = False
        self.assertFalse(model.version_ids.computed_at)

    def test_everything_at_once(self):
        lead, model = self._lead(), self._model()
        self._touch(lead, 0)
        self.model._compute_everything()
        self.assertEqual(self._amounts(lead, model), [1000])
        self.assertTrue(model.computed_at)

    def test_values_that_are_no_amounts_stop_nothing(self):
        lead, model = self._lead(), self._model()
        self._touch(lead, 0, 1)
        for value, expected in (("NaN", []), ("Infinity", []), ("9e23", None)):
            self.env.cr.execute(
                "UPDATE crm_lead SET expected_revenue = %s WHERE id = %s",
                (value, lead.id),
            )
            self.env["crm.attribution.stale"]._mark(lead.ids)
            self._run_job()
            amounts = self._amounts(lead, model)
            if expected is None:
                self.assertEqual(sum(amounts), 9e23)
            else:
                self.assertEqual(amounts, [0, 0])
