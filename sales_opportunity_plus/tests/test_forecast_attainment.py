"""How targets stand: what was won, what is missing, and what that takes."""

import math
from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import fields

from .common import SELLER
from .target_common import TargetCase

TODAY = date(2026, 5, 13)
NOW = datetime(2026, 5, 13, 10)


class AttainmentCase(TargetCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.stage.rule"].search([]).active = False
        cls.startClassPatcher(
            patch.object(fields.Date, "context_today", lambda *args: TODAY)
        )
        cls.startClassPatcher(patch.object(cls.env.cr, "now", lambda: NOW))
        cls.leader = cls._user("test_leader", SELLER, cls.company)
        cls.team.user_id = cls.leader

    def _won(self, amount, closed="2026-05-04 12:00:00", **values):
        lead = self._lead(expected_revenue=amount, **values)
        lead.action_set_won()
        lead.date_closed = closed
        return lead

    def _open(self, amount, deadline="2026-05-20", **values):
        return self._lead(expected_revenue=amount, date_deadline=deadline, **values)

    def _closed_year(self, won, lost, cycle=30, **values):
        """Opportunities that closed in the year before, and not in this month."""
        closed = datetime(2026, 3, 2, 12)
        born = closed - timedelta(days=cycle)
        leads = self._leads(won + lost, expected_revenue=1, **values)
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE crm_lead SET create_date = %s, date_closed = %s,
                      active = id <= %s, probability = CASE WHEN id <= %s THEN 100
                      ELSE 0 END, won_status = CASE WHEN id <= %s THEN 'won'
                      ELSE 'lost' END WHERE id = ANY(%s)""",
            [born, closed, *3 * [sorted(leads.ids)[won - 1]], leads.ids],
        )
        self.env.invalidate_all()

    def _report(self, user=None, *companies):
        self.env.flush_all()
        self.env.invalidate_all()
        ids = [one.id for one in companies] or self.company.ids
        report = self.env["crm.forecast.target.report"].with_user(user or self.manager)
        return report.with_context(allowed_company_ids=ids)

    def _line(self, target, user=None, *companies):
        return self._report(user, *companies).browse(target.id)

    def _cells(self, targets, groupby, *names, companies=()):
        rows = self._report(None, *companies)._read_group(
            [("id", "in", targets.ids)], groupby, [f"{name}:sum" for name in names]
        )
        return [row[len(groupby) :] for row in rows]


class TestAttainment(AttainmentCase):
    def test_won_and_open_of_the_period_count_for_their_scopes(self):
        mine, team = self.of_seller(amount=10000), self.of_team(amount=20000)
        company = self.target(amount=40000)
        self._won(2500)
        self._won(700, user_id=self.seller_two.id)
        self._won(9999, closed="2026-04-30 12:00:00")
        self._open(3000, probability=50)
        self._open(800, deadline="2026-05-02", probability=10)
        self._open(9999, deadline="2026-06-01")
        self._open(9999, deadline=False)
        self._open(9999, forecast_category_override="omitted")
        self._open(9999).action_set_lost()
        line = self._line(mine)
        self.assertEqual(line.attained, 2500)
        self.assertEqual(line.gap, 7500)
        self.assertEqual(line.attainment, 25)
        self.assertEqual(line.open_amount, 3800)
        self.assertEqual(line.weighted_amount, 1580)
        self.assertAlmostEqual(line.coverage, 3800 / 7500, 1)
        self.assertEqual(self._line(team).attained, 3200)
        self.assertEqual(self._line(company).attained, 3200)
        self.assertEqual(line.period_name, "May 2026")

    def test_the_day_is_that_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Honolulu"
        may, april = self.target(), self.target(day="2026-04-01")
        self._won(100, closed="2026-05-01 09:30:00")
        self.assertEqual(self._line(may).attained, 0)
        self.assertEqual(self._line(april).attained, 100)

    def test_each_measure_counts_what_it_is_of(self):
        mrr = self.target(measure="mrr", amount=100)
        count = self.target(measure="count", amount=4)
        new = self.target(measure="new_business", amount=1000)
        plan = self.env["crm.recurring.plan"].create(
            {"name": "Yearly", "number_of_months": 12}
        )
        customer = self.env["res.partner"].create({"name": "Old Customer"})
        self._won(50, closed="2025-01-10 12:00:00", partner_id=customer.id)
        self._won(300, partner_id=customer.id)
        self._won(400, recurring_revenue=120, recurring_plan=plan.id)
        self.assertEqual(self._line(mrr).attained, 10)
        self.assertEqual(self._line(count).attained, 2)
        self.assertFalse(self._line(count).currency_id)
        self.assertEqual(self._line(new).attained, 400)

    def test_period_without_opportunities(self):
        line = self._line(self.target(day="2027-02-01"))
        self.assertEqual((line.attained, line.open_amount, line.attainment), (0, 0, 0))
        self.assertEqual(line.gap, 9000)
        self.assertEqual(line.coverage, 0)
        self.assertEqual(line.rate_of, "none")

    def test_target_of_zero_is_reached_and_divides_nothing(self):
        target = self.target(amount=0)
        self._won(10)
        line = self._line(target)
        self.assertEqual((line.gap, line.attainment, line.coverage), (-10, 0, 0))
        self.assertEqual((line.pipeline_needed, line.needed_by), (0, False))
        [cell] = self._report()._read_group(
            [("id", "=", target.id)], [], ["attainment:avg", "coverage:avg"]
        )
        self.assertEqual(cell, (False, False))

    def test_target_of_an_archived_person_keeps_what_was_won(self):
        target = self.of_seller()
        self._won(1000)
        self.seller.active = False
        line = self._line(target)
        self.assertEqual((line.attained, line.user_id), (1000, self.seller))

    def test_pro_rata_and_archived_targets(self):
        joined = self.of_seller(amount=3100, date_from="2026-05-22")
        self.assertEqual(self._line(joined).target_amount, 1000)
        joined.active = False
        for archived in (True, False):
            report = self._report().with_context(active_test=archived)
            self.assertFalse(report.search([("id", "=", joined.id)]))

    def test_fiscal_year_and_opportunities_of_other_companies(self):
        self.company.forecast_first_month = "7"
        year = self.target("year")
        self._won(50, closed="2025-07-01 12:00:00")
        self._won(7, closed="2025-06-30 12:00:00")
        self._won(
            900,
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
        )
        self.assertEqual(self._line(year).attained, 50)
        self.assertEqual(self._line(year).period_name, "FY 2026")


class TestPipelineNeeded(AttainmentCase):
    def test_gap_by_the_own_win_rate_and_cycle(self):
        target = self.of_seller(amount=1000)
        self._closed_year(20, 60, cycle=10)
        self._closed_year(1, 29, user_id=self.seller_two.id)
        line = self._line(target)
        self.assertEqual((line.rate_of, line.closed_count), ("own", 80))
        self.assertEqual((line.win_rate, line.cycle_days), (25, 10))
        self.assertEqual(line.pipeline_needed, 4000)
        self.assertEqual(line.needed_by, date(2026, 5, 21))
        self.assertFalse(line.is_late)

    def test_the_company_stands_in_and_says_so(self):
        few = self.of_team(user_id=self.seller_two.id, amount=1000)
        self._closed_year(30, 30, cycle=40)
        self._closed_year(9, 0, user_id=self.seller_two.id, cycle=40)
        line = self._line(few)
        self.assertEqual((line.rate_of, line.closed_count), ("company", 69))
        self.assertEqual(line.needed_by, date(2026, 4, 21))
        self.assertTrue(line.is_late)

    def test_not_enough_data_is_said_and_nothing_is_guessed(self):
        target = self.of_seller()
        self._closed_year(20, 29)
        abroad = {
            "company_id": self.company_abroad.id,
            "team_id": self.team_abroad.id,
            "user_id": self.seller_abroad.id,
        }
        self._closed_year(300, 0, **abroad)
        line = self._line(target)
        self.assertEqual((line.rate_of, line.closed_count), ("none", 49))
        self.assertEqual((line.pipeline_needed, line.needed_by), (0, False))
        [cell] = self._cells(target, [], "pipeline_needed", "win_rate")
        self.assertEqual(cell, (False, False))

    def test_nothing_is_needed_for_what_has_ended(self):
        self._closed_year(30, 30)
        line = self._line(self.target(day="2026-03-01", amount=1000))
        self.assertTrue(line.is_over)
        self.assertEqual((line.gap, line.pipeline_needed, line.coverage), (970, 0, 0))

    def test_groups_are_ratios_of_sums(self):
        self._closed_year(15, 45)
        self._closed_year(30, 30, user_id=self.seller_two.id)
        one = self.of_seller(amount=1000)
        other = self.of_team(user_id=self.seller_two.id, amount=3000)
        self._won(600, user_id=self.seller_two.id)
        self._open(340)
        names = ("attainment", "coverage", "pipeline_needed", "win_rate")
        [cell] = self._cells(one | other, [], *names)
        # With the one of this month, 31 of 61 were won by the other.
        needed = 1000 / (15 / 60) + math.ceil(2400 / (31 / 61))
        expected = (600 / 40, 340 / 3400, needed, 100 * 3400 / needed)
        for got, wanted in zip(cell, expected, strict=True):
            self.assertAlmostEqual(got, wanted, 2)

    def test_nothing_is_told_twice(self):
        team, mine = self.of_team(), self.of_seller()
        quarter, count = self.of_team("quarter"), self.of_team(measure="count")
        alone = self.target(user_id=self.seller.id)
        self._won(100)
        names = ("attained", "attainment", "gap", "pipeline_needed")
        for double in (team | mine, team | quarter, team | count, mine | alone):
            self.assertEqual(self._cells(double, [], *names), [(False,) * 4])
        self.assertEqual(
            self._cells(team | mine, ["level"], "attained"), [(100,), (100,)]
        )
        june = self.of_team(day="2026-06-01")
        self.assertEqual(self._cells(team | june, [], "attained"), [(100,)])
