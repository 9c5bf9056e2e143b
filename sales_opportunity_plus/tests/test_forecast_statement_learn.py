"""What statements that have matured teach: ranges, and the projection."""

from datetime import date, datetime, timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..engine.forecast_error import ASSUMED
from ..engine.monthly_counts import MonthlyCounts
from ..engine.period import period_of
from ..engine.stage_clock import learn_clock
from ..engine.stage_stay import day_stays
from .pipeline_common import PipelineCase


@tagged("post_install", "-at_install")
class TestForecastStatementLearn(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.stage.rule"].search([]).active = False
        cls.statement = cls.env["crm.forecast.statement"]
        cls.env.cr.execute("DELETE FROM crm_forecast_statement")
        cls.today, _began = cls.env["crm.pipeline.day"]._here(cls.company)
        cls.month = period_of(cls.today, "month")

    def _said(self, ago, amount, actual, method="weighted", **values):
        """A statement of a whole company on a month, made as long before its end as
        today is before that of the current one."""
        period = self.month.moved(-ago)
        day = period.end - (self.month.end - self.today)
        values = {
            "day": day,
            "company_id": self.company.id,
            "team_id": 0,
            "user_id": 0,
            "period_kind": "month",
            "period_start": period.start,
            "period_end": period.end,
            "measure": "revenue",
            "method": method,
            "amount": amount,
            "closed": 0,
            "variance": 0.0,
            "actual": actual,
            "currency_id": self.euro.id,
            "is_reconstructed": False,
            **values,
        }
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_forecast_statement (%s) VALUES (%s)",
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )

    def _error(self, company=None, kind="month", **options):
        return self.statement._error(
            company or self.company, kind, "weighted", **options
        )

    def test_assumed_as_long_as_nothing_has_matured(self):
        self._said(1, 100, None)
        found = self._error()
        self.assertEqual((found.deviation, found.mean, found.n), (ASSUMED, 0, 0))

    def test_far_misses_widen_and_good_ones_narrow(self):
        for ago in range(1, 7):
            self._said(ago, 100, 40 if ago % 2 else 220)
            self._said(ago, 100, 101, company_id=self.company_abroad.id)
        wide, narrow = self._error(), self._error(self.company_abroad)
        self.assertEqual((wide.n, narrow.n), (6, 6))
        self.assertGreater(wide.deviation, 0.4)
        self.assertLess(narrow.deviation, ASSUMED)
        self.assertEqual(self._error(kind="quarter").n, 0)
        self.assertEqual(self._error(measure="count").n, 0)
        self.assertEqual(self._error(measure="new_business").n, 0)

    def test_luck_of_single_deals_does_not_widen(self):
        for ago in range(1, 7):
            self._said(ago, 100, 40 if ago % 2 else 220, variance=1e4)
        self.assertLess(self._error().deviation, ASSUMED)

    def test_what_was_closed_then_is_no_forecast(self):
        for ago in range(1, 7):
            self._said(ago, 1000, 1050, closed=950)
        self.assertGreater(self._error().mean, 0.3)

    def test_one_statement_for_each_period_made_as_long_before_its_end(self):
        for ago in range(1, 5):
            end = self.month.moved(-ago).end
            self._said(ago, 100, 100, day=end - timedelta(days=40))
            self._said(ago, 300, 100, day=end - timedelta(days=2))
        late = self._error(period_end=self.today + timedelta(days=2))
        early = self._error(period_end=self.today + timedelta(days=40))
        self.assertEqual((late.n, early.n), (4, 4))
        self.assertLess(late.mean, -0.3)
        self.assertEqual(early.mean, 0)

    def test_rebuilt_weeks_only_widen_and_make_way(self):
        for ago in range(5, 11):
            self._said(ago, 100, 101, is_reconstructed=True)
        found = self._error()
        self.assertEqual((found.n, found.is_rebuilt), (6, True))
        self.assertEqual(found.deviation, ASSUMED)
        for ago in range(1, 5):
            self._said(ago, 100, 101)
        found = self._error()
        self.assertEqual((found.n, found.is_rebuilt), (4, False))
        self.assertLess(found.deviation, ASSUMED)

    def test_what_came_is_kept_once_the_period_is_over(self):
        self.env.cr.execute("UPDATE crm_lead SET date_closed = NULL")
        lead = self._lead(expected_revenue=70)
        lead.action_set_won()
        before = self.month.moved(-1)
        lead.date_closed = datetime.combine(before.start, datetime.min.time()).replace(
            hour=12
        )
        self.history._take_now(self.both_companies)
        for measure in ("revenue", "count", "mrr"):
            self._said(1, 100, None, measure=measure)
            self._said(0, 100, None, measure=measure)
        self.statement._keep_actuals({self.company: self.today})
        self.env.cr.execute(
            "SELECT measure, actual FROM crm_forecast_statement"
            " WHERE actual IS NOT NULL ORDER BY measure"
        )
        rows = [(measure, float(one)) for measure, one in self.env.cr.fetchall()]
        self.assertEqual(rows, [("count", 1), ("mrr", 0), ("revenue", 70)])

    # ------------------------------------------------------------
    # Projection
    # ------------------------------------------------------------

    def _learn_clock(self):
        self.env["crm.forecast.calibration"].search([]).state = "past"
        counts = MonthlyCounts()
        first = self.today.toordinal() - 400
        for number in range(60):
            came = first + 5 * number
            moves = [(came, str(self.stage_new.id))]
            counts.add(day_stays(moves, (came + 20, "won"), came + 21))
        self.env["crm.forecast.calibration"].create(
            {
                "state": "counts",
                "fitted_at": fields.Datetime.now(),
                "closed_count": 60,
                "won_count": 60,
                "learnt": {
                    "score": None,
                    "clock": learn_clock(counts).as_json(),
                    "share": 0.0,
                },
            }
        )

    def _project(self, period=None, user=None):
        rollup = self.env["crm.forecast.rollup"].with_user(user or self.manager)
        rollup = rollup.with_company(self.company)
        return rollup._projection(period or self.month, self.company)

    def _stated(self, method):
        self.env.cr.execute(
            SQL(
                "SELECT amount, closed, variance, p10 FROM crm_forecast_statement"
                " WHERE company_id = %s AND team_id = 0 AND user_id = 0 AND day = %s"
                " AND method = %s AND measure = 'revenue' AND period_kind = 'month'"
                " AND period_start = %s",
                *(self.company.id, self.today, method, self.month.start),
            )
        )
        return self.env.cr.dictfetchone()

    def test_a_projection_is_written_down_with_its_range(self):
        self._learn_clock()
        self._lead(expected_revenue=1000, probability=40)
        self.statement._take_week(self.company)
        found, said = self._project(), self._stated("projection")
        whole = sum(one["projection"] for one in found.values())
        self.assertAlmostEqual(float(said["amount"]), whole, delta=0.05)
        self.assertTrue(said["variance"])
        self.assertIsNone(self._stated("uncorrected"))

    def test_a_projection_is_corrected_by_its_past(self):
        self._learn_clock()
        self._lead(expected_revenue=1000, probability=40)
        plain = self._project()[self.team.id, self.seller.id]
        for ago in range(1, 9):
            self._said(ago, 100, 40, "projection")
        self.statement._take_week(self.company)
        said, raw = self._stated("projection"), self._stated("uncorrected")
        share = float(said["amount"] / raw["amount"])
        self.assertLess(share, 0.7)
        for user in (self.manager, self.seller):
            found = self._project(user=user)[self.team.id, self.seller.id]
            expected = plain["from_open"] * share
            self.assertAlmostEqual(found["from_open"], expected, delta=0.1)
            self.assertAlmostEqual(
                found["projection"],
                found["closed"] + found["from_open"] + found["from_new"],
                delta=0.02,
            )

    def test_three_periods_correct_nothing(self):
        self._learn_clock()
        self._lead(expected_revenue=1000, probability=40)
        for ago in range(1, 4):
            self._said(ago, 100, 40, "projection")
        self.statement._take_week(self.company)
        self.assertIsNone(self._stated("uncorrected"))

    def test_the_board_says_what_it_corrected(self):
        self._learn_clock()
        self._lead(expected_revenue=1000, probability=40)
        for ago in range(1, 9):
            self._said(ago, 100, 40, "projection")
            self._said(ago, 100, 40)
        self.statement._take_week(self.company)
        board = self.env["crm.forecast.board"].with_user(self.manager)
        board = board.with_context(allowed_company_ids=self.company.ids)
        notes = board.read_outlook({"kind": "month"})["notes"]
        notes = " ".join(note["text"] for note in notes)
        self.assertRegex(notes, r"is lowered by \d+ %: past projections of 8 periods")
        columns = board.read_board({"kind": "month"})["columns"]
        [about] = [one["help"] for one in columns if one["name"] == "range"]
        self.assertIn("As wide as 8 past periods taught", about)

    def test_dates_of_another_company_do_not_matter(self):
        for ago in range(1, 7):
            self._said(ago, 100, 40)
        self.assertEqual(self._error(self.company_abroad).n, 0)
        day = date(2001, 1, 1)
        self.assertEqual(self._error(day=day).n, 0)
