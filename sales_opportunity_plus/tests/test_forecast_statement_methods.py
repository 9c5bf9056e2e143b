"""Statements by every method: sources, calls, adjustments; ranges; nothing forecast."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .pipeline_common import PipelineCase

TUESDAY = datetime(2024, 4, 2, 1)
MAY = date(2024, 5, 1)


@tagged("post_install", "-at_install")
class TestForecastStatementMethods(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statement = cls.env["crm.forecast.statement"]
        cls.env.cr.execute("DELETE FROM crm_forecast_statement")
        cls.startClassPatcher(
            patch.object(fields.Date, "context_today", lambda *_: TUESDAY.date())
        )

    def _take_week(self, moment=TUESDAY):
        with self._at(moment):
            return self.statement._take_week(self.both_companies)

    def _rows(self, method, user=None, team=None, **where):
        """Of May, unless other columns are named."""
        where = {
            "company_id": self.company.id,
            "team_id": self.team.id if team is None else team,
            "user_id": user.id if user else 0,
            "period_kind": "month",
            "period_start": MAY,
            "measure": "revenue",
            "method": method,
            **where,
        }
        conditions = SQL(" AND ").join(
            SQL("%s = %s", SQL.identifier(name), value) for name, value in where.items()
        )
        return self.env.execute_query_dict(
            SQL(
                "SELECT * FROM crm_forecast_statement WHERE %s ORDER BY day", conditions
            )
        )

    def _amount(self, method, *args, **where):
        rows = self._rows(method, *args, **where)
        return float(rows[0]["amount"]) if rows else None

    def _deal(self, amount=100, **values):
        return self._lead(expected_revenue=amount, date_deadline="2024-05-20", **values)

    def test_each_source_alone_in_one_pass(self):
        self.stage_talk.forecast_probability = 50
        self._deal(probability=20, stage_id=self.stage_talk.id)
        deal = self._deal(probability=20)
        deal.forecast_history_probability = 80
        self._take_week()
        # What a source does not know, Odoo's probability says.
        self.assertEqual(self._amount("odoo"), 40)
        self.assertEqual(self._amount("stage"), 50 + 20)
        self.assertEqual(self._amount("history"), 20 + 80)
        self.assertEqual(self._amount("weighted"), 50 + 80)

    def test_a_source_that_says_nothing_is_left_out(self):
        self._deal()
        self._take_week()
        self.assertFalse(self._rows("stage") or self._rows("history"))
        self.assertEqual(self._amount("odoo"), self._amount("weighted"))

    def test_as_many_questions_for_sources_as_without(self):
        rollup = self.env["crm.forecast.rollup"].with_company(self.company)
        period = self.company._forecast_period("month", MAY)
        counts = []
        for has_sources in (False, True, False, True):
            self._deal()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            rollup._rollup(period, self.company, has_sources=has_sources)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[2], counts[3])

    def test_every_method_names_everybody(self):
        self._deal()
        deal = self._lead(expected_revenue=60, user_id=self.seller_two.id)
        deal.action_set_won()
        # Lately: the run rate names him, the opportunities do not.
        deal.date_closed = datetime(2024, 3, 20, 12)
        self._take_week()
        self.assertEqual(self._amount("weighted", self.seller_two), 0)
        self.assertGreater(self._amount("naive_run_rate", self.seller_two), 0)
        self.assertEqual(self._amount("naive_run_rate", self.seller), 0)

    def test_a_range_and_what_luck_explains(self):
        self.stage_new.forecast_probability = 50
        for _number in range(30):
            self._deal()
        self._take_week()
        [row] = self._rows("weighted", self.seller)
        self.assertAlmostEqual(row["variance"], 30 * 0.25 * 100**2)
        self.assertLess(row["p10"], row["p50"])
        self.assertLess(row["p50"], row["p90"])
        self.assertTrue(row["p10"] < row["amount"] < row["p90"])
        self.assertFalse(self._rows("commit", self.seller)[0]["p10"])
        # Nothing is uncertain where nothing is expected.
        [row] = self._rows("weighted", period_start=date(2024, 4, 1))
        self.assertEqual((row["amount"], row["p10"]), (0, None))

    def test_what_was_closed_then(self):
        lead = self._deal(300, date_closed=datetime(2024, 4, 1, 12))
        lead.action_set_won()
        lead.date_closed = datetime(2024, 4, 1, 12)
        self._take_week()
        for method in ("weighted", "commit", "naive_run_rate"):
            [row] = self._rows(method, period_start=date(2024, 4, 1))
            self.assertEqual(row["closed"], 300)

    def test_other_measures(self):
        self.stage_new.forecast_probability = 50
        self._deal()
        self._deal(recurring_revenue_monthly=0)
        self._take_week()
        self.assertEqual(self._amount("weighted", measure="count"), 1)
        self.assertIsNone(self._amount("weighted", measure="mrr"))

    def test_two_companies_in_their_currencies(self):
        self.stage_new.forecast_probability = 50
        self._deal()
        abroad = {"company_id": self.company_abroad.id, "user": self.seller_abroad}
        self._deal(
            400,
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
        )
        self._take_week()
        for team in (self.team_abroad.id, 0):
            user = abroad["user"] if team else None
            [row] = self._rows(
                "weighted", user, team, company_id=self.company_abroad.id
            )
            self.assertEqual(row["amount"], 200)
            self.assertEqual(row["currency_id"], self.crown.id)
        self.assertEqual(self._amount("weighted", team=0), 50)

    def test_adjusted_where_somebody_adjusted(self):
        self.stage_new.forecast_probability = 50
        self._deal()
        self._deal(user_id=self.seller_two.id)
        with self._at(TUESDAY):
            self.env["crm.forecast.adjustment"].with_user(self.manager).create(
                {
                    "company_id": self.company.id,
                    "team_id": self.team.id,
                    "user_id": self.seller.id,
                    "period_kind": "month",
                    "period_start": MAY,
                    "forecast_category": "pipeline",
                    "amount": -30,
                    "reason_kind": "other",
                    "reason": "I know",
                }
            )
        self._take_week()
        self.assertEqual(self._amount("adjusted", self.seller), 20)
        self.assertEqual(self._amount("adjusted", self.seller_two), 50)
        self.assertEqual(self._amount("adjusted"), 70)
        self.assertEqual(self._amount("adjusted", team=0), 70)
        quarter = {"period_kind": "quarter", "period_start": date(2024, 4, 1)}
        self.assertIsNone(self._amount("adjusted", **quarter))

    def test_the_last_call_of_who_called(self):
        self._deal()
        calls = self.env["crm.forecast.call"].with_user(self.seller)
        for amount in (500, 700):
            with self._at(TUESDAY):
                calls.action_submit(
                    {"period_kind": "month", "period_start": MAY, "amount": amount}
                )
        self._take_week()
        self.assertEqual(self._amount("call", self.seller), 700)
        self.assertIsNone(self._amount("call"))

    def _won_unforeseen(self):
        """By somebody of whom nothing was forecast in the week before."""
        lead = self._lead(expected_revenue=500, user_id=self.seller_two.id)
        lead.action_set_won()
        lead.date_closed = datetime(2024, 5, 6, 12)
        self._take(datetime(2024, 5, 7, 12))
        return lead

    def test_nothing_forecast_is_a_forecast_of_nothing(self):
        self._deal()
        self._take_week()
        self.assertFalse(self._rows("weighted", self.seller_two))
        self._won_unforeseen()
        self._take_week(datetime(2024, 5, 7, 13))
        first, *_later = self._rows("weighted", self.seller_two)
        self.assertEqual((first["day"], first["amount"]), (TUESDAY.date(), 0))
        self.assertFalse(first["is_reconstructed"])
        self.assertFalse(self._rows("call", self.seller_two))
        # A company of which nothing was forecast had a forecast of 0, too.
        abroad = {"team": 0, "company_id": self.company_abroad.id}
        self.assertEqual(self._amount("weighted", **abroad), 0)

    def test_rebuilt_of_who_won_unforeseen(self):
        self._deal()
        self._take(datetime(2024, 4, 29, 12))
        self._won_unforeseen()
        with self._at(datetime(2024, 5, 10, 12)):
            self.statement._backfill(weeks=1)
        first, *_later = self._rows("weighted", self.seller_two)
        self.assertEqual(first["day"], date(2024, 4, 29))
        self.assertEqual((first["amount"], first["is_reconstructed"]), (0, True))
        [whole] = self._rows("weighted", team=0, day=date(2024, 4, 29))
        self.assertTrue(whole["variance"] and whole["p90"])

    def test_a_year_before_where_there_was_one(self):
        lead = self._deal(90)
        lead.action_set_won()
        lead.date_closed = datetime(2023, 4, 6, 12)
        self._take(TUESDAY - timedelta(days=8))
        self._take_week()
        april = {"period_start": date(2024, 4, 1)}
        self.assertEqual(self._amount("naive_last", self.seller, **april), 90)
        self.assertIsNone(self._amount("naive_last", self.seller))
        with self._at(TUESDAY):
            self.statement._backfill(weeks=1)
        april["is_reconstructed"] = True
        rebuilt = self._rows("naive_last", self.seller, **april)
        self.assertEqual([float(row["amount"]) for row in rebuilt], [90])
