"""The attribution report: what each model credits, exactly, and ratios in totals."""

from datetime import date

from odoo.tests import tagged
from odoo.tools import SQL

from .attribution_report_common import AttributionReportCase

AMOUNTS = ["value:sum", "pipeline:sum", "weighted:sum", "won:sum", "lost:sum"]


@tagged("post_install", "-at_install")
class TestAttributionReport(AttributionReportCase):
    def test_a_deal_is_shared_out_to_the_cent(self):
        lead = self._lead(expected_revenue=1000.01, probability=33)
        for day, campaign in ((1, self.spring), (2, self.autumn), (3, self.spring)):
            self._touch(lead, campaign, (2024, 1, day))
        self._credit(lead, self.linear, self.first)
        rows = self._sums(
            ["value:sum", "deals:sum"],
            [("lead_id", "=", lead.id)],
            ["model_id", "campaign_name"],
        )
        shares = {(model, name): values for model, name, *values in rows}
        self.assertAlmostEqual(shares[self.linear, "Test Spring"][0], 666.67, 6)
        self.assertAlmostEqual(shares[self.linear, "Test Autumn"][0], 333.34, 6)
        self.assertAlmostEqual(shares[self.linear, "Test Autumn"][1], 1 / 3, 6)
        self.assertAlmostEqual(shares[self.first, "Test Spring"][0], 1000.01, 6)
        self.assertNotIn((self.first, "Test Autumn"), shares)
        total = self._of(self.linear, [*AMOUNTS, "deals:sum"])
        self.assertEqual(total[0], total[1])
        self.assertAlmostEqual(total[1], 1000.01, 6)
        self.assertAlmostEqual(total[2], 330.0033, 6)
        self.assertEqual(total[3:5], (0, 0))
        self.assertAlmostEqual(total[5], 1, 9)

    def test_status_and_date(self):
        won = self._won(expected_revenue=100, closed=(2024, 3, 31, 23, 30))
        won.company_id.partner_id.tz = "Europe/Brussels"
        lost = self._lost(expected_revenue=20)
        still_open = self._lead(expected_revenue=3, date_deadline="2024-08-01")
        archived = self._lead(expected_revenue=5000)
        archived.action_archive()
        leads = won | lost | still_open | archived
        for lead in leads:
            self._touch(lead, self.spring)
        self._credit(leads, self.linear)
        self.assertEqual(
            self._of(self.linear, AMOUNTS, ("status", "!=", "archived"))[1:],
            (3, 3 * still_open.probability / 100, 100, 20),
        )
        lines = self._report().search(
            [("model_id", "=", self.linear.id), ("lead_id", "in", leads.ids)]
        )
        days = {line.lead_id: line.date for line in lines}
        # Half past midnight in Brussels.
        self.assertEqual(days[won], date(2024, 4, 1))
        self.assertEqual(days[still_open], date(2024, 8, 1))
        self.assertEqual(lines[0].touched_on, date(2024, 1, 10))
        self.assertEqual(lines[0].version, 3)
        self.assertEqual(lines[0].model_label, "Test Linear v1, 2024-06-01 00:00")
        self.assertTrue(lines[0].computed_at)

    def test_unattributed_is_shown_per_model(self):
        touched, _untouched = self._leads(2, expected_revenue=100)
        self._touch(touched, self.spring)
        self._credit(touched, self.linear)
        for model, attributed in ((self.linear, 100), (self.first, 0)):
            rows = self._sums(
                ["pipeline:sum", "deals:sum"],
                [("model_id", "=", model.id)],
                ["is_attributed"],
            )
            found = {flag: (amount, deals) for flag, amount, deals in rows}
            self.assertEqual(found.get(True, (0, 0))[0], attributed)
            self.assertEqual(sum(amount for amount, _deals in found.values()), 200)
            self.assertEqual(sum(deals for _amount, deals in found.values()), 2)
        self.assertFalse(self._lead(type="lead") & self._report().search([]).lead_id)

    def test_models_are_never_added_up(self):
        lead = self._won(expected_revenue=100)
        self._touch(lead, self.spring)
        self._credit(lead, self.linear, self.first)
        self._cost(10)
        measures = ["won:sum", "deals:sum", "cost:sum", "roi:avg", "coverage:avg"]
        self.assertEqual(self._sums(measures), (False,) * 5)
        for _model, won, *rest in self._sums(measures, [], ["model_id"]):
            self.assertEqual((won, *rest), (100, 1, 10, 900, 100))
        by_both, by_campaign, total = self._report()._read_grouping_sets(
            [("company_id", "=", self.company.id)],
            [["campaign_name", "model_id"], ["campaign_name"], []],
            measures,
        )
        self.assertEqual([row[2] for row in by_both], [100, 100])
        self.assertEqual(by_campaign, [("Test Spring", *[False] * 5)])
        self.assertEqual(total, [(False,) * 5])
        default = self._sums(measures, [("is_default_model", "=", True)])
        self.assertEqual(default, (100, 1, 10, 900, 100))

    def test_default_model_is_the_first_that_was_computed(self):
        not_computed = self._model("Test Earlier", "last", 1, computed=False)
        lead = self._lead()
        self._touch(lead, self.spring)
        self._credit(lead, self.linear, self.first)
        report = self._report()
        self.assertEqual(report.search([]).model_id, self.linear | self.first)
        self.assertNotIn(not_computed, report.search([]).model_id)
        default = report.search([("is_default_model", "=", True)])
        self.assertEqual(default.model_id, self.linear)
        # A changed model stays until it is computed anew.
        self.linear.lookback_days = 30
        self.assertFalse(self.linear.computed_at)
        default = self._report().search([("is_default_model", "=", True)])
        self.assertEqual(default.model_id, self.linear)
        self.assertEqual(default[0].model_label, "Test Linear v2, …")
        self.linear.active = False
        report = self._report().with_context(active_test=False)
        default = report.search([("is_default_model", "=", True)])
        self.assertEqual(default.model_id, self.first)

    def test_model_of_a_company_shares_out_its_deals_only(self):
        own = self._model("Own", "last", 30, company_id=self.company_abroad.id)
        self._lead()
        abroad = self._lead(**self._abroad())
        report = self._report(self.both, self.company | self.company_abroad)
        firm = (self.company | self.company_abroad).ids
        lines = report.search([("model_id", "=", own.id), ("company_id", "in", firm)])
        self.assertEqual(lines.lead_id, abroad)
        self.assertNotIn(own, self._report().search([]).model_id)

    def test_ratios_of_groups_and_totals(self):
        leads = self._won(expected_revenue=300)
        leads |= self._won(expected_revenue=100)
        leads |= self._lead(expected_revenue=50)
        for lead, campaign in zip(
            leads, (self.spring, self.autumn, self.autumn), strict=True
        ):
            self._touch(lead, campaign, (2024, 3, 5))
        self._credit(leads, self.linear)
        self._cost(100, self.spring)
        self._cost(50, self.autumn)
        self._cost(7, self._campaign("Test Nothing Came"))
        names = ["roi:avg", "cost_per_opportunity:avg", "cost_per_won:sum"]
        rows = self._sums(names, [("model_id", "=", self.linear.id)], ["campaign_name"])
        self.assertEqual(
            rows,
            [
                ("Test Autumn", 100, 25, 50),
                ("Test Nothing Came", -100, False, False),
                ("Test Spring", 200, 100, 100),
            ],
        )
        roi, per_deal, per_won = self._of(self.linear, names)
        self.assertAlmostEqual(roi, 100 * (400 - 157) / 157, 9)
        self.assertAlmostEqual(per_deal, 157 / 3, 9)
        self.assertAlmostEqual(per_won, 157 / 2, 9)
        nothing_spent = self._of(self.linear, names, ("status", "=", "open"))
        self.assertEqual(nothing_spent, (False, False, False))
        order = self._report()._read_group(
            [("model_id", "=", self.linear.id), ("company_id", "=", self.company.id)],
            ["campaign_name"],
            ["roi:avg"],
            having=[("roi:avg", ">", 0)],
            order="roi:avg desc",
        )
        self.assertEqual([name for name, _roi in order], ["Test Spring", "Test Autumn"])

    def test_coverage(self):
        touched = self._won(expected_revenue=300)
        self._won(expected_revenue=100)
        self._won(expected_revenue=100, closed=(2024, 4, 2))
        self._touch(touched, self.spring)
        self._credit(touched, self.linear)
        rows = self._sums(
            ["coverage:avg"], [("model_id", "=", self.linear.id)], ["date:month"]
        )
        self.assertEqual(rows, [(date(2024, 3, 1), 75), (date(2024, 4, 1), 0)])
        self.assertEqual(self._of(self.linear, ["coverage:avg"]), (60,))

    def test_days_from_first_touch_to_won(self):
        short = self._won(closed=(2024, 3, 11))
        long = self._won(closed=(2024, 3, 31))
        for day in (1, 5, 10):
            self._touch(short, self.spring, (2024, 3, day))
        self._touch(long, self.autumn, (2024, 3, 1))
        late = self._touch(long, self.autumn, (2024, 2, 1))
        self._credit(short | long, self.linear)
        self.env.cr.execute(
            SQL("UPDATE crm_touchpoint SET reversed_by_id = 1 WHERE id = %s", late)
        )
        self._won(expected_revenue=7)
        [(days,)] = [self._of(self.linear, ["days_first_touch_to_won:avg"])]
        # Each opportunity once, however many touches it has; none for the untouched.
        self.assertAlmostEqual(days, 20, 5)

    def test_costs_of_touches_count_in_their_month(self):
        lead = self._lead()
        self._touch(lead, self.spring, (2024, 1, 10), cost=2.5)
        self._touch(lead, self.spring, (2024, 1, 20), cost=1)
        self._touch(None, self.spring, (2024, 2, 1), cost=4)
        self._touch(lead, self.autumn, (2024, 2, 1), cost=8)
        gone = self._touch(lead, self.spring, (2024, 2, 2), cost=64)
        self.env.cr.execute(
            SQL("UPDATE crm_touchpoint SET reversed_by_id = 1 WHERE id = %s", gone)
        )
        self._cost(60, days=("2024-02-01", "2024-03-31"))
        rows = self._sums(
            ["cost:sum"],
            [("model_id", "=", self.first.id), ("line", "=", "cost")],
            ["date:month", "campaign_name"],
        )
        self.assertEqual(
            rows,
            [
                (date(2024, 1, 1), "Test Spring", 3.5),
                (date(2024, 2, 1), "Test Autumn", 8),
                (date(2024, 2, 1), "Test Spring", 33),
                (date(2024, 3, 1), "Test Spring", 31),
            ],
        )
