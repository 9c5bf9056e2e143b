"""What became of the opportunities of each category."""

from datetime import date, datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .pipeline_common import PipelineCase

#: A Monday on which a month begins.
BEGIN = datetime(2024, 4, 1, 1)


@tagged("post_install", "-at_install")
class TestForecastCategoryReport(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("DELETE FROM crm_forecast_statement")
        cls.startClassPatcher(
            patch.object(fields.Date, "context_today", lambda *_: date(2024, 7, 2))
        )

    def _month(self):
        """Five deals as April begins, and what becomes of them."""
        values = {"date_deadline": "2024-04-20", "forecast_category_override": "commit"}
        deals = self._leads(4, **values)
        lost, later, won, _open = deals
        other = self._lead(
            date_deadline="2024-04-20", user_id=self.seller_two.id, expected_revenue=500
        )
        abroad = self._lead(
            date_deadline="2024-03-20",
            expected_revenue=400,
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
        )
        # What is expected later does not count.
        self._lead(date_deadline="2024-05-20", user_id=self.seller_two.id)
        self._take(BEGIN)
        with self._at(BEGIN):
            self.env["crm.forecast.statement"]._take_week(self.both_companies)
        (won | later | abroad).action_set_won()
        (won | abroad).date_closed = datetime(2024, 4, 15, 12)
        later.date_closed = datetime(2024, 5, 15, 12)
        lost.action_set_lost()
        self._take(datetime(2024, 7, 1, 12))
        return deals | other

    def _groups(self, user, by="forecast_category", **context):
        report = self.env["crm.forecast.category.report"].with_user(user)
        report = report.with_context(
            allowed_company_ids=user.company_ids.ids, **context
        )
        ids = (self.company | self.company_abroad).ids
        domain = [("period_kind", "=", "month"), ("company_id", "in", ids)]
        aggregates = ["number:sum", "count_share:avg", "won_share:avg", "amount:sum"]
        return {
            key: tuple(rest)
            for key, *rest in report._read_group(domain, [by], aggregates)
        }

    def test_shares_by_category(self):
        self._month()
        found = self._groups(self.manager)
        self.assertEqual(list(found), ["pipeline", "commit"])
        self.assertEqual(found["commit"], (4, 25, 25, 4000))
        self.assertEqual(found["pipeline"], (1, 0, 0, 500))

    def test_outcomes(self):
        self._month()
        found = self._groups(self.manager, "outcome")
        counts = {outcome: number for outcome, (number, *_rest) in found.items()}
        self.assertEqual(counts, {"won": 1, "later": 1, "open": 2, "lost": 1})

    def test_who_sees_what(self):
        self._month()
        self.assertEqual(set(self._groups(self.seller)), {"commit"})
        self.assertEqual(set(self._groups(self.seller_two)), {"pipeline"})
        self.assertEqual(self._groups(self.seller_abroad)["pipeline"][:2], (1, 100))
        stranger = self._user("test_stranger", "base.group_user", self.company)
        with self.assertRaises(AccessError):
            self._groups(stranger)

    def test_currencies_and_kinds_of_period(self):
        self._month()
        self.manager.company_ids += self.company_abroad
        self.assertEqual(self._groups(self.manager)["pipeline"], (2, 50, 100 / 6, 600))
        report = self.env["crm.forecast.category.report"].with_user(self.manager)
        domain = [("company_id", "=", self.company.id)]
        kinds = report._read_group(domain, ["period_kind"], ["number:sum"])
        self.assertEqual(kinds, [("month", 5), ("quarter", 6)])
        self.assertFalse(report._read_group(domain, [], ["number:sum"])[0][0])

    def test_a_line_opens_its_opportunity(self):
        deals = self._month()
        report = self.env["crm.forecast.category.report"].with_user(self.manager)
        line = report.search([("lead_id", "=", deals[0].id)], limit=1)
        self.assertEqual(line.action_open_lead()["res_id"], deals[0].id)
