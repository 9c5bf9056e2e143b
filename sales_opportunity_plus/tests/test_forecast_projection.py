"""What a period will bring by the clock, beside the naive yardsticks."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..engine.monthly_counts import MonthlyCounts
from ..engine.period import Period, period_of
from ..engine.stage_clock import learn_clock
from ..engine.stage_stay import day_stays
from .common import FirmCase


@tagged("post_install", "-at_install")
class TestForecastProjection(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.stage.rule"].search([]).active = False
        cls.today, _began = cls.env["crm.pipeline.day"]._here(cls.company)
        cls.month = period_of(cls.today, "month")

    def _learn(self, closed=60):
        self.env["crm.forecast.calibration"].search([]).state = "past"
        clock = learn_clock(self._counts())
        self.env["crm.forecast.calibration"].create(
            {
                "state": "counts",
                "fitted_at": fields.Datetime.now(),
                "closed_count": closed,
                "won_count": closed,
                "learnt": {"score": None, "clock": clock.as_json(), "share": 0.0},
            }
        )

    def _counts(self):
        counts = MonthlyCounts()
        first = self.today.toordinal() - 400
        for number in range(60):
            came = first + 5 * number
            stays = day_stays(
                [(came, str(self.stage_new.id))], (came + 20, "won"), came + 21
            )
            counts.add(stays)
        return counts

    def _projected(self, period=None, user=None, **options):
        rollup = self.env["crm.forecast.rollup"].with_user(user or self.manager)
        rollup = rollup.with_company(self.company)
        return rollup._projection(period or self.month, self.company, **options)

    def test_nothing_without_a_clock(self):
        self._learn(closed=49)
        self._lead(expected_revenue=1000)
        self.assertEqual(self._projected(), {})

    def _window(self, start, end):
        """From so many to so many days after today."""
        return Period(
            self.today + timedelta(days=start), self.today + timedelta(days=end), "year"
        )

    def _of_seller(self, *args, **options):
        return self._projected(*args, **options)[self.team.id, self.seller.id]

    def test_what_is_closed_and_what_comes_in_time(self):
        self._learn()
        self._lead(expected_revenue=1000, probability=40)
        self._lead(expected_revenue=500).action_set_won()
        found = self._of_seller(self._window(-10, 400))
        self.assertEqual(found["closed"], 500)
        self.assertAlmostEqual(found["from_open"], 400, delta=1)
        self.assertAlmostEqual(found["projection"], 900 + found["from_new"], delta=0.02)

    def test_windows_share_out_what_comes(self):
        self._learn()
        self._lead(expected_revenue=100000, probability=40)
        whole = self._of_seller(self._window(-10, 200))["from_open"]
        parts = [
            self._of_seller(self._window(start, end))["from_open"]
            for start, end in ((-10, 20), (21, 60), (61, 200))
        ]
        self.assertAlmostEqual(sum(parts), whole, delta=1)
        self.assertTrue(all(parts[:2]))
        # What is over brings nothing more.
        self.assertEqual(self._of_seller(self._window(-90, -1))["from_open"], 0)

    def test_omitted_brings_nothing(self):
        self._learn()
        self._lead(expected_revenue=1000, forecast_category_override="omitted")
        found = self._projected(self._window(-10, 400))
        self.assertFalse(any(one["from_open"] for one in found.values()))

    def test_yardsticks(self):
        self._learn()
        lead = self._lead(expected_revenue=910)
        lead.action_set_won()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET date_closed = %s WHERE id = %s",
            (self.today - timedelta(days=30), lead.id),
        )
        self.env.invalidate_all()
        # Ten a day.
        found = self._of_seller(self.month)
        self.assertAlmostEqual(found["naive_run_rate"], 10 * self.month.days, places=2)
        later = period_of(self.today - timedelta(days=30), "month").moved(12)
        self.assertEqual(self._of_seller(later)["naive_last"], 910)

    def test_the_reader_decides_what_is_seen(self):
        self._learn()
        self._lead(expected_revenue=1000, probability=40)
        other = self._lead(expected_revenue=1000, user_id=self.seller_two.id)
        self.assertEqual(other.user_id, self.seller_two)
        found = self._projected(self._window(-10, 400), user=self.seller)
        self.assertEqual({user_id for _team, user_id in found}, {self.seller.id})

    def test_as_many_questions_however_many_rows(self):
        self._learn()
        self._lead(expected_revenue=1000)
        self._projected()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._projected()
        few = self.env.cr.sql_log_count - before
        for user in (self.seller, self.seller_two, self.manager):
            self._lead(expected_revenue=1000, user_id=user.id)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._projected()
        self.assertLessEqual(self.env.cr.sql_log_count - before, few + 6)
