"""The waterfall between two forecast calls, and since the last one."""

from datetime import date, datetime

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..engine import waterfall as engine
from .test_waterfall import AFTER, BEFORE, WaterfallCase

MODEL = "crm.pipeline.waterfall"


@tagged("post_install", "-at_install")
class TestWaterfallCalls(WaterfallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls = cls.env["crm.forecast.call"]
        cls.lead = cls._lead(expected_revenue=150, date_deadline="2024-04-20")

    def setUp(self):
        super().setUp()
        self._changed(self.seller, 100, 150)
        self._changed(self.seller_two, 1000, 3000)
        self.first = self._call(datetime(2024, 4, 1, 10))
        self.last = self._call(datetime(2024, 4, 8, 10))

    def _changed(self, user, before, after):
        """An opportunity whose amount changed on the third of April."""
        changed = date(2024, 4, 3)
        lead = self._lead(user_id=user.id)
        for amount, start, end in (
            (before, date(2024, 3, 1), changed),
            (after, changed, None),
        ):
            deal = engine.Deal(
                "open",
                amount,
                self.euro.id,
                company=self.company.id,
                team=self.team.id,
                person=user.id,
                deadline=date(2024, 4, 20),
            )
            self._insert(lead, deal, start, end)

    def _call(self, moment, user=None, **values):
        values = {"period_kind": "month", "period_start": "2024-04-01", **values}
        with self._at(moment):
            self.env.flush_all()
            calls = self.calls.with_user(user or self.seller)
            return self.calls.browse(calls.action_submit(values)["res_id"])

    def _opened(self, action):
        self.assertEqual(action["res_model"], MODEL)
        return self.env[MODEL].browse(action["res_id"])

    def _show(self, calls, user=None):
        calls = calls.with_user(user or self.seller)
        return self._opened(calls.action_open_waterfall())

    def test_between_a_call_and_the_one_before(self):
        action = self.last.with_user(self.seller).action_open_waterfall_before()
        shown = self._opened(action)
        self.assertEqual((shown.date_from, shown.date_to), (BEFORE, AFTER))
        self.assertEqual((shown.user_ids, shown.team_ids), (self.seller, self.team))
        self.assertEqual(shown.company_ids, self.company)
        self.assertFalse(shown.period_from)
        self.assertEqual(shown.period_to, date(2024, 4, 30))
        bars = self._bars(shown)
        self.assertEqual(bars, {"opening": 100, "amount_up": 50, "closing": 150})

    def test_two_selected_calls_in_any_order(self):
        for calls in (self.first + self.last, self.last + self.first):
            shown = self._show(calls)
            self.assertEqual((shown.date_from, shown.date_to), (BEFORE, AFTER))

    def test_since_a_call(self):
        with self._at(datetime(2024, 4, 2, 9)):
            shown = self._show(self.first)
            bars = self._bars(shown)
        self.assertEqual((shown.date_from, shown.date_to), (BEFORE, date(2024, 4, 2)))
        self.assertEqual(bars, {"opening": 100, "closing": 100})

    def test_the_day_is_the_one_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Honolulu"
        late = self._call(datetime(2024, 4, 4, 9, 30), user=self.manager)
        self.assertEqual(late.day, date(2024, 4, 3))
        with self._at(datetime(2024, 4, 6, 9, 30)):
            shown = self._show(late, self.manager)
        self.assertEqual(shown.date_from, date(2024, 4, 3))
        self.assertEqual(shown.date_to, date(2024, 4, 5))

    def test_days_that_a_client_sends_do_not_count(self):
        shown = self.env[MODEL].with_user(self.seller)
        shown = shown.create(
            {
                "span": "calls",
                "call_from_id": self.first.id,
                "call_to_id": self.last.id,
                "date_from": "2020-01-01",
                "date_to": "2020-01-02",
            }
        )
        shown.action_run()
        self.assertEqual((shown.date_from, shown.date_to), (BEFORE, AFTER))

    def test_the_form_follows_the_calls(self):
        with self._at(datetime(2024, 4, 9, 9)):
            form = Form(self.env[MODEL].with_user(self.seller))
            self.assertEqual(form.span, "days")
            self.assertTrue(form.date_from < form.date_to)
            form.span = "calls"
            form.call_to_id = self.last
            self.assertEqual(form.call_from_id, self.first)
            self.assertEqual((form.date_from, form.date_to), (BEFORE, AFTER))
            self.assertEqual(form.user_ids[:], self.seller)
            form.span = "since"
            self.assertEqual(form.date_to, date(2024, 4, 9))
            self.assertEqual(form.save().date_from, BEFORE)

    def test_a_period_ahead_has_a_first_day(self):
        calls = [
            self._call(datetime(2024, 4, day, 11), period_start="2024-06-01")
            for day in (1, 8)
        ]
        shown = self._show(calls[0] + calls[1])
        self.assertEqual(shown.period_from, date(2024, 6, 1))
        self.assertEqual(shown.period_to, date(2024, 6, 30))

    def test_calls_that_cannot_be_compared(self):
        again = self._call(datetime(2024, 4, 8, 12))
        other = self._call(datetime(2024, 4, 9, 12), self.seller_two)
        run = self.env[MODEL].with_user(self.manager)
        for calls, said in (
            (self.last + again, "earlier first call"),
            (self.first + other, "two of the same"),
            (self.first + self.last + again, "3 forecast calls are selected"),
        ):
            with self.assert_refused(UserError, said):
                self._show(calls, self.manager)
        for values in ({"span": "calls"}, {"span": "since"}):
            with self.assert_refused(UserError, "Choose the forecast calls"):
                run.create(values).action_run()
        with self._at(datetime(2024, 4, 8, 20)):
            with self.assert_refused(UserError, "submitted today"):
                self._show(self.last)

    def test_nobody_looks_from_calls_of_others(self):
        with self.assertRaises(AccessError):
            self._show(self.first, self.seller_two)
        run = self.env[MODEL].with_user(self.seller_two)
        with self.assertRaises(AccessError):
            run.create({"span": "since", "call_from_id": self.first.id}).action_run()

    def test_since_my_last_call(self):
        asked = self.env[MODEL]
        with self._at(datetime(2024, 4, 8, 20)):
            action = asked.with_user(self.seller).action_since_last_call()
        shown = self._opened(action)
        self.assertEqual((shown.date_from, shown.date_to), (BEFORE, AFTER))
        with self._at(datetime(2024, 4, 9, 20)):
            action = asked.with_user(self.seller).action_since_last_call()
            self.assertEqual(self._opened(action).call_from_id, self.last)
            action = asked.with_user(self.seller_two).action_since_last_call()
        self.assertEqual((action["res_model"], action["target"]), (MODEL, "new"))
        self.assertFalse(action.get("res_id"))

    def test_two_days_are_a_week_unless_said(self):
        shown = self.env[MODEL].with_user(self.seller).create({})
        self.assertEqual(shown.date_to, fields.Date.context_today(shown))
        self.assertEqual((shown.date_to - shown.date_from).days, 7)
