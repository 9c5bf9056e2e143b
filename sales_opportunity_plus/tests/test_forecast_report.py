"""The weighted forecast: amounts, currencies, months and what is left out."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .common import FirmCase

TODAY = date(2024, 6, 12)


@tagged("post_install", "-at_install")
class TestForecastReport(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(fields.Date, "context_today", lambda *args: TODAY)
        )
        cls.both = cls._user("test_both", "sales_team.group_sale_manager", cls.company)
        cls.both.company_ids += cls.company_abroad

    def _rate(self, currency, day, rate, company=None):
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "name": day,
                "rate": rate,
                "company_id": company.id if company else False,
            }
        )

    def _abroad(self, **values):
        return self._lead(
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
            **values,
        )

    def _line(self, lead, user=None, company=None):
        report = self.env["crm.forecast.report"].with_user(user or self.seller)
        # Another request, another company: nothing is left in the cache.
        self.env.flush_all()
        self.env.invalidate_all()
        if company:
            report = report.with_context(
                allowed_company_ids=[
                    company.id,
                    *((self.company | self.company_abroad) - company).ids,
                ]
            )
        line = report.search([("lead_id", "=", lead.id)])
        self.assertEqual(len(line), 1)
        return line

    def test_amounts(self):
        lead = self._lead(expected_revenue=999.99, probability=33.3)
        line = self._line(lead)
        self.assertEqual((line.amount, line.weighted_amount), (999.99, 333.0))
        self.assertEqual(line.weighted_amount, lead.weighted_amount)
        self.assertEqual(line.currency_id, self.euro)
        self.assertFalse(line.is_rate_missing)

    def test_two_currencies_at_the_rate_of_the_day(self):
        self._rate(self.crown, "2024-06-11", 3.7, self.company)
        self._rate(self.crown, "2024-06-13", 9.9, self.company)
        self._rate(self.euro, "2024-06-01", 1.1, self.company_abroad)
        home = self._lead(expected_revenue=777.77, probability=45)
        abroad = self._abroad(expected_revenue=1234.56, probability=61.8)
        for company, lead, own in (
            (self.company, home, self.company),
            (self.company, abroad, self.company_abroad),
            (self.company_abroad, home, self.company),
            (self.company_abroad, abroad, self.company_abroad),
        ):
            with self.subTest(seen_from=company.name, of=own.name):
                line = self._line(lead, self.both, company)
                target = company.currency_id
                convert = own.currency_id._convert
                amount = convert(lead.expected_revenue, target, company, TODAY)
                weighted = target.round(
                    convert(lead.expected_revenue, target, company, TODAY, round=False)
                    * lead.probability
                    / 100
                )
                self.assertEqual(line.currency_id, target)
                self.assertAlmostEqual(line.amount, amount, 2)
                self.assertAlmostEqual(line.weighted_amount, weighted, 2)

    def test_rate_of_the_budget(self):
        self._rate(self.crown, "2024-06-11", 3.7, self.company)
        abroad = self._abroad(expected_revenue=1000, probability=50)
        self.company.forecast_rate_policy = "budget"
        self.env["crm.forecast.rate"].create(
            {
                "company_id": self.company.id,
                "currency_id": self.crown.id,
                "valid_from": "2024-01-01",
                "rate": 0.3,
            }
        )
        line = self._line(abroad, self.both, self.company)
        self.assertEqual((line.amount, line.weighted_amount), (300, 150))

    def test_recurring_revenue_stays_apart(self):
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "crm.group_use_recurring_revenues"
        )
        plan = self.env["crm.recurring.plan"].create(
            {"name": "Yearly", "number_of_months": 12}
        )
        lead = self._lead(
            expected_revenue=100,
            recurring_revenue=2400,
            recurring_plan=plan.id,
            probability=25,
        )
        line = self._line(lead)
        self.assertEqual((line.amount, line.weighted_amount), (100, 25))
        self.assertEqual(
            (line.recurring_amount, line.weighted_recurring_amount), (200, 50)
        )

    def test_by_source(self):
        source = self.env["utm.source"].create({"name": "Test Fair"})
        lead = self._lead(source_id=source.id)
        self.assertEqual(self._line(lead).source_id, source)

    def test_sum_of_two_currencies(self):
        leads = self._lead(expected_revenue=100, probability=50) | self._abroad(
            expected_revenue=400, probability=25
        )
        report = self.env["crm.forecast.report"].with_user(self.both)
        report = report.with_context(
            allowed_company_ids=(self.company | self.company_abroad).ids
        )
        [total] = report.formatted_read_group(
            [("lead_id", "in", leads.ids)],
            [],
            ["amount:sum", "weighted_amount:sum", "currency_id:array_agg_distinct"],
        )
        # Four crowns to the euro.
        self.assertEqual(total["amount:sum"], 200)
        self.assertEqual(total["weighted_amount:sum"], 75)
        self.assertEqual(total["currency_id:array_agg_distinct"], self.euro.ids)

    def test_currency_without_rate(self):
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.crown.id)]
        ).unlink()
        home = self._lead(expected_revenue=100, probability=50)
        abroad = self._abroad(expected_revenue=400, probability=50)
        line = self._line(abroad, self.both, self.company)
        self.assertTrue(line.is_rate_missing)
        self.assertFalse(line.amount)
        self.assertFalse(line.weighted_amount)
        self.assertFalse(self._line(home, self.both, self.company).is_rate_missing)
        report = line.browse()
        domain = [("lead_id", "in", (home | abroad).ids)]
        [(total, count)] = report._read_group(
            domain, [], ["weighted_amount:sum", "__count"]
        )
        self.assertEqual((total, count), (50, 2))
        self.assertEqual(report.search([*domain, ("is_rate_missing", "=", True)]), line)

    def test_rate_of_somebody_elses_company_does_not_count(self):
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.crown.id)]
        ).unlink()
        self._rate(self.crown, "2024-01-01", 5.0, self.company_abroad)
        line = self._line(self._abroad(), self.both, self.company)
        self.assertTrue(line.is_rate_missing)

    def test_forecast_says_what_it_leaves_out(self):
        report = self.env["crm.forecast.report"].with_user(self.both)
        report = report.with_context(
            allowed_company_ids=(self.company | self.company_abroad).ids
        )
        self._abroad()
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.crown.id)]
        ).unlink()
        self.assertIn("1 lines", self._told(report.action_open_forecast()))
        self._rate(self.crown, "2024-01-01", 5.0)
        action = report.action_open_forecast()
        self.assertEqual(action["res_model"], "crm.forecast.report")

    def _told(self, action):
        self.assertEqual(action["params"]["next"]["res_model"], "crm.forecast.report")
        return action["params"]["message"]

    def test_omitted_weighs_nothing(self):
        omitted, lost, archived = self._leads(3, expected_revenue=100, probability=80)
        omitted.forecast_category = "omitted"
        lost.action_set_lost()
        archived.action_archive()
        for lead, status in (
            (omitted, "open"),
            (lost, "lost"),
            (archived, "archived"),
        ):
            line = self._line(lead)
            self.assertEqual(line.forecast_category, "omitted")
            self.assertEqual((line.amount, line.weighted_amount), (100, 0))
            self.assertEqual(line.status, status)

    def test_won_weighs_all(self):
        lead = self._lead(expected_revenue=100)
        lead.action_set_won()
        line = self._line(lead)
        self.assertEqual(
            (line.forecast_category, line.weighted_amount), ("closed", 100)
        )

    def test_leads_are_not_forecast(self):
        lead = self._lead(type="lead")
        report = self.env["crm.forecast.report"].with_user(self.seller)
        self.assertFalse(report.search([("lead_id", "=", lead.id)]))

    def test_closed_late_in_the_evening(self):
        """The day of closing is the day where the company is."""
        lead = self._lead(date_deadline="2024-07-15")
        self.assertEqual(self._line(lead).date, date(2024, 7, 15))
        lead.action_set_won()
        # Half past eleven in the evening of the last day of May, in New York.
        lead.date_closed = datetime(2024, 6, 1, 3, 30)
        for tz, day in (
            ("America/New_York", date(2024, 5, 31)),
            ("Europe/Brussels", date(2024, 6, 1)),
            (False, date(2024, 6, 1)),
        ):
            self.company.partner_id.tz = tz
            line = self._line(lead)
            self.assertEqual(line.date, day)
            groups = line.formatted_read_group(
                [("id", "=", line.id)], ["date:month"], ["__count"]
            )
            self.assertEqual(groups[0]["date:month"][0], day.replace(day=1).isoformat())

    def test_overdue(self):
        for days, status, overdue in (
            (-1, None, True),
            (0, None, False),
            (5, None, False),
            (-1, "action_set_won", False),
            (-1, "action_set_lost", False),
        ):
            with self.subTest(days=days, status=status):
                lead = self._lead(date_deadline=TODAY + timedelta(days=days))
                if status:
                    getattr(lead, status)()
                self.assertEqual(self._line(lead).is_overdue, overdue)

    def test_without_company(self):
        """The salesperson's company lends its currency; everybody sees the line."""
        lead = self._lead(
            user_id=self.seller_abroad.id, team_id=False, company_id=False
        )
        lead.write({"team_id": False, "company_id": False, "expected_revenue": 400})
        line = self._line(lead, self.manager)
        self.assertFalse(line.company_id)
        self.assertEqual((line.amount, line.currency_id), (100, self.euro))
        lead.user_id = False
        lead.write({"team_id": False, "company_id": False})
        first = self.env["res.company"].search([], order="id", limit=1)
        self._rate(first.currency_id, "2024-06-12", 2.0, self.company)
        self.assertEqual(self._line(lead, self.manager).amount, 200)

    def test_change_in_the_same_transaction_is_seen(self):
        lead = self._lead(expected_revenue=100, probability=50)
        self._line(lead)
        lead.write({"expected_revenue": 300})
        self.assertEqual(self._line(lead).weighted_amount, 150)
