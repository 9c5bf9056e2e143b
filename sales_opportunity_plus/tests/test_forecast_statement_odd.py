"""What is written down of deals as they should not be."""

from datetime import date, datetime, timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .pipeline_common import PipelineCase

TUESDAY = datetime(2024, 4, 30, 12)
APRIL, MAY = date(2024, 4, 1), date(2024, 5, 1)


@tagged("post_install", "-at_install")
class TestForecastStatementOdd(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statement = cls.env["crm.forecast.statement"]
        # Nothing of the demo company.
        cls.env.cr.execute("DELETE FROM crm_forecast_statement")
        cls.stage_new.forecast_probability = 50

    def _said(self, company=None, start=MAY, kind="month", day=None):
        """``{method: amount}`` of a company."""
        rows = self.env.execute_query(
            SQL(
                """SELECT method, amount FROM crm_forecast_statement
                    WHERE company_id = %s AND team_id = 0 AND user_id = 0
                      AND period_kind = %s AND period_start = %s
                      AND day = COALESCE(%s, day)""",
                (company or self.company).id,
                kind,
                start,
                day,
            )
        )
        return {method: float(amount) for method, amount in rows}

    def _week(self, moment=TUESDAY):
        with self._at(moment):
            self.env.flush_all()
            return self.statement._take_week(self.both_companies)

    def _deal(self, amount, **values):
        values = {"date_deadline": "2024-05-20", **values}
        return self._lead(
            expected_revenue=amount, forecast_category_override="commit", **values
        )

    def test_amounts_of_zero_below_zero_and_huge(self):
        for amount in (0, -500, 1e13):
            self._deal(amount)
        self._week()
        said = self._said()
        self.assertEqual(said["commit"], 1e13 - 500)
        self.assertEqual(said["weighted"], (1e13 - 500) / 2)

    def test_without_a_closing_and_without_a_rate(self):
        self._deal(100, date_deadline=False)
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.crown.id)]
        ).unlink()
        abroad = {"team_id": self.team_abroad.id, "user_id": self.seller_abroad.id}
        self._deal(400, company_id=self.company_abroad.id, **abroad)
        self._week()
        self.assertFalse(self._said()["commit"])
        # A company counts in its own currency: it needs no rate.
        self.assertEqual(self._said(self.company_abroad)["commit"], 400)

    def test_no_deals(self):
        self._week()
        # Nothing forecast is a forecast, too.
        self.assertEqual(set(self._said().values()), {0})

    def test_closed_late_in_the_evening_in_honolulu(self):
        self.company.partner_id.tz = "Pacific/Honolulu"
        won = self._deal(100)
        won.action_set_won()
        # Half past eleven in the evening of the last of April there.
        won.date_closed = "2024-05-01 09:30:00"
        self._week(datetime(2024, 5, 1, 9, 45))
        self.assertEqual(self._said(start=APRIL)["weighted"], 100)
        self.assertFalse(self._said(start=MAY).get("weighted"))

    def test_quarters_of_a_fiscal_year(self):
        self._deal(100, date_deadline="2024-07-20")
        self.company.forecast_first_month = "8"
        self._week(TUESDAY + timedelta(days=7))
        self.assertEqual(self._said(start=MAY, kind="quarter")["commit"], 100)
        self.assertFalse(self._said(start=APRIL, kind="quarter"))
        self.company.forecast_first_month = "7"
        self._week(TUESDAY + timedelta(days=14))
        july = date(2024, 7, 1)
        self.assertEqual(self._said(start=july, kind="quarter")["commit"], 100)

    def test_moved_to_another_company(self):
        self._deal(10)
        goes = self._deal(400)
        self._week()
        goes.write(
            {
                "company_id": self.company_abroad.id,
                "team_id": self.team_abroad.id,
                "user_id": self.seller_abroad.id,
            }
        )
        later = TUESDAY + timedelta(days=7)
        self._week(later)
        self.assertEqual(self._said(day=TUESDAY.date())["commit"], 410)
        self.assertEqual(self._said(day=later.date())["commit"], 10)
        self.assertEqual(self._said(self.company_abroad)["commit"], 400)
