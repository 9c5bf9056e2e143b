"""The roll-up of a period: what counts where, in which currency and for whom."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..engine.cumulants import concentration, total
from .common import FirmCase

NOW = datetime(2024, 6, 12, 12)
TODAY = NOW.date()
CATEGORIES = ("omitted", "pipeline", "best_case", "most_likely", "commit")


@tagged("post_install", "-at_install")
class TestForecastRollup(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(fields.Date, "context_today", lambda *args: TODAY)
        )
        cls.startClassPatcher(patch.object(cls.env.cr, "now", lambda: NOW))
        cls.june = cls.company._forecast_period("month", TODAY)
        cls.both = cls._user("test_both", "sales_team.group_sale_manager", cls.company)
        cls.both.company_ids += cls.company_abroad

    def _deal(self, amount=1000, percent=20.0, day="2024-06-20", **values):
        values = {"date_deadline": day, "probability": percent, **values}
        return self._lead(expected_revenue=amount, **values)

    def _abroad(self, amount=1000, **values):
        return self._deal(
            amount,
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
            **values,
        )

    def _won(self, moment, **values):
        lead = self._deal(**values)
        lead.action_set_won()
        lead.date_closed = moment
        return lead

    def _rows(self, period=None, user=None, companies=None, **options):
        user = user or self.manager
        companies = self.company if companies is None else companies
        rollup = self.env["crm.forecast.rollup"].with_user(user)
        rollup = rollup.with_context(allowed_company_ids=companies.ids)
        return rollup._rollup(period or self.june, companies, **options)

    def _row(self, *args, **options):
        rows = self._rows(*args, **options)
        self.assertLessEqual(len(rows), 1)
        return rows[0] if rows else {}

    # ------------------------------------------------------------
    # What counts
    # ------------------------------------------------------------

    def test_categories_and_weight(self):
        for number, category in enumerate(CATEGORIES, 1):
            self._deal(100 * number, 50, forecast_category_override=category)
        row = self._row()
        self.assertEqual(row["team_id"], self.team.id)
        self.assertEqual(row["user_id"], self.seller.id)
        self.assertEqual([row[name] for name in CATEGORIES], [100, 200, 300, 400, 500])
        # What is omitted has no weight.
        self.assertEqual(row["weighted"], 700)
        self.assertEqual((row["open_count"], row["open_total"]), (5, 1500))
        self.assertEqual((row["closed"], row["closed_count"]), (0, 0))

    def test_cumulants_are_those_of_the_engine(self):
        said = [(12.34, 999.99), (50.0, -70), (80.0, 12345.67), (0, 10), (100, 5)]
        leads = [self._deal(amount, percent) for percent, amount in said]
        deals = [(percent / 100, amount) for percent, amount in said]
        row, sums = self._row(), total(deals)
        for order, exact in enumerate(
            (sums.first, sums.second, sums.third, sums.fourth), 1
        ):
            expected = exact / (10**10) ** order
            self.assertAlmostEqual(row[f"k{order}"] / expected, 1, 9)
        top = concentration(deals)
        self.assertEqual(row["top_lead_id"], leads[top.place].id)
        self.assertAlmostEqual(row["top_share"], top.share, 9)

    def test_open_deals_count_when_they_are_expected(self):
        for day in ("2024-06-30", "2024-07-01", "2024-09-30", False):
            self._deal(day=day)
        july = self.june.following()
        quarter = self.company._forecast_period("quarter", july.start)
        self.assertEqual(self._row()["pipeline"], 1000)
        self.assertEqual(self._row(july)["pipeline"], 1000)
        self.assertEqual(self._row(quarter)["pipeline"], 2000)
        row = self._row(july.moved(40))
        self.assertEqual((row["pipeline"], row["open_total"]), (0, 4000))
        self.assertEqual(row["undated_count"], 1)

    def test_overdue_deals_count_in_the_current_period(self):
        self._deal(day="2024-06-11")
        self._deal(day="2023-01-05")
        self._deal(day="2024-06-12")
        row = self._row()
        self.assertEqual((row["pipeline"], row["open_count"]), (3000, 3))
        self.assertEqual((row["overdue"], row["overdue_count"]), (2000, 2))
        # Neither in the period that is over nor in the next one.
        for period in (self.june.previous(), self.june.following()):
            row = self._row(period)
            self.assertEqual((row["pipeline"], row["overdue_count"]), (0, 0))

    def test_won_counts_when_it_was_closed(self):
        self._won(datetime(2024, 6, 3), day="2024-09-01")
        self._won(datetime(2024, 5, 31), day="2024-06-20")
        reason = self.env["crm.lost.reason"].create({"name": "Price"})
        self._deal().action_set_lost(lost_reason_id=reason.id)
        self._deal().action_archive()
        row = self._row()
        self.assertEqual((row["closed"], row["closed_count"]), (1000, 1))
        self.assertEqual((row["open_count"], row["open_total"]), (0, 0))

    def test_won_without_a_day_counts_when_it_was_expected(self):
        self._won(False)
        self.assertEqual(self._row()["closed"], 1000)
        self.assertEqual(self._row(self.june.following()), {})

    def test_half_past_eleven_in_honolulu(self):
        self._won(datetime(2024, 7, 1, 9, 30))
        self.assertEqual(self._row(), {})
        self.company.partner_id.tz = "Pacific/Honolulu"
        self.assertEqual(self._row()["closed"], 1000)
        self.company.partner_id.tz = "Pacific/Auckland"
        self.assertEqual(self._row(self.june.following())["closed"], 1000)

    def test_today_is_that_of_the_company(self):
        self._deal(day="2024-06-12")
        self.company.partner_id.tz = "Pacific/Kiritimati"
        self.assertEqual(self._row()["overdue_count"], 1)

    def test_fiscal_year_that_begins_in_july(self):
        self.company.forecast_first_month = "7"
        self._deal(day="2024-07-01")
        self._won(datetime(2023, 7, 1, 12))
        self._won(datetime(2023, 6, 30, 12))
        row = self._row(self.company._forecast_period("year", TODAY))
        self.assertEqual((row["closed"], row["pipeline"]), (1000, 0))

    def test_period_without_anything(self):
        self.assertEqual(self._rows(), [])
        self._won(datetime(2024, 6, 3))
        self.assertEqual(self._rows(self.june.moved(-200)), [])
        self.assertEqual(self._rows(companies=self.env["res.company"]), [])

    def test_amounts_that_are_none_negative_or_huge(self):
        self._deal(0)
        self._deal(-300, 50)
        self._deal(1e60, 50, forecast_category_override="commit")
        row = self._row()
        self.assertEqual((row["pipeline"], row["commit"]), (-300, 1e60))
        self.assertGreater(row["k4"] ** 2, 0)

    # ------------------------------------------------------------
    # Measures
    # ------------------------------------------------------------

    def test_recurring_revenue_is_apart(self):
        plan = self.env["crm.recurring.plan"].create(
            {"name": "Yearly", "number_of_months": 12}
        )
        self._deal(recurring_revenue=1200, recurring_plan=plan.id)
        row = self._row(measure="mrr")
        self.assertEqual((row["pipeline"], row["weighted"]), (100, 20))
        self.assertEqual(self._row()["pipeline"], 1000)

    def test_count(self):
        self._deal(0, 33.3)
        self._deal(5, 33.3)
        self._won(datetime(2024, 6, 3))
        row = self._row(measure="count")
        self.assertEqual((row["pipeline"], row["closed"]), (2, 1))
        self.assertAlmostEqual(row["weighted"], 0.666)

    def test_new_business_is_the_first_of_a_customer(self):
        firm, other, third = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in "ABC"]
        )
        person = firm.create({"name": "P", "parent_id": firm.id})
        self._won(datetime(2024, 5, 3), partner_id=person.id)
        self._won(datetime(2024, 6, 3), amount=10, partner_id=firm.id)
        self._won(datetime(2024, 6, 3), amount=200, partner_id=other.id)
        self._deal(40, partner_id=firm.id)
        self._deal(50, partner_id=third.id)
        self._deal(60)
        row = self._row(measure="new_business")
        self.assertEqual((row["closed"], row["closed_count"]), (200, 1))
        self.assertEqual((row["pipeline"], row["open_count"]), (110, 2))

    # ------------------------------------------------------------
    # Companies, currencies, rights
    # ------------------------------------------------------------

    def test_two_currencies(self):
        self._deal(100, 50)
        self._abroad(400, percent=25)
        both = self.company | self.company_abroad
        rows = self._rows(user=self.both, companies=both)
        self.assertEqual([row["pipeline"] for row in rows], [100, 100])
        self.assertEqual(sum(row["weighted"] for row in rows), 75)
        rows = self._rows(user=self.both, companies=self.company_abroad + self.company)
        self.assertEqual([row["pipeline"] for row in rows], [400, 400])
        [row] = self._rows(user=self.both, companies=self.company_abroad)
        self.assertEqual(row["team_id"], self.team_abroad.id)

    def test_no_rate(self):
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.crown.id)]
        ).unlink()
        self._abroad(400)
        both = self.company | self.company_abroad
        row = self._row(user=self.both, companies=both)
        self.assertEqual((row["pipeline"], row["weighted"], row["k2"]), (0, 0, 0))
        self.assertEqual((row["open_count"], row["rate_missing"]), (1, 1))
        row = self._row(user=self.both, companies=both, measure="count")
        self.assertEqual((row["pipeline"], row["rate_missing"]), (1, 0))

    def test_budget_rates(self):
        self._abroad(400)
        self.env["crm.forecast.rate"].create(
            {
                "company_id": self.company.id,
                "currency_id": self.crown.id,
                "valid_from": "2024-01-01",
                "rate": 0.5,
            }
        )
        self.company.forecast_rate_policy = "budget"
        both = self.company | self.company_abroad
        self.assertEqual(self._row(user=self.both, companies=both)["pipeline"], 200)

    def test_moved_between_companies(self):
        lead = self._abroad(400)
        lead.write(
            {
                "company_id": self.company.id,
                "team_id": self.team.id,
                "user_id": self.seller.id,
            }
        )
        self.assertEqual(self._row()["pipeline"], 400)
        self.assertEqual(self._rows(user=self.both, companies=self.company_abroad), [])

    def test_without_company_belongs_to_that_of_the_salesperson(self):
        lead = self._deal()
        lead.write({"team_id": False, "company_id": False})
        row = self._row()
        self.assertEqual((row["team_id"], row["user_id"]), (0, self.seller.id))
        self.assertEqual(row["pipeline"], 1000)

    def test_sellers_see_what_they_may_read(self):
        self._deal()
        self._deal(user_id=self.seller_two.id)
        self._deal(user_id=False)
        self.assertEqual(len(self._rows()), 3)
        self.assertEqual(
            {row["user_id"] for row in self._rows(user=self.seller)},
            {0, self.seller.id},
        )
        south = self.company_abroad
        self.assertEqual(self._rows(user=self.seller_abroad, companies=south), [])

    def test_some_opportunities_only(self):
        self._deal(forecast_category_override="commit")
        self._deal(day=TODAY + timedelta(days=3), stage_id=self.stage_talk.id)
        for domain, pipeline in (
            ([("stage_id", "=", self.stage_talk.id)], 1000),
            ([("team_id.name", "=", "Test Team")], 1000),
            ([("forecast_category", "=", "commit")], 0),
            ([("forecast_probability", ">", 90)], None),
        ):
            rows = self._rows(domain=domain)
            self.assertEqual(rows[0]["pipeline"] if rows else None, pipeline)

    def test_as_many_queries_for_one_as_for_many(self):
        counts = []
        for number in (1, 60):
            self._leads(number, date_deadline=date(2024, 6, 20))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._rows(self.june)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
