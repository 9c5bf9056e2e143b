from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestForecastRate(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.env.ref("base.EUR")
        cls.dollar = cls.env.ref("base.USD")
        (cls.euro | cls.dollar).active = True
        cls.company = cls.env["res.company"].create(
            {"name": "Budget Ltd", "currency_id": cls.euro.id}
        )
        cls.env["res.currency.rate"].create(
            [
                {
                    "name": "2020-01-01",
                    "currency_id": currency.id,
                    "company_id": cls.company.id,
                    "rate": rate,
                }
                for currency, rate in ((cls.euro, 1.0), (cls.dollar, 2.0))
            ]
        )
        cls.other = cls.env["res.company"].create(
            {"name": "Dollar Inc", "currency_id": cls.dollar.id}
        )
        cls.rates = cls.env["crm.forecast.rate"].with_company(cls.company)

    def budget(self, day, rate, **more):
        return self.rates.create(
            {
                "company_id": self.company.id,
                "currency_id": self.dollar.id,
                "valid_from": day,
                "rate": rate,
                **more,
            }
        )

    def factor(self, day="2026-03-01"):
        return self.rates._factors(day=day)[self.dollar.id]

    def test_the_policy_decides(self):
        self.budget("2026-01-01", 0.9)
        self.assertAlmostEqual(float(self.factor()), 0.5)
        self.company.forecast_rate_policy = "budget"
        self.assertAlmostEqual(float(self.factor()), 0.9)
        self.assertEqual(self.rates._factors()[self.euro.id], 1)

    def test_the_latest_rate_counts_from_its_day(self):
        self.company.forecast_rate_policy = "budget"
        self.budget("2026-01-01", 0.9)
        self.budget("2026-07-01", 0.8)
        self.budget("2025-01-01", 0.7, active=False)
        self.assertAlmostEqual(float(self.factor("2026-06-30")), 0.9)
        self.assertAlmostEqual(float(self.factor("2026-07-01")), 0.8)
        # Before the budget began, the rate of the day.
        self.assertAlmostEqual(float(self.factor("2025-12-31")), 0.5)

    def test_wrong_rates_are_refused_by_name(self):
        for rate in (0, -1):
            with (
                self.assertRaisesRegex(ValidationError, "USD"),
                self.env.cr.savepoint(),
            ):
                self.budget("2026-01-01", rate)
        with self.assertRaisesRegex(ValidationError, "EUR"), self.env.cr.savepoint():
            self.budget("2026-01-01", 1, currency_id=self.euro.id)

    @mute_logger("odoo.sql_db")
    def test_one_rate_from_a_day_on(self):
        self.budget("2026-01-01", 0.9)
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.budget("2026-01-01", 0.8)

    def test_periods_follow_the_fiscal_year(self):
        self.company.forecast_first_month = "7"
        period = self.company._forecast_period(
            "year", fields.Date.to_date("2026-08-01")
        )
        self.assertEqual(str(period.start), "2026-07-01")
