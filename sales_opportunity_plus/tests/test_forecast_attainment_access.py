"""Who reads how targets stand; several companies and currencies; the deals behind."""

from odoo.exceptions import AccessError

from .common import ALL_LEADS
from .test_forecast_attainment import AttainmentCase


class TestAttainmentAccess(AttainmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls._user("test_both", "sales_team.group_sale_manager", cls.company)
        cls.both.company_ids += cls.company_abroad

    def _seen(self, targets, user):
        return set(self._report(user).search([("id", "in", targets.ids)]).ids)

    def _abroad(self, amount=8000, **values):
        return self.targets.sudo().create(
            {
                "company_id": self.company_abroad.id,
                "period_kind": "month",
                "period_start": "2026-05-01",
                "amount": amount,
                **values,
            }
        )

    def test_a_salesperson_reads_his_own_and_a_leader_his_teams(self):
        mine = self.of_seller()
        two = self.of_team(user_id=self.seller_two.id)
        team, company = self.of_team(), self.target()
        other = self.target(team_id=self.team_own.id)
        everything = mine | two | team | company | other
        self.assertEqual(self._seen(everything, self.seller), {mine.id})
        led = {mine.id, two.id, team.id}
        self.assertEqual(self._seen(everything, self.leader), led)
        for user in (self.all_leads, self.manager):
            self.assertEqual(self._seen(everything, user), set(everything.ids))
        with self.assertRaises(AccessError):
            self._line(team, self.seller).read(["attained"])
        self.assertFalse(self._line(two, self.seller).exists())

    def test_nobody_else_reads_or_writes_it(self):
        target = self.of_seller()
        stranger = self._user("test_stranger", "base.group_user", self.company)
        with self.assertRaises(AccessError):
            self._line(target, stranger).read(["attained"])
        with self.assertRaises(AccessError):
            self._report(stranger).action_open_attainment()
        with self.assertRaises(AccessError):
            self._line(target, self.manager).write({"period_kind": "year"})

    def _home(self):
        return {
            "company_id": self.company.id,
            "company_ids": [(6, 0, self.company.ids)],
        }

    def test_figures_are_of_what_the_reader_may_read(self):
        team, mine = self.of_team(), self.of_seller()
        self._won(100)
        self._won(30, user_id=self.leader.id)
        line = self._line(team, self.leader)
        self.assertEqual((line.attained, line.is_partial), (30, True))
        line = self._line(mine, self.seller)
        self.assertEqual((line.attained, line.is_partial), (100, False))
        line = self._line(team, self.all_leads)
        self.assertEqual((line.attained, line.is_partial), (130, False))

    def test_the_record_rules_of_others_hold_too(self):
        target = self.of_seller()
        self._won(100)
        self._won(7, name="Secret")
        self.env["ir.rule"].create(
            {
                "name": "No secrets",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": "[('name', '!=', 'Secret')]",
            }
        )
        self.assertEqual(self._line(target).attained, 100)

    def test_companies_that_are_switched_off_are_not_there(self):
        here, abroad = self.target(), self._abroad()
        report = self._report(self.both)
        ids = (here | abroad).ids
        self.assertEqual(report.search([("id", "in", ids)]).ids, here.ids)
        report = self._report(self.both, self.company, self.company_abroad)
        self.assertEqual(set(report.search([("id", "in", ids)]).ids), set(ids))

    def test_amounts_are_in_the_currency_of_the_current_company(self):
        here, abroad = self.target(amount=1000), self._abroad(8000)
        self._won(100)
        self._won(
            400,
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
        )
        companies = (self.company, self.company_abroad)
        line = self._line(abroad, self.both, *companies)
        self.assertEqual((line.target_amount, line.attained), (2000, 100))
        self.assertEqual(line.currency_id, self.euro)
        report = self._report(self.both, *companies)
        [cell] = report._read_group(
            [("id", "in", (here | abroad).ids)],
            [],
            ["target_amount:sum", "attained:sum", "attainment:avg"],
        )
        self.assertEqual(cell, (3000, 200, 100 * 200 / 3000))
        line = self._line(here, self.both, *reversed(companies))
        self.assertEqual((line.target_amount, line.attained), (4000, 400))

    def test_the_rates_of_the_budget_count_where_the_company_has_them(self):
        abroad = self._abroad(8000)
        self.company.forecast_rate_policy = "budget"
        self.env["crm.forecast.rate"].create(
            {
                "company_id": self.company.id,
                "currency_id": self.crown.id,
                "rate": 0.5,
                "valid_from": "2026-01-01",
            }
        )
        line = self._line(abroad, self.both, self.company, self.company_abroad)
        self.assertEqual(line.target_amount, 4000)

    def test_an_amount_without_a_rate_is_left_empty_and_told(self):
        dollar = self.env["res.currency"].create({"name": "TNR", "symbol": "x"})
        self.company_abroad.currency_id = dollar
        abroad, count = self._abroad(8000), self._abroad(3, measure="count")
        companies = (self.company, self.company_abroad)
        line = self._line(abroad, self.both, *companies)
        self.assertTrue(line.is_rate_missing)
        self.assertEqual((line.target_amount, line.attained, line.gap), (0, 0, 0))
        self.assertEqual(self._line(count, self.both, *companies).target_amount, 3)
        action = self._report(self.both, *companies).action_open_attainment()
        self.assertEqual(action["tag"], "display_notification")

    def test_the_buttons_open_the_opportunities_behind_the_numbers(self):
        month, new = self.of_team(), self.of_team(measure="new_business")
        won = self._won(100)
        self._won(5, closed="2026-04-29 10:00:00")
        overdue = self._open(30, deadline="2026-05-01")
        self._open(9, forecast_category_override="omitted")
        self._open(9, team_id=self.team_own.id)
        customer = self.env["res.partner"].create({"name": "Old Customer"})
        old = self._won(2, closed="2025-01-10 12:00:00", partner_id=customer.id)
        again = self._won(3, partner_id=old.partner_id.id)
        expected = {month: won | again, new: won}
        for target, leads in expected.items():
            line = self._line(target, self.all_leads)
            self.assertEqual(self._found(line.action_won_deals()), leads)
            self.assertEqual(line.attained, sum(leads.mapped("expected_revenue")))
            self.assertEqual(self._found(line.action_open_deals()), overdue)
            self.assertEqual(line.open_amount, 30)

    def _found(self, action):
        leads = self.env["crm.lead"].with_context(active_test=False)
        return leads.search(action["domain"]).sudo()

    def test_many_lines_take_as_many_queries_as_one(self):
        for number in range(5):
            self.target(day=f"2026-0{number + 1}-01")
        reader = self._report(self._user("test_reader", ALL_LEADS, self.company))
        reader.search_fetch([], ["attained"], limit=1)
        self.env.invalidate_all()
        with self.assertQueryCount(14):
            lines = reader.search_fetch([], ["attained", "gap", "pipeline_needed"])
            self.assertGreaterEqual(len(lines), 5)
