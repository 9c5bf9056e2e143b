from datetime import date
from unittest.mock import patch

from lxml import etree
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ALL_LEADS
from .forecast_say_common import TODAY, SayCase

LOGGER = "odoo.sql_db"


@tagged("post_install", "-at_install")
class TestForecastAdjustment(SayCase):
    def test_amounts_add_up_and_a_replacement_covers_what_came_before(self):
        self._say(self.leader, 100.0)
        self._say(self.manager, -30.0)
        place = self.team.id, 0
        self.assertEqual(self._totals(), {place: {"commit": (70.0, None)}})
        self._say(self.manager, 500.0, kind="override")
        self.assertEqual(self._totals()[place], {"commit": (0.0, 500.0)})
        self._say(self.leader, 5.0)
        self.assertEqual(self._totals()[place], {"commit": (5.0, 500.0)})

    def test_the_period_is_kept_whole(self):
        said = self._say(self.leader, 1.0)
        self.assertEqual(said.period_start, date(2026, 5, 1))
        self.assertEqual(said.period_end, date(2026, 5, 31))
        self.assertEqual(said.currency_id, self.company.currency_id)
        self.company.forecast_first_month = "2"
        quarter = self._say(self.leader, 1.0, period_kind="quarter")
        self.assertEqual(quarter.period_end, date(2026, 7, 31))
        # Other periods, measures and companies are figures of their own.
        self._say(self.leader, 2.0, measure="count")
        self.assertFalse(self._say(self.leader, 9, measure="count").currency_id)
        self.assertEqual(self._totals()[self.team.id, 0], {"commit": (1.0, None)})
        counted = self._totals(measure="count")
        self.assertEqual(counted[self.team.id, 0], {"commit": (11.0, None)})

    def test_a_salesperson_finds_his_team(self):
        values = {"user_id": self.seller.id, "reason_kind": "deal", "reason": "Sure"}
        values |= {"company_id": self.company.id, "amount": 7, "period_start": TODAY}
        said = self.adjustments.with_user(self.leader).create(values)
        self.assertEqual(said.team_id, self.team)

    def test_a_row_of_another_team_keeps_its_team(self):
        """Somebody has opportunities in a team that he is no member of."""
        row = {"default_team_id": self.team_own.id, "default_user_id": self.seller.id}
        adjustments = self.adjustments.with_user(self.manager)
        form = Form(adjustments.with_company(self.company).with_context(**row))
        self.assertEqual(form.team_id, self.team_own)
        form.user_id = self.leader
        form.user_id = self.env["res.users"]
        form.team_id = self.env["crm.team"]
        form.user_id = self.seller
        self.assertEqual(form.team_id, self.team)

    def test_new_is_offered_to_those_who_may_say_something(self):
        offered = {self.seller: False, self.all_leads: False}
        offered |= {self.leader: True, self.manager: True}
        for user, is_offered in offered.items():
            adjustments = self.adjustments.with_user(user)
            self.assertEqual(adjustments.has_access("create"), is_offered)
            for kind in ("list", "kanban", "form"):
                arch = etree.fromstring(adjustments.get_view(view_type=kind)["arch"])
                self.assertEqual(arch.get("create") != "False", is_offered, kind)
        with self.assert_refused(AccessError, "leaders of sales teams"):
            self.adjustments.with_user(self.seller).check_access("create")

    def test_who_may_say_what(self):
        for user in (self.seller, self.all_leads, self.seller_abroad):
            with self.assert_refused(AccessError, ""):
                self._say(user, 1.0, user_id=self.seller.id)
        for values in ({"team_id": self.team_own.id}, {"team_id": False}):
            with self.assert_refused(AccessError, "leader of the sales team"):
                self._say(self.leader, 1.0, **values)
            self.assertTrue(self._say(self.manager, 1.0, **values))
        with self.assert_refused(AccessError, ""):
            self._say(
                self.manager,
                1.0,
                company_id=self.company_abroad.id,
                team_id=self.team_abroad.id,
            )

    def test_who_reads_what(self):
        of_team = self._say(self.leader, 1.0)
        of_seller = self._say(self.leader, 2.0, user_id=self.seller.id)
        of_other = self._say(self.manager, 3.0, team_id=self.team_own.id)
        every = of_team | of_seller | of_other
        for user, readable in (
            (self.seller, of_seller),
            (self.seller_two, self.adjustments),
            (self.leader, of_team | of_seller),
            (self.all_leads, every),
            (self.manager, every),
            (self._user("test_reader", ALL_LEADS, self.company_abroad), None),
        ):
            found = self.adjustments.with_user(user).search([("id", "in", every.ids)])
            self.assertEqual(set(found.ids), set((readable or self.adjustments).ids))
        self.assertEqual(
            self._totals(self.seller),
            {(self.team.id, self.seller.id): {"commit": (2.0, None)}},
        )

    def test_the_second_replacement_names_the_first(self):
        first = self._say(self.leader, 500.0, kind="override", reason="Gut feeling")
        with self.assert_refused(UserError, "(?s)test_leader.*Gut feeling"):
            self._say(self.manager, 600.0, kind="override")
        first.with_user(self.manager).action_undo("It was not")
        self._say(self.manager, 600.0, kind="override")
        self.assertEqual(self._totals()[self.team.id, 0], {"commit": (0.0, 600.0)})

    @mute_logger(LOGGER)
    def test_a_replacement_of_the_same_moment_is_tried_again(self):
        self._say(self.leader, 500.0, kind="override")
        unseen = patch.object(
            type(self.adjustments), "_refuse_second_override", lambda *_: None
        )
        with unseen, self.assertRaises(ConcurrencyError) as caught:
            self._say(self.manager, 600.0, kind="override")
        self.assertIsInstance(caught.exception.__cause__, UniqueViolation)

    def test_changing_keeps_what_was_said(self):
        old = self._say(self.leader, 10.0, reason="First")
        action = old.with_user(self.manager).action_change()
        given = {
            name.removeprefix("default_"): value
            for name, value in action["context"].items()
        }
        new = self._say(self.manager, 30.0, supersedes_id=given["supersedes_id"])
        self.assertEqual(old.state, "superseded")
        self.assertEqual((old.amount, old.reason), (10.0, "First"))
        self.assertEqual((old.ended_by_id, old.end_reason), (self.manager, "I know"))
        self.assertEqual(self._totals()[self.team.id, 0], {"commit": (30.0, None)})
        history = new.action_history()
        found = new.with_context(**history["context"]).search(history["domain"])
        self.assertEqual(found, new | old)
        # Who did not see that is told, and nothing of his is lost silently.
        for change in (
            lambda: self._say(self.leader, 50.0, supersedes_id=old.id),
            lambda: old.with_user(self.leader).action_undo("Me too"),
        ):
            with self.assert_refused(UserError, "test_manager.* has already changed"):
                change()

    def test_only_the_same_figure_is_superseded(self):
        old = self._say(self.leader, 10.0)
        with self.assert_refused(UserError, "same forecast only"):
            self._say(
                self.leader, 5.0, supersedes_id=old.id, forecast_category="pipeline"
            )
        other = self._say(self.manager, 10.0, team_id=self.team_own.id)
        with self.assert_refused(UserError, "same forecast only|AccessError"):
            self._say(self.manager, 5.0, supersedes_id=other.id)

    def test_undoing_is_kept(self):
        said = self._say(self.leader, 10.0)
        action = said.with_user(self.leader).action_undo()
        wizard = self.env[action["res_model"]].with_user(self.leader)
        undo = wizard.with_context(**action["context"]).create({"reason": "Came in"})
        undo.action_undo()
        self.assertEqual((said.state, said.end_reason), ("undone", "Came in"))
        self.assertEqual(said.ended_by_id, self.leader)
        self.assertFalse(self._totals())
        self.assertEqual(said.amount, 10.0)

    def test_nobody_undoes_for_others(self):
        said = self._say(self.manager, 10.0, user_id=self.seller.id)
        for user in (self.seller, self.seller_two, self.all_leads):
            with self.assert_refused(AccessError, ""):
                said.with_user(user).action_undo("No")
        self.assertTrue(said.active)

    def test_nothing_is_rewritten(self):
        said = self._say(self.leader, 10.0)
        for user in (self.leader, self.manager):
            mine = said.with_user(user).with_context(forecast_say=True)
            for change in (
                lambda mine=mine: mine.write({"amount": 1}),
                lambda mine=mine: mine.action_archive(),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.copy(),
            ):
                with self.assert_refused(UserError, ""):
                    change()
        forged = self._say(
            self.leader, 5.0, author_id=self.manager.id, active=False, base_amount=7
        )
        self.assertEqual(forged.author_id, self.leader)
        self.assertTrue(forged.active)
        self.assertEqual(forged.base_amount, 0.0)

    def test_wrong_input(self):
        for values, message in (
            ({"amount": 0}, "changes nothing"),
            ({"amount": 0.001}, "changes nothing"),
            ({"amount": float("nan")}, "no amount"),
            ({"amount": 1e14}, "no amount"),
            ({"reason": " "}, "reason"),
        ):
            with self.assert_refused(ValidationError, message):
                self._say(self.manager, values.pop("amount", 1.0), **values)
        with self.assert_refused(UserError, "no period"):
            self._say(self.manager, 1.0, period_kind="decade")
        with self.assert_refused(UserError, "ended on"):
            self._say(self.manager, 1.0, period_start="2026-04-30")
        self.assertTrue(self._say(self.manager, 0.0, kind="override"))

    def test_an_ended_period_stands(self):
        said = self._say(self.leader, 10.0)
        self._today(date(2026, 6, 1))
        said.invalidate_recordset()
        self.assertFalse(said.with_user(self.leader).may_change)
        with self.assert_refused(UserError, "ended on"):
            said.with_user(self.leader).action_undo("Too late")

    def test_currencies(self):
        self.manager.company_ids |= self.company_abroad
        self._say(self.manager, 100.0)
        abroad = self.company_abroad
        self._say(
            self.manager.with_company(abroad),
            400.0,
            company_id=abroad.id,
            team_id=self.team_abroad.id,
        )
        found = self.adjustments.with_user(self.manager).with_context(
            allowed_company_ids=self.both().ids
        )
        totals = found._totals(self.month, self.both(), "revenue")
        self.assertEqual(totals[self.team_abroad.id, 0]["commit"]["sum"], 100.0)
        self._say(
            self.manager, 9.0, company_id=abroad.id, team_id=False, kind="override"
        )
        totals = found._totals(self.month, self.both(), "revenue")
        self.assertEqual(
            (totals[0, 0]["commit"]["override"], totals[0, 0]["commit"]["is_partial"]),
            (None, True),
        )

    def both(self):
        return self.company | self.company_abroad
