"""What the demo company's people said of its forecast, as the product keeps it."""

from collections import Counter
from datetime import datetime, time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .demo_common import DAY, DemoCase


@tagged("post_install", "-at_install")
class TestDemoForecast(DemoCase):
    size = 120

    def _mine(self, model):
        """Records of the demo company, also archived ones."""
        records = self.env[model].with_context(active_test=False)
        return records.search([("company_id", "in", self.companies.ids)])

    def _as(self, key, model):
        user = self._ref(key)
        context = {"allowed_company_ids": user.company_ids.ids, "active_test": False}
        return self.env[model].with_user(user).with_context(**context)

    def test_targets_are_those_of_the_generator(self):
        targets = self._mine("crm.forecast.target")
        self.assertEqual(len(targets), len(self.firm.targets))
        self.assertEqual(
            Counter(targets.mapped("level")),
            Counter(
                "person" if one.person else "team" if one.team else "company"
                for one in self.firm.targets
            ),
        )
        [raised] = targets.filtered(lambda one: len(one.version_ids) > 1)
        [expected] = [one for one in self.firm.targets if one.before]
        self.assertEqual(raised.amount, expected.amount)
        self.assertEqual(raised.version_ids[-1].amount, expected.before)

    def test_a_seller_reads_his_own_attainment_and_the_manager_all(self):
        seller = self._as("user_seller", "crm.forecast.target.report").search([])
        self.assertEqual(seller.user_id, self._ref("user_seller"))
        manager = self._as("user_manager", "crm.forecast.target.report").search([])
        mine = self._mine("crm.forecast.target").ids
        self.assertLessEqual(set(mine), set(manager.ids))

    def test_attained_is_what_the_generator_closed(self):
        year = [("period_kind", "=", "year"), ("level", "=", "team")]
        report = self._as("user_manager", "crm.forecast.target.report")
        lines = report.search([*year, ("company_id", "=", self._ref("company_de").id)])
        self.assertEqual(len(lines), 2)
        keys = {self._ref(team.key): team.key for team in self.firm.teams}
        for line in lines:
            won = sum(
                deal.amount
                for deal in self.firm.deals
                if deal.team == keys[line.team_id]
                and deal.status == "won"
                and deal.closed.year == line.period_start.year
            )
            self.assertEqual(line.attained, won)

    def test_calls_stand_as_they_were_submitted(self):
        calls = self._mine("crm.forecast.call")
        self.assertEqual(len(calls), len(self.firm.calls))
        self.assertLessEqual(max(calls.mapped("day")), DAY)
        changes = self._as("user_manager", "crm.forecast.call.change")
        deals = changes.search([("call_id", "in", calls.ids), ("status", "!=", "out")])
        expected = sum(len(call.deals) for call in self.firm.calls)
        self.assertEqual(len(deals), expected)
        self.assertTrue(calls.previous_id)
        with self.assertRaises(UserError):
            calls[0].write({"comment": "Another one"})
        mine = self._as("user_seller", "crm.forecast.call").search([])
        self.assertEqual(mine.user_id, self._ref("user_seller"))

    def test_adjustments_keep_who_said_what_and_those_that_ended_are_measured(self):
        said = self._mine("crm.forecast.adjustment")
        self.assertEqual(len(said), len(self.firm.adjustments))
        self.assertLess(max(said.mapped("date")), datetime.combine(DAY, time()))
        states = Counter(said.mapped("state"))
        self.assertEqual((states["undone"], states["superseded"]), (1, 1))
        ended = said.filtered(lambda one: (DAY - one.period_end).days > 7)
        self.assertTrue(ended)
        self.assertTrue(all(one.is_measured and one.verdict for one in ended))
        self.assertFalse(any((said - ended).mapped("is_measured")))

    def test_slips_are_tracked_on_their_day(self):
        self.env["crm.pipeline.history"]._backfill()
        report = self._as("user_manager", "crm.pipeline.slip.report")
        lines = report.search([("lead_id", "in", self.leads.ids)])
        found = {(line.lead_id.id, line.date_before, line.date_after) for line in lines}
        self.assertTrue(found)
        told = {
            (self._ref(deal.key).id, slip.before, slip.after)
            for deal in self.firm.deals
            for slip in deal.slips
        }
        self.assertLessEqual(found, told)
        self.assertGreater(len(found), 0.9 * len(told))
        self.assertTrue(all(line.days > 0 for line in lines))

    def test_the_rates_of_the_budget_are_there_and_do_not_count_yet(self):
        rates = self._mine("crm.forecast.rate")
        self.assertEqual(len(rates), len(self.firm.budget_rates))
        self.assertEqual(set(self.companies.mapped("forecast_rate_policy")), {"day"})
