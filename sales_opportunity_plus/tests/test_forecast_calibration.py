"""What is learnt from closed opportunities, and said of open ones."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.forecast import crm_forecast_calibration_job as job
from .common import FirmCase


@tagged("post_install", "-at_install")
class TestForecastCalibration(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.stage.rule"].search([]).active = False
        cls.versions = cls.env["crm.forecast.calibration"]
        cls.versions.search([]).unlink()
        cls.env.cr.flush()
        cls.env.cr.execute("DELETE FROM crm_forecast_stale")
        # Nothing else of the database is learnt from.
        cls.others = cls.env["crm.lead"].with_context(active_test=False).search([])
        cls.others.write({"type": "lead"})
        cls.good, cls.bad = cls.env["utm.source"].create(
            [{"name": "Test Good"}, {"name": "Test Bad"}]
        )

    @classmethod
    def _closed(cls, count, source, won):
        """Opportunities that were open for four weeks and closed a week ago."""
        leads = cls.env["crm.lead"].create(
            [
                cls._lead_values(source_id=source.id, expected_revenue=1000)
                for _number in range(count)
            ]
        )
        if won:
            leads.action_set_won()
        else:
            leads.action_set_lost()
        cls.env.flush_all()
        then = fields.Datetime.now() - timedelta(days=35)
        closed = then + timedelta(days=28)
        cls.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s, date_closed = %s WHERE id = ANY(%s)",
            (then, closed, leads.ids),
        )
        cls.env.cr.execute(
            "UPDATE crm_stage_history SET entered_at ="
            " CASE status WHEN 'open' THEN %s ELSE %s END::timestamp,"
            " left_at = CASE status WHEN 'open' THEN %s::timestamp END"
            " WHERE lead_id = ANY(%s)",
            (then, closed, closed, leads.ids),
        )
        cls.env.invalidate_all()
        return leads

    def _run(self):
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            self.env.ref(
                "sales_opportunity_plus.crm_forecast_calibration_cron"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.versions._standing()

    def _learn_from_many(self):
        self._closed(40, self.good, won=True)
        self._closed(10, self.good, won=False)
        self._closed(10, self.bad, won=True)
        self._closed(40, self.bad, won=False)

    def test_sources_that_win_are_told_from_those_that_lose(self):
        self._learn_from_many()
        good = self._lead(source_id=self.good.id, probability=1)
        bad = self._lead(source_id=self.bad.id, probability=1)
        version = self._run()
        self.assertEqual((version.closed_count, version.won_count), (100, 50))
        self.assertEqual(version.rung, "scorecard")
        self.assertLess(version.brier, 0.25)
        self.assertGreater(good.forecast_history_probability, 60)
        self.assertLess(bad.forecast_history_probability, 40)
        self.assertEqual(good.forecast_probability_source, "history")
        self.assertEqual(good.probability, 1)

    def test_too_few_closed_ones_say_so(self):
        self._closed(3, self.good, won=True)
        self._closed(9, self.bad, won=False)
        lead = self._lead(source_id=self.good.id)
        version = self._run()
        self.assertEqual(version.rung, "rate")
        self.assertIn("12 closed, 50 needed", version.summary)
        self.assertAlmostEqual(lead.forecast_history_probability, 25, delta=8)

    def test_nothing_closed_says_nothing(self):
        lead = self._lead()
        self._run()
        self.assertEqual(lead.forecast_history_probability, 0)
        self.assertEqual(lead.forecast_probability_source, "odoo")

    def test_scoring_writes_past_the_orm_and_goes_on_where_it_was(self):
        self._learn_from_many()
        leads = self._leads(5)
        written = leads.mapped("write_date")
        with patch.object(job, "BATCH", 2):
            version = self._run()
        self.assertTrue(all(leads.mapped("forecast_history_probability")))
        self.assertEqual(leads.mapped("write_date"), written)
        self.assertEqual(version.scored_on, fields.Date.today())
        self._forget(version, leads)
        version.scored_to = leads[2].id
        self._run()
        found = leads.mapped("forecast_history_probability")
        self.assertEqual(found[:3], [1, 1, 1])
        self.assertNotIn(1, found[3:])

    def _forget(self, version, leads):
        """As if the version had not been said to the opportunities yet."""
        self.env.cr.execute(
            "UPDATE crm_lead SET forecast_history_probability = 1 WHERE id = ANY(%s)",
            [leads.ids],
        )
        self.env.invalidate_all()
        version.write({"scored_on": False, "scored_to": 0})

    def test_killed_between_two_writes_it_ends_as_undisturbed(self):
        self._learn_from_many()
        leads = self._leads(3, source_id=self.good.id)
        leads += self._leads(4, source_id=self.bad.id)
        version = self._run()
        said = leads.mapped("forecast_history_probability")
        for writes in range(1, 6):
            self._forget(version, leads)
            with patch.object(job, "BATCH", 4), patch.object(job, "AT_ONCE", 1):
                going_on = version._score_open()
                for _write in range(writes):
                    next(going_on)
                going_on.close()
                self.env.invalidate_all()
                self.assertIn(1, leads.mapped("forecast_history_probability"))
                self._run()
            self.assertEqual(leads.mapped("forecast_history_probability"), said)

    def test_neighbours_are_not_written_together(self):
        """Each write leaves room on the pages for the next one."""
        self._learn_from_many()
        leads = self._leads(7, source_id=self.good.id)
        version = self._run()
        self._forget(version, leads)
        written, write = [], type(version)._write_percents

        def noted(this, lead_ids, percents):
            written.append(lead_ids)
            write(this, lead_ids, percents)

        with (
            patch.object(type(version), "_write_percents", noted),
            patch.object(job, "AT_ONCE", 3),
        ):
            done = list(version._score_open())
        ids = leads.ids
        self.assertEqual(written, [ids[0::3], ids[1::3], ids[2::3]])
        self.assertEqual(done, [3, 2, 2])

    def _save_costs(self, leads):
        """Statements of a save of one and of all of them, to the commit."""
        costs = []
        for some in (leads[:1], leads):
            for source in (self.bad, self.good):
                self.env.cr.flush()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                some.write({"source_id": source.id})
                self.env.cr.flush()
            costs.append(self.env.cr.sql_log_count - before)
        return costs

    def test_a_save_asks_one_thing_more_where_a_version_counts(self):
        self._learn_from_many()
        leads = self._leads(20, source_id=self.good.id)
        version = self._run()
        with_version = self._save_costs(leads)
        version.state = "past"
        without = self._save_costs(leads)
        self.assertEqual(with_version, [cost + 1 for cost in without])

    def test_of_many_some_are_drawn(self):
        self._learn_from_many()
        with patch.object(job, "FEW", 20), patch.object(job, "ONE_IN", 4):
            version = self.versions._learn()
        self.assertEqual(version.closed_count, 20 + 80 // 4)
        with patch.object(job, "MOST", 30):
            self.assertEqual(self.versions._learn().closed_count, 30)

    def test_a_worse_version_waits_for_a_manager(self):
        self._learn_from_many()
        first = self._run()
        first.log_loss = 0.01
        self.versions.with_user(self.manager).action_learn_now()
        self.assertEqual(self._run(), first)
        second = self.versions.search([], limit=1)
        self.assertEqual(second.state, "waiting")
        with self.assertRaises(AccessError):
            second.with_user(self.seller).action_let_count()
        second.with_user(self.manager).action_let_count()
        self.assertEqual(self.versions._standing(), second)
        self.assertEqual(first.state, "past")

    def test_only_managers_have_it_learnt(self):
        for user in (self.seller, self.all_leads):
            with self.assertRaises(AccessError):
                self.versions.with_user(user).action_learn_now()
        with self.assertRaises(AccessError):
            self.versions.with_user(self.manager).create(
                {"fitted_at": "2020-01-01 00:00:00"}
            )

    def test_see_the_maths(self):
        """The lines lead from any opportunity to this one, for a seller too."""
        self._learn_from_many()
        lead = self._lead(source_id=self.good.id).with_user(self.seller)
        with self.assertRaises(UserError):
            lead.action_forecast_maths()
        self._run()
        action = lead.action_forecast_maths()
        maths = self.env[action["res_model"]].with_user(self.seller)
        maths = maths.browse(action["res_id"])
        self.assertAlmostEqual(
            maths.start + sum(maths.line_ids.mapped("points")),
            maths.probability,
            delta=0.5,
        )
        self.assertAlmostEqual(
            maths.probability, lead.forecast_history_probability, delta=0.06
        )
        said = {line.feature: line for line in maths.line_ids}
        source = said["Source"]
        self.assertEqual(source.case, "Test Good")
        self.assertEqual(source.rate, 80)
        self.assertGreater(source.points, 0)
        with self.assertRaises(AccessError):
            lead.with_user(self.seller_abroad).action_forecast_maths()

    def _stale(self):
        """Ids of the opportunities that wait to be scored again."""
        self.env.cr.flush()
        rows = self.env.execute_query(SQL("SELECT lead_id FROM crm_forecast_stale"))
        return sorted(lead_id for (lead_id,) in rows)

    def test_what_changes_is_scored_again_soon(self):
        self._learn_from_many()
        lead = self._lead(source_id=self.good.id)
        version = self._run()
        self.assertEqual(self._stale(), [])
        before = lead.forecast_history_probability
        seller = lead.with_user(self.seller)
        seller.write({"source_id": self.bad.id})
        new = self._lead(source_id=self.good.id)
        self.assertEqual(self._stale(), sorted((lead | new).ids))
        cron = self.env.ref("sales_opportunity_plus.crm_forecast_calibration_cron")
        triggers = [("cron_id", "=", cron.id)]
        self.assertEqual(self.env["ir.cron.trigger"].search_count(triggers), 1)
        self.assertEqual(self._run(), version)
        self.assertLess(lead.forecast_history_probability, before - 20)
        self.assertGreater(new.forecast_history_probability, 60)
        self.assertEqual(self._stale(), [])

    def test_only_what_is_learnt_from_is_marked(self):
        self._learn_from_many()
        leads = self._leads(3, source_id=self.good.id)
        contact = self._lead(type="lead")
        self._run()
        leads[0].write({"name": "Other", "priority": "2", "probability": 3})
        contact.write({"source_id": self.bad.id})
        self.assertEqual(self._stale(), [])
        leads[1].write({"stage_id": self.stage_talk.id})
        leads[2].action_set_lost()
        contact.convert_opportunity(False)
        self.assertEqual(self._stale(), sorted((leads[1] | contact).ids))
        self._run()
        leads[2].action_unarchive()
        self.assertEqual(self._stale(), leads[2].ids)

    def test_one_statement_per_commit_whatever_the_number(self):
        self._learn_from_many()
        leads = self._leads(20, source_id=self.good.id)
        self._run()
        for lead in leads:
            lead.write({"source_id": self.bad.id, "stage_id": self.stage_talk.id})
        self.env.flush_all()
        # A process finds them once.
        for name in ("crm_attribution_cron", "crm_forecast_calibration_cron"):
            self.env.ref(f"sales_opportunity_plus.{name}")
        before = self.env.cr.sql_log_count
        self.env["crm.forecast.stale"]._write_marks()
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
        self.assertEqual(self._stale(), leads.ids)

    def test_nothing_is_marked_when_nothing_was_learnt(self):
        self._lead(source_id=self.good.id).write({"source_id": self.bad.id})
        self.assertEqual(self._stale(), [])
        self._run()
        self._lead(source_id=self.good.id)
        self.assertEqual(self._stale(), [])
