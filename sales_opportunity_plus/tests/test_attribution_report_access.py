"""The attribution report: companies, currencies, and what each person sees."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.first_company import first_company
from .attribution_report_common import AttributionReportCase

COST_FIELDS = ("cost", "roi", "cost_per_opportunity", "cost_per_won", "cost_id")


@tagged("post_install", "-at_install")
class TestAttributionReportAccess(AttributionReportCase):
    def _credited(self, *leads, currency=None, **values):
        lead = self._won(**values)
        self._touch(lead, self.spring)
        self._credit(lead, self.linear, currency=currency)
        return lead

    def test_seller_sees_own_opportunities_and_no_cost(self):
        own = self._credited(expected_revenue=10)
        self._credited(expected_revenue=100, user_id=self.seller_two.id)
        free = self._credited(expected_revenue=1000, user_id=False)
        self._cost(5)
        report = self._report(self.seller)
        lines = report.search(
            [
                ("model_id", "=", self.linear.id),
                ("company_id", "=", self.company.id),
            ]
        )
        self.assertEqual(lines.lead_id, own | free)
        self.assertEqual(set(lines.mapped("line")), {"credit"})
        self.assertEqual(self._of(self.linear, ["won:sum"], user=self.seller), (1010,))
        self.assertFalse(set(COST_FIELDS) & set(report.fields_get()))
        for name in ("cost:sum", "roi:avg", "cost_per_won:avg", "roi:sum"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._of(self.linear, [name], user=self.seller)
        with self.assertRaises(AccessError):
            self._sums(["won:sum"], [("cost", ">", 0)], user=self.seller)
        with self.assertRaises(AccessError):
            report._read_group([], ["campaign_name"], ["won:sum"], order="roi:avg")
        with self.assertRaises(AccessError):
            lines[0].read(["cost"])

    def test_whoever_has_no_crm_sees_nothing(self):
        user = self._user("test_employee", "base.group_user", self.company)
        for name in (
            "crm.attribution.report",
            "crm.source.funnel.report",
            "crm.attribution.disagreement.report",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                self._report(user, name=name).search([])

    def test_manager_sees_costs(self):
        self._credited(expected_revenue=10)
        self._cost(5)
        found = self._of(self.linear, ["won:sum", "cost:sum", "roi:avg"])
        self.assertEqual(found, (10, 5, 100))

    def test_rule_of_the_customer_holds(self):
        self._credited(expected_revenue=10)
        hidden = self._credited(expected_revenue=100)
        self.env["ir.rule"].create(
            {
                "name": "Test: one opportunity is hidden",
                "model_id": self.env.ref("crm.model_crm_lead").id,
                "domain_force": [("id", "!=", hidden.id)],
                "groups": [Command.clear()],
            }
        )
        self.assertEqual(self._of(self.linear, ["won:sum"]), (10,))

    def test_companies(self):
        self._credited(expected_revenue=100)
        self._credited(**self._abroad(expected_revenue=400), currency=self.crown)
        self._cost(10)
        self._cost(80, company_id=self.company_abroad.id, currency_id=self.crown.id)
        # Another currency than that of the company that pays.
        self._cost(8, currency_id=self.crown.id)
        names = ["won:sum", "cost:sum", "roi:avg"]
        both = self.company | self.company_abroad
        self.assertEqual(self._of(self.linear, names)[:2], (100, 12))
        report = {"user": self.both, "companies": both}
        won, cost, roi = self._of(self.linear, names, **report)
        # Four crowns to the euro.
        self.assertAlmostEqual(won, 200, 6)
        self.assertAlmostEqual(cost, 32, 6)
        self.assertAlmostEqual(roi, 100 * (200 - 32) / 32, 6)
        report["companies"] = self.company_abroad | self.company
        won, cost, _roi = self._of(self.linear, names, **report)
        self.assertAlmostEqual(won, 800, 6)
        self.assertAlmostEqual(cost, 128, 6)
        self.assertEqual(self._report(**report).search([]).currency_id, self.crown)

    def _touch_costs(self, company):
        """What touches cost, in the report of one company and on the campaign."""
        login = f"test_of_{company.id}"
        user = self.env["res.users"].search([("login", "=", login)]) or self._user(
            login, "sales_team.group_sale_manager", company
        )
        report = self._report(user, company)
        domain = [("campaign_id", "=", self.spring.id), ("line", "=", "cost")]
        [(cost,)] = report._read_group(
            [*domain, ("is_default_model", "=", True)], [], ["cost:sum"]
        )
        owners = report.search([*domain, ("model_id", "=", self.linear.id)]).company_id
        self.assertLessEqual(owners, company, "never without a company")
        returned = self.spring.with_user(user).with_context(
            allowed_company_ids=company.ids
        )
        self.assertEqual(returned.source_cost, cost or 0)
        return cost or 0

    def test_a_touch_costs_the_company_of_its_opportunity(self):
        first = first_company(self.env)
        first.currency_id = self.euro
        north, south = self.company, self.company_abroad
        none = {"company_id": None, "currency_id": self.euro.id}
        by_team = self._lead(user_id=False)
        by_seller = self._lead(team_id=False)
        nobodys = self._lead(team_id=False, user_id=False)
        # Odoo keeps opportunities from losing their company, but some have none.
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET company_id = NULL WHERE id = ANY(%s)",
                (by_team | by_seller | nobodys).ids,
            )
        )
        self._touch(self._lead(), self.spring, cost=1, **none)
        self._touch(by_team, self.spring, cost=2, **none)
        self._touch(by_seller, self.spring, cost=4, **none)
        self._touch(nobodys, self.spring, cost=8, **none)
        self._touch(None, self.spring, cost=16, **none)
        # Recorded when the opportunity was the other company's; its currency goes by
        # the company that it has now.
        self._touch(
            self._lead(**self._abroad()), self.spring, cost=32, company_id=north.id
        )
        # Without an opportunity, the company that reported it.
        self._touch(None, self.spring, cost=64, company_id=south.id)
        for company, cost in ((north, 7), (south, 96), (first, 24)):
            with self.subTest(company=company.name):
                self.assertEqual(self._touch_costs(company), cost)

    def test_missing_rate_is_not_one(self):
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.crown.id)]
        ).unlink()
        self._credited(expected_revenue=100)
        abroad = self._credited(
            **self._abroad(expected_revenue=400), currency=self.crown
        )
        self._cost(8, currency_id=self.crown.id)
        report = {"user": self.both, "companies": self.company | self.company_abroad}
        found = self._of(self.linear, ["won:sum", "cost:sum"], **report)
        self.assertEqual(found[0], 100)
        self.assertFalse(found[1])
        lines = self._report(**report).search(
            [
                ("is_rate_missing", "=", True),
                ("model_id", "=", self.linear.id),
                ("company_id", "in", (self.company | self.company_abroad).ids),
            ]
        )
        self.assertEqual(lines.lead_id, abroad)
        self.assertEqual(len(lines), 2)

    def test_reports_say_what_they_leave_out(self):
        self._credited(**self._abroad(expected_revenue=400), currency=self.crown)
        own = {"user": self.both, "companies": self.company | self.company_abroad}
        openings = (
            ("crm.attribution.report", "action_open_attribution"),
            ("crm.attribution.report", "action_open_return"),
            ("crm.attribution.report", "action_open_coverage"),
            ("crm.attribution.disagreement.report", "action_open_disagreement"),
        )
        campaign = self.spring.with_user(self.both).with_context(
            allowed_company_ids=own["companies"].ids
        )
        for name, method in openings:
            with self.subTest(method, rate=True):
                action = getattr(self._report(**own, name=name), method)()
                self.assertEqual(action["res_model"], name)
        self.assertFalse(campaign.source_is_rate_missing)
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.crown.id)]
        ).unlink()
        for name, method in openings:
            with self.subTest(method, rate=False):
                action = getattr(self._report(**own, name=name), method)()
                self.assertIn("1 lines are not in", action["params"]["message"])
                self.assertEqual(action["params"]["next"]["res_model"], name)
        self.assertTrue(campaign.source_is_rate_missing)
        # Who sees nothing of it is told nothing.
        report = self._report(self.seller)
        self.assertEqual(report.action_open_return()["res_model"], report._name)

    def test_currency_of_a_cost_only(self):
        yen = self._currency("TYE", 100.0)
        self._cost(500, currency_id=yen.id)
        self.assertEqual(self._of(self.linear, ["cost:sum"]), (5,))
        self.env["res.currency.rate"].search([("currency_id", "=", yen.id)]).unlink()
        self.assertFalse(self._of(self.linear, ["cost:sum"])[0])

    def test_name_of_a_deleted_campaign_stays(self):
        self._credited(expected_revenue=100)
        self.spring.unlink()
        [(name, campaign, won)] = self._sums(
            ["won:sum"],
            [("model_id", "=", self.linear.id)],
            ["campaign_name", "campaign_id"],
        )
        self.assertEqual((name, won), ("Test Spring", 100))
        self.assertFalse(campaign)

    def test_lines_open_what_they_are_about(self):
        lead = self._credited(expected_revenue=100)
        cost = self._cost(5)
        domain = [
            ("model_id", "=", self.linear.id),
            ("company_id", "=", self.company.id),
        ]
        report = self._report()
        for line, record in (("credit", lead), ("cost", cost)):
            found = report.search([*domain, ("line", "=", line)], limit=1)
            action = found.action_open_lead()
            self.assertEqual(
                (action["res_model"], action["res_id"]), (record._name, record.id)
            )
        self._touch(None, self.spring, cost=1)
        found = self._report().search([*domain, ("line", "=", "cost")])
        touches = found.filtered(lambda line: not line.cost_id)
        self.assertEqual(
            touches.action_open_lead()["type"], "ir.actions.act_window_close"
        )
        # An id names the same line in the next request.
        ids = found.ids
        self.assertEqual(self._report().browse(ids).exists().ids, ids)
