from datetime import date, datetime

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..engine.period import period_of
from .target_common import MAY, Q2, YEAR, TargetCase


@tagged("post_install", "-at_install")
class TestForecastTarget(TargetCase):
    def test_period_is_the_one_of_the_day(self):
        target = self.of_seller("quarter")
        self.assertEqual(
            (target.period_start, target.period_end), (date(2026, 4, 1), Q2.end)
        )
        self.assertEqual(target.period_name, "Q2 2026")
        self.assertEqual(target.currency_id, self.euro)
        self.assertEqual(target.level, "person")
        self.assertIn("Q2 2026", target.display_name)

    def test_form(self):
        form = Form(self.targets)
        form.team_id = self.team
        form.period_kind = "year"
        form.period_start = "2026-08-09"
        self.assertEqual(form.period_start, date(2026, 1, 1))
        form.amount = 12000
        target = form.save()
        self.assertEqual(target.period_end, date(2026, 12, 31))
        with Form(target) as form:
            form.amount = 13000
        self.assertEqual(target.version_ids.mapped("amount"), [13000, 12000])

    def test_change_makes_a_version(self):
        with self._at(2026, 1, 5, 9):
            target = self.of_seller(amount=100)
        with self._at(2026, 2, 5, 9):
            target.with_user(self.manager).write({"amount": 150, "note": "Agreed"})
            target.amount = 150
        new, old = target.version_ids
        self.assertEqual((old.amount, new.amount), (100, 150))
        self.assertEqual(old.valid_to, datetime(2026, 2, 5, 9))
        self.assertFalse(new.valid_to)
        self.assertEqual(new.user_id, self.manager)
        target.active = False
        self.assertEqual(target.version_ids.mapped("is_active"), [False, True, True])

    def test_what_it_is_a_target_of_stays(self):
        target = self.of_seller()
        for values in (
            {"user_id": self.seller_two.id},
            {"measure": "mrr"},
            {"period_start": "2026-06-01"},
            {"period_kind": "year"},
        ):
            with self.assert_refused(UserError, "Archive the target"):
                target.write(values)
        target.write({"user_id": self.seller.id, "amount": 5})
        self.assertEqual(target.amount, 5)

    def test_nothing_is_deleted(self):
        target = self.of_seller()
        with self.assert_refused(UserError, "archive it"):
            target.sudo().unlink()
        with self.assert_refused(UserError, "not changed itself"):
            target.version_ids.sudo().write({"amount": 1})

    def test_one_per_scope(self):
        target = self.of_team()
        with self.assert_refused(UniqueViolation, "one_per_scope"):
            self.of_team()
        target.active = False
        self.of_team()
        self.of_seller()
        self.target()

    def test_wrong_amounts(self):
        for amount in (-1, float("nan"), float("inf"), 1e300):
            with self.assert_refused(ValidationError, "zero or more"):
                self.of_team(amount=amount)
        target = self.of_team()
        with self.assert_refused(ValidationError, "zero or more"):
            target.amount = -5
        with self.assert_refused(ValidationError, "whole number"):
            self.of_team(amount=2.5, measure="count")
        self.assertEqual(self.of_seller(amount=0).amount, 0)

    def test_wrong_days(self):
        with self.assert_refused(ValidationError, "between 1970"):
            self.of_team(day="1066-10-14")
        for days in (
            {"date_from": "2026-04-30"},
            {"date_to": "2026-06-01"},
            {"date_from": "2026-05-20", "date_to": "2026-05-10"},
        ):
            with self.assert_refused(ValidationError, "counts from"):
                self.of_seller(**days)

    def test_archived_person(self):
        target = self.of_seller()
        self.seller.active = False
        self.assertEqual(self.amounts(MAY), {(self.team.id, self.seller.id): 9000})
        target.amount = 8000
        with self.assert_refused(ValidationError, "archived"):
            self.of_seller(day="2026-06-01")

    def test_other_companies_team_is_refused(self):
        with self.assert_refused(UserError, "company"):
            self.target(team_id=self.team_abroad.id)

    def test_count_has_no_currency(self):
        target = self.of_team(measure="count", amount=12)
        self.assertFalse(target.currency_id)
        self.assertEqual(self.amounts(MAY, "count"), {(self.team.id, 0): 12})
        self.assertEqual(self.amounts(MAY), {})


@tagged("post_install", "-at_install")
class TestForecastTargetRights(TargetCase):
    def test_sellers_read_theirs_and_their_teams(self):
        own = self.of_seller()
        team = self.of_team()
        self.of_team(user_id=self.seller_two.id)
        self.target()
        self.target(team_id=self.team_own.id)
        mine = self.targets.with_user(self.seller).search([])
        self.assertEqual(mine, own | team)
        self.assertEqual(mine.version_ids.target_id, own | team)
        self.assertEqual(
            self.amounts(MAY, user=self.seller),
            {(self.team.id, 0): 9000, (self.team.id, self.seller.id): 9000},
        )
        self.assertEqual(len(self.amounts(MAY, user=self.all_leads)), 5)

    def test_a_former_member_reads_the_team_no_more(self):
        self.of_team()
        self.team.crm_team_member_ids.filtered(
            lambda member: member.user_id == self.seller
        ).active = False
        self.assertFalse(self.targets.with_user(self.seller).search([]))

    def test_a_leader_reads_those_of_his_members(self):
        self.team.user_id = self.seller_two
        target = self.of_seller()
        found = self.targets.with_user(self.seller_two).search([])
        self.assertEqual(found, target)

    def test_managers_write(self):
        target = self.of_seller()
        for user in (self.seller, self.all_leads):
            with self.assertRaises(AccessError):
                target.with_user(user).write({"amount": 1})
        with self.assertRaises(AccessError):
            target.with_user(self.manager).unlink()

    def test_other_companies_are_not_seen(self):
        self.of_team()
        abroad = self.targets.with_user(self.seller_abroad).with_context(
            allowed_company_ids=self.company_abroad.ids
        )
        self.assertFalse(abroad.search([]))


@tagged("post_install", "-at_install")
class TestForecastTargetAmounts(TargetCase):
    def test_shorter_and_longer(self):
        scope = (self.team.id, 0)
        self.of_team("year", amount=36500)
        self.assertEqual(self.amounts(MAY), {scope: 3100})
        self.of_team("month", amount=5000)
        self.assertEqual(self.amounts(MAY), {scope: 5000})
        self.assertEqual(self.amounts(YEAR), {scope: 36500})
        months = [self.amounts(month)[scope] for month in YEAR.parts("month")]
        self.assertEqual(round(sum(months), 2), 36500)
        quarters = [self.amounts(part)[scope] for part in YEAR.parts("quarter")]
        self.assertEqual(round(sum(months[3:6]), 2), quarters[1])

    def test_joiner(self):
        self.of_seller(amount=3100, date_from="2026-05-22")
        target = self.of_seller("month", "2026-06-01", 3000)
        self.assertEqual(target.effective_amount, 3000)
        scope = (self.team.id, self.seller.id)
        self.assertEqual(self.amounts(MAY), {scope: 1000})
        self.assertEqual(self.amounts(Q2), {scope: 4000})

    def test_joiner_in_a_year_split_by_season(self):
        year = self.of_seller("year", "2026-05-01", 36500, date_from="2026-05-22")
        self.assertEqual(year.effective_amount, 22400)
        for number, month in enumerate(YEAR.parts("month"), 1):
            amount = 25500 if number == 12 else 1000
            self.of_seller("month", month.start.isoformat(), amount)
        may = self.of_seller_month(5)
        scope = (self.team.id, self.seller.id)
        self.env.invalidate_all()
        left = round(1000 * 10 / 31, 2)
        self.assertEqual(may.effective_amount, left)
        self.assertEqual(self.of_seller_month(4).effective_amount, 0)
        self.assertEqual(year.effective_amount, left + 6 * 1000 + 25500)
        self.assertEqual(self.amounts(MAY), {scope: left})
        self.assertEqual(self.amounts(YEAR), {scope: left + 6 * 1000 + 25500})
        months = [self.amounts(month)[scope] for month in YEAR.parts("month")]
        self.assertEqual(round(sum(months), 2), year.effective_amount)
        week = period_of(date(2026, 12, 9), "week")
        self.assertEqual(self.amounts(week), {scope: round(25500 * 7 / 31, 2)})

    def of_seller_month(self, number):
        return self.targets.search(
            [
                ("user_id", "=", self.seller.id),
                ("period_kind", "=", "month"),
                ("period_start", "=", date(2026, number, 1)),
            ]
        )

    def test_fiscal_year_changes(self):
        target = self.of_team("year", amount=36500)
        self.assertFalse(target.is_off_calendar)
        self.company.forecast_first_month = "7"
        self.assertTrue(target.is_off_calendar)
        found = self.targets.search([("is_off_calendar", "=", True)])
        self.assertEqual(found, target)
        self.assertFalse(
            self.targets.search([("is_off_calendar", "=", False)]) & target
        )
        year = self.company._forecast_period("year", date(2026, 5, 1))
        self.assertEqual(self.amounts(year), {(self.team.id, 0): 18100})
        self.assertEqual(target.period_name, "01/01/2026 – 12/31/2026")
        new = self.of_team("year", "2026-08-01", 1000)
        self.assertEqual(new.period_name, "FY 2027")
        self.assertEqual(new.period_start, date(2026, 7, 1))

    def test_other_currency(self):
        self.manager.company_ids |= self.company_abroad
        both = self.company | self.company_abroad
        manager = self.targets.with_context(allowed_company_ids=both.ids)
        self.target(amount=100)
        values = {"period_kind": "month", "period_start": "2026-05-01", "amount": 4000}
        manager.create({**values, "company_id": self.company_abroad.id})
        self.assertEqual(manager._amounts(MAY, both, "revenue"), {(0, 0): 1100})
        self.assertEqual(manager._amounts(MAY, self.company, "revenue"), {(0, 0): 100})

    def test_entered_currency_stays(self):
        target = self.target(amount=100)
        self.company.currency_id = self.crown
        self.assertEqual(target.currency_id, self.euro)
        self.assertEqual(self.amounts(MAY), {(0, 0): 400})

    def test_archived_targets_do_not_count(self):
        self.target().active = False
        everything = self.targets.with_context(active_test=False)
        self.assertEqual(everything._amounts(MAY, self.company, "revenue"), {})

    def test_weeks(self):
        self.of_team("month", amount=3100)
        week = period_of(date(2026, 5, 12), "week")
        self.assertEqual(self.amounts(week), {(self.team.id, 0): 700})
