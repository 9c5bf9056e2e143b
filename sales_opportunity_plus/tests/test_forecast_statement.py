"""What was forecast, written down once a week and rebuilt of the past."""

from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .pipeline_common import PipelineCase

#: A Tuesday: the Monday was missed.
TUESDAY = datetime(2024, 4, 2, 1)
MAY = date(2024, 5, 1)


@tagged("post_install", "-at_install")
class TestForecastStatement(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statement = cls.env["crm.forecast.statement"]
        # Nothing of the demo company.
        cls.env.cr.execute("DELETE FROM crm_forecast_statement")
        cls.stage_new.forecast_probability = 50

    def _said(self, start=MAY, kind="month", user=None):
        """``{method: amount}`` of the team, or of a salesperson of it."""
        rows = self.env.execute_query(
            SQL(
                """SELECT method, amount FROM crm_forecast_statement
                    WHERE company_id = %s AND team_id = %s AND user_id = %s
                      AND period_kind = %s AND period_start = %s
                      AND measure = 'revenue'""",
                self.company.id,
                self.team.id,
                user.id if user else 0,
                kind,
                start,
            )
        )
        return {method: float(amount) for method, amount in rows}

    def _week(self, moment):
        with self._at(moment):
            return self.statement._take_week(self.both_companies)

    def _deals(self):
        first, second = self._leads(2)
        (first | second).write({"date_deadline": "2024-05-20"})
        first.write({"expected_revenue": 100, "forecast_category_override": "commit"})
        second.write(
            {"expected_revenue": 40, "forecast_category_override": "best_case"}
        )
        return first | second

    def test_methods_of_team_person_and_quarter(self):
        self._deals()
        self._week(TUESDAY)
        expected = {"weighted": 70, "commit": 100, "best_case": 140}
        # Odoo's is what it says by itself; there was nothing a year before.
        expected |= {"stage": 70, "odoo": 28, "naive_run_rate": 0}
        self.assertEqual(self._said(), expected)
        self.assertEqual(self._said(user=self.seller), expected)
        self.assertEqual(self._said(date(2024, 4, 1), "quarter"), expected)
        # Nothing is expected in April: a forecast, too.
        self.assertEqual(set(self._said(date(2024, 4, 1)).values()), {0})

    def test_weeks_and_years_where_somebody_plans_by_them(self):
        self._deals()
        this_week = {"period_kind": "week", "period_start": "2024-04-01"}
        self._week(TUESDAY)
        self.assertFalse(self._said(date(2024, 4, 1), "week"))
        self.env["crm.forecast.target"].create(
            {"company_id": self.company.id, "amount": 10, **this_week}
        )
        self._week(TUESDAY + timedelta(weeks=6))
        self.assertEqual(self._said(date(2024, 5, 20), "week")["commit"], 100)
        self.assertFalse(self._said(date(2024, 1, 1), "year"))

    def test_once_a_week(self):
        self._deals()
        self.assertTrue(self._week(TUESDAY))
        for days in range(1, 6):
            self.assertFalse(self._week(TUESDAY + timedelta(days=days)))
        self.assertTrue(self._week(TUESDAY + timedelta(days=6)))

    def test_the_nightly_job_writes_it(self):
        self._deals()
        self._night(TUESDAY)
        self.assertEqual(self._said()["commit"], 100)

    def test_rebuilt_of_the_history(self):
        deals = self._deals()
        self._take(datetime(2024, 4, 1, 12))
        deals[0].expected_revenue = 900
        self._take(datetime(2024, 4, 3, 12))
        with self._at(datetime(2024, 4, 10, 12)):
            self.statement._backfill(weeks=1)
            self.statement._backfill(weeks=1)
        self.assertEqual(
            self._said(),
            {"weighted": 70, "commit": 100, "best_case": 140, "naive_run_rate": 0},
        )
        self.assertTrue(all(one.is_reconstructed for one in self.statement.search([])))

    def test_rebuilt_ranges_learn_from_the_periods_before(self):
        for month in range(1, 7):
            lead = self._lead(expected_revenue=500, date_deadline=f"2024-{month}-20")
            self._take(datetime(2024, month, 1, 12))
            lead.expected_revenue = 3000
            lead.action_set_won()
            lead.date_closed = datetime(2024, month, 25, 12)
            self._take(datetime(2024, month, 25, 12))
        with self._at(datetime(2024, 7, 2, 12)):
            self.statement._backfill(weeks=26)
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (period_start) amount, p90
                     FROM crm_forecast_statement
                    WHERE company_id = %s AND team_id = 0 AND method = 'weighted'
                      AND period_kind = 'month' AND day > period_start
                      AND period_start BETWEEN '2024-01-01' AND '2024-06-01'
                    ORDER BY period_start, day""",
                self.company.id,
            )
        )
        above = [float(p90 / amount) for amount, p90 in rows]
        self.assertEqual(len(above), 6)
        # As wide as is assumed, as long as nothing has come.
        self.assertGreater(min(above[1:]), 1.3 * above[0])

    def test_nobody_changes_or_reads_it(self):
        self._deals()
        self._week(TUESDAY)
        with self.assertRaises(UserError):
            self.statement.search([], limit=1).unlink()
        with self.assertRaises(AccessError):
            self.statement.with_user(self.manager).search([])
