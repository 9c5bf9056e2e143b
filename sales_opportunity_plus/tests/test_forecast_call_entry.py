from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .forecast_say_common import TODAY, SayCase


@tagged("post_install", "-at_install")
class TestForecastCallEntry(SayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls = cls.env["crm.forecast.call"]
        cls.due = cls.env["crm.forecast.call.due"]
        cls._lead(
            forecast_category_override="commit",
            expected_revenue=100.0,
            date_deadline="2026-05-20",
        )

    def setUp(self):
        super().setUp()
        here = patch.object(
            type(self.env["crm.pipeline.day"]), "_here", lambda *_: (self._day, None)
        )
        here.start()
        self.addCleanup(here.stop)

    def _today(self, day):
        self._day = day
        return super()._today(day)

    def _entry(self, user):
        entry = self.env["crm.forecast.call.entry"].with_user(user)
        return Form(entry.with_company(self.company))

    def _missing(self, user=None):
        due = self.due.with_user(user or self.manager)
        return due.search([("is_submitted", "=", False)]).user_id

    def _reminders(self, user):
        return self.due._reminders(user)

    def test_figures_are_there_and_may_be_changed(self):
        with self._entry(self.seller) as form:
            self.assertEqual(form.user_id, self.seller)
            self.assertEqual(form.team_id, self.team)
            self.assertEqual((form.commit, form.amount), (100.0, 100.0))
            self.assertEqual(form.deals, 1)
            form.amount = 75.0
            form.comment = "Careful"
        action = form.record.action_submit()
        call = self.calls.browse(action["res_id"])
        self.assertEqual((call.amount, call.commit), (75.0, 100.0))
        self.assertEqual(call.comment, "Careful")
        again = self._entry(self.seller)
        self.assertEqual(again.previous_amount, 75.0)

    def test_for_a_member_and_for_the_team(self):
        with self._entry(self.manager) as form:
            form.user_id = self.seller
            self.assertEqual(form.team_id, self.team)
            self.assertEqual(form.commit, 100.0)
            form.user_id = self.env["res.users"]
            self.assertEqual(form.team_id, self.team)
            self.assertEqual(form.deals, 1)
        call = self.calls.browse(form.record.action_submit()["res_id"])
        self.assertEqual((call.user_id.id, call.team_id), (False, self.team))

    def test_an_entry_gives_no_rights(self):
        entry = self.env["crm.forecast.call.entry"].with_user(self.seller)
        entry = entry.create({"user_id": self.seller_two.id})
        with self.assert_refused(AccessError, "leader"):
            entry.action_submit()
        with self.assert_refused(AccessError, ""):
            entry.with_user(self.seller_two).read(["amount"])

    def test_who_has_not_submitted(self):
        sellers = self.seller | self.seller_two
        self.assertEqual(self._missing(self.leader), sellers)
        self.calls.with_user(self.seller).action_submit({"period_start": TODAY})
        self.assertEqual(self._missing(self.leader), self.seller_two)
        self.assertEqual(self._missing(self.seller_two), self.seller_two)
        self.assertNotIn(self.seller_abroad, self._missing())
        # A new week begins on Monday.
        self._today(TODAY + timedelta(days=4))
        self.assertEqual(self._missing(self.leader), self.seller_two)
        self._today(TODAY + timedelta(days=5))
        self.env.invalidate_all()
        self.assertEqual(self._missing(self.leader), sellers)

    def test_reminding_by_hand(self):
        late = self.due.with_user(self.leader).search(
            [("user_id", "=", self.seller.id)]
        )
        late.action_remind()
        late.action_remind()
        [reminder] = self._reminders(self.seller)
        self.assertEqual(reminder.date_deadline, TODAY)
        for user in (self.seller, self.all_leads):
            with self.assert_refused(AccessError, ""):
                late.with_user(user).action_remind()
        self.calls.with_user(self.seller).action_submit({"period_start": TODAY})
        self.assertFalse(self._reminders(self.seller))
        self.assertTrue(reminder.exists())
        with self.assert_refused(UserError, "nobody to remind"):
            late.with_env(late.env).action_remind()

    def test_reminding_by_the_cron(self):
        self.assertEqual(TODAY.weekday(), 2)
        other = self.all_leads
        self.due._cron_remind()
        self.assertFalse(self._reminders(self.seller | other))
        self.company.forecast_call_weekday = "2"
        self.team_own.forecast_call_weekday = "never"
        self.env.invalidate_all()
        self.due._cron_remind()
        self.due._cron_remind()
        self.assertEqual(len(self._reminders(self.seller)), 1)
        self.assertFalse(self._reminders(other))
        self.team_own.forecast_call_weekday = "3"
        self._today(TODAY + timedelta(days=1))
        self.env.invalidate_all()
        self.due._cron_remind()
        self.assertEqual(len(self._reminders(other)), 1)
        self.assertEqual(len(self._reminders(self.seller)), 1)
