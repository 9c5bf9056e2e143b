from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .forecast_say_common import TODAY, SayCase

SUMS = ("closed", "commit", "best_case", "weighted", "deals")


@tagged("post_install", "-at_install")
class TestForecastCall(SayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls = cls.env["crm.forecast.call"]
        cls.commit = cls._deal(100.0, "commit")
        cls.best = cls._deal(40.0, "best_case")
        cls.overdue = cls._deal(7.0, "pipeline", date_deadline="2026-04-02")
        cls.later = cls._deal(1000.0, "commit", date_deadline="2026-06-01")
        cls.omitted = cls._deal(500.0, "omitted")
        cls.of_two = cls._deal(30.0, "commit", user_id=cls.seller_two.id)

    @classmethod
    def _deal(cls, amount, category, **values):
        values = {"date_deadline": "2026-05-20", "probability": 50.0, **values}
        values |= {"expected_revenue": amount, "name": f"{category} {amount}"}
        return cls._lead(forecast_category_override=category, **values)

    def setUp(self):
        super().setUp()
        # The roll-up asks the pipeline's days what day it is.
        here = patch.object(
            type(self.env["crm.pipeline.day"]),
            "_here",
            lambda *_: (self._day, None),
        )
        here.start()
        self.addCleanup(here.stop)
        self._day = TODAY

    def _today(self, day):
        self._day = day
        return super()._today(day)

    def _call(self, user, **values):
        values = {"period_kind": "month", "period_start": TODAY, **values}
        action = self.calls.with_user(user).action_submit(values)
        return self.calls.browse(action["res_id"])

    def _figures(self, call):
        return tuple(call[name] for name in SUMS)

    def _changes(self, call, user=None):
        changes = self.env["crm.forecast.call.change"].with_user(user or self.manager)
        return {
            change.lead_id: (change.status, change.amount_change)
            for change in changes.search([("call_id", "=", call.id)])
        }

    def test_the_figures_of_the_moment(self):
        call = self._call(self.seller, comment=" Fine ")
        self.assertEqual(call.user_id, self.seller)
        self.assertEqual(call.team_id, self.team)
        self.assertEqual(call.author_id, self.seller)
        self.assertEqual(self._figures(call), (0, 100, 140, 73.5, 4))
        self.assertEqual((call.amount, call.comment), (100.0, "Fine"))
        self.assertEqual(call.period_end, date(2026, 5, 31))
        self.assertEqual(call.day, TODAY)
        team = self._call(self.leader, user_id=False, team_id=self.team.id)
        # The leader submits what he may read himself: nothing of it is his own.
        self.assertEqual(team.deals, 0)
        team = self._call(self.manager, user_id=False, team_id=self.team.id)
        self.assertEqual(team.commit, 130.0)
        self.assertEqual(team.supersedes_id.author_id, self.leader)

    def test_they_are_those_of_the_roll_up(self):
        self.best.stage_id = self.stage_won
        self.best.date_closed = "2026-05-11 10:00:00"
        call = self._call(self.manager, user_id=self.seller.id)
        rollup = self.env["crm.forecast.rollup"].with_user(self.manager)
        [row] = [
            row
            for row in rollup.with_company(self.company)._rollup(
                self.month, self.company
            )
            if row["user_id"] == self.seller.id
        ]
        self.assertEqual(call.closed, row["closed"])
        self.assertEqual(call.closed, 40.0)
        self.assertEqual(call.commit, row["closed"] + row["commit"])
        self.assertAlmostEqual(call.weighted, float(row["closed"] + row["weighted"]))

    def test_what_is_said_counts(self):
        call = self._call(self.seller, amount=90.0, commit=80.0, best_case=200.0)
        self.assertEqual((call.amount, call.commit, call.best_case), (90, 80, 200))
        self.assertEqual((call.commit_figure, call.best_case_figure), (100, 140))
        nothing = self._call(self.seller, amount=0.0, commit=0.0)
        self.assertEqual((nothing.amount, nothing.commit), (0.0, 0.0))
        self.assertEqual(nothing.supersedes_id, call)

    def test_it_stands_as_submitted(self):
        call = self._call(self.seller)
        self.commit.expected_revenue = 1.0
        self.best.unlink()
        self.env.invalidate_all()
        self.assertEqual(call.best_case, 140.0)
        deals = self.env["crm.forecast.call.deal"].search([("call_id", "=", call.id)])
        self.assertEqual(sum(deals.mapped("amount")), 647.0)
        for record in (call, call.with_context(forecast_call=True), deals[0]):
            for user in (self.seller, self.manager):
                mine = record.with_user(user)
                for change in (
                    lambda one=mine: one.write({"amount": 1.0}),
                    lambda one=mine: one.unlink(),
                    lambda one=mine: one.create({"amount": 1.0}),
                    lambda one=mine: one.sudo().write({"amount": 1.0}),
                    lambda one=mine: one.sudo().unlink(),
                ):
                    with self.assert_refused((UserError, AccessError), ""):
                        change()

    def test_compared_with_the_call_before(self):
        first = self._call(self.seller)
        self.assertEqual(set(self._changes(first).values()), {("first", 0.0)})
        corrected = self._call(self.seller, amount=120.0)
        self.assertEqual(first.superseded_by_ids, corrected)
        self.assertFalse(corrected.previous_id)
        self._today(TODAY + timedelta(days=7))
        self.commit.expected_revenue = 110.0
        self.best.date_deadline = "2026-06-20"
        self.later.date_deadline = "2026-05-30"
        self.overdue.stage_id = self.stage_won
        self.overdue.date_closed = "2026-05-18 10:00:00"
        second = self._call(self.seller)
        self.assertEqual(second.previous_id, corrected)
        self.assertEqual(second.commit_change, 1017.0)
        self.assertEqual(second.closed_change, 7.0)
        self.assertEqual(second.amount_change, 997.0)
        for user in (self.seller, self.manager):
            self.assertEqual(
                self._changes(second, user),
                {
                    self.commit: ("changed", 10.0),
                    self.best: ("out", -40.0),
                    self.later: ("in", 1000.0),
                    self.overdue: ("won", 0.0),
                    self.omitted: ("same", 0.0),
                },
            )
        self.assertFalse(self._changes(second, self.seller_two))
        action = second.with_user(self.seller).action_open_changes()
        self.assertEqual(action["domain"], [("call_id", "=", second.id)])
        last = self._last("_last")[self.team.id, self.seller.id]
        self.assertEqual((last["call_id"], last["amount"]), (second.id, 1117.0))
        before = self._last("_before_last")[self.team.id, self.seller.id]
        self.assertEqual((before["call_id"], before["amount"]), (corrected.id, 120.0))
        self.assertEqual(before["day"], TODAY)

    def _last(self, method, user=None, company=None):
        calls = self.calls.with_user(user or self.manager)
        companies = [(company or self.company).id, self.company.id]
        calls = calls.with_context(allowed_company_ids=companies)
        return getattr(calls, method)(self.month, self.company, "revenue")

    def test_last_calls_as_far_as_one_may_read(self):
        self._call(self.seller)
        self._call(self.seller_two)
        self._call(self.seller, period_kind="quarter")
        self._call(self.seller, measure="count")
        self.assertEqual(len(self._last("_last")), 2)
        self.assertEqual(
            list(self._last("_last", self.seller)), [(self.team.id, self.seller.id)]
        )
        self.assertEqual(len(self._last("_last", self.leader)), 2)
        self.assertFalse(self._last("_before_last"))
        self.manager.company_ids |= self.company_abroad
        abroad = self._last("_last", company=self.company_abroad)
        self.assertEqual(abroad[self.team.id, self.seller.id]["amount"], 400.0)

    def test_who_speaks_for_whom(self):
        member, team = self.seller.id, self.team.id
        for user, values in (
            (self.seller, {"user_id": self.seller_two.id}),
            (self.seller, {"user_id": False, "team_id": team}),
            (self.seller, {"user_id": False, "team_id": False}),
            (self.seller, {"team_id": self.team_own.id}),
            (self.all_leads, {"user_id": member, "team_id": team}),
            (self.leader, {"user_id": self.all_leads.id}),
            (self.leader, {"user_id": self.all_leads.id, "team_id": team}),
            (self.leader, {"user_id": False, "team_id": self.team_own.id}),
            (self.leader, {"user_id": False}),
            (self.seller_abroad, {"user_id": member}),
            (self.manager, {"company_id": self.company_abroad.id}),
            (self.seller, {"company_id": self.company_abroad.id}),
        ):
            with self.assert_refused(AccessError, ""):
                self._call(user, **values)
        for user, values in (
            (self.leader, {"user_id": member}),
            (self.leader, {"user_id": False, "team_id": team}),
            (self.manager, {"user_id": member}),
            (self.manager, {"user_id": False, "team_id": False}),
        ):
            self.assertEqual(self._call(user, **values).author_id, user)

    def test_who_reads_what(self):
        mine = self._call(self.seller)
        other = self._call(self.seller_two)
        every = mine | other
        for user, readable in (
            (self.seller, mine),
            (self.seller_two, other),
            (self.leader, every),
            (self.manager, every),
            (self.all_leads, every),
            (self.seller_abroad, self.calls),
        ):
            found = self.calls.with_user(user).search([("id", "in", every.ids)])
            self.assertEqual(set(found.ids), set(readable.ids))
        # Who may not read an opportunity any more does not read it in the calls.
        self.commit.user_id = self.seller_two
        self.assertNotIn(self.commit, self._changes(mine, self.seller))
        self.assertIn(self.commit, self._changes(mine, self.manager))

    def test_wrong_input(self):
        for values in (
            {"amount": float("inf")},
            {"commit": 1e14},
            {"best_case": "many"},
            {"amount": True},
        ):
            with self.assert_refused(ValidationError, "no amount"):
                self._call(self.seller, **values)
        with self.assert_refused(UserError, "ended on"):
            self._call(self.seller, period_start="2026-04-01")
        with self.assert_refused(UserError, "no “author_id”"):
            self._call(self.seller, author_id=self.manager.id)
        with self.assert_refused(UserError, "no period"):
            self._call(self.seller, period_start="soon")

    @mute_logger("odoo.sql_db")
    def test_a_call_of_the_same_moment_is_tried_again(self):
        self._call(self.seller)
        unseen = patch.object(
            type(self.calls),
            "_calls_before",
            lambda *_: {"supersedes_id": False, "previous_id": False},
        )
        with unseen, self.assertRaises(ConcurrencyError):
            self._call(self.seller)

    def test_without_a_rate(self):
        lonely = self.env["res.currency"].create({"name": "TNO", "symbol": "T"})
        self.company_abroad.currency_id = lonely
        self.manager.company_ids |= self.company_abroad
        self._lead(
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
            date_deadline="2026-05-20",
        )
        call = self._call(self.seller_abroad, company_id=self.company_abroad.id)
        self.assertEqual((call.deals, call.currency_id), (1, lonely))

    def test_server_action(self):
        action = self.env.ref("sales_opportunity_plus.crm_forecast_call_action_submit")
        before = self.calls.search([])
        action.with_user(self.manager).run()
        self.assertEqual((self.calls.search([]) - before).user_id, self.manager)
