"""Who sees what of time limits, and what it costs to look."""

from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .limit_common import LimitCase


@tagged("post_install", "-at_install")
class TestStageLimitAccess(LimitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = {
            name: cls.env[name].with_user(cls.seller)
            for name in ("crm.stage.limit", "crm.stage.breach.report")
        }

    def test_report_shows_only_what_one_may_read(self):
        self._limit()
        own = self._enter(4, 9)
        other = self._enter(4, 9, user_id=self.seller_two.id)
        abroad = self._enter(
            4,
            9,
            user_id=self.seller_abroad.id,
            team_id=self.team_abroad.id,
            company_id=self.company_abroad.id,
        )
        self._check(6, 9)
        domain = [("lead_id", "in", (own | other | abroad).ids)]
        for user, leads in (
            (self.seller, own),
            (self.seller_two, other),
            (self.all_leads, own | other),
            (self.seller_abroad, abroad),
        ):
            report = self.env["crm.stage.breach.report"].with_user(user)
            self.assertEqual(report.search(domain).lead_id, leads)
            groups = report.formatted_read_group(domain, ["stage_id"], ["__count"])
            self.assertEqual(groups[0]["__count"], len(leads))
        line = self.models["crm.stage.breach.report"].search(domain)
        self.assertEqual(line.action_open_lead()["res_id"], own.id)
        self.assertEqual(line.stage_id, self.stage_talk)
        self.assertAlmostEqual(
            line.days_open,
            (self.env.cr.now() - datetime(2024, 3, 4, 17)).total_seconds() / 86400,
            1,
        )

    def test_sellers_read_and_managers_set_up(self):
        limit = self._limit(({"percent": 80},))
        seller = limit.with_user(self.seller)
        self.assertIn("8 working hours", seller.sentence)
        with self.assert_refused(AccessError, "Stage Time Limit"):
            seller.duration = 3
        with self.assert_refused(AccessError, "Escalation"):
            seller.step_ids.percent = 3
        with Form(limit.with_user(self.manager)) as form:
            form.duration = 12
            with form.step_ids.new() as step:
                step.percent = 150
                step.action = "record"
        self.assertEqual(limit.step_ids.mapped("percent"), [80, 150])

    def test_limits_of_other_companies_are_invisible(self):
        limit = self._limit(team_ids=self.team_abroad.ids)
        self.assertEqual(limit.company_id, self.company_abroad)
        self.assertFalse(self.models["crm.stage.limit"].search([]) & limit)
        # Nevertheless the state of one's own opportunity is right.
        self._limit()
        lead = self._enter(4, 9).with_user(self.seller)
        self.assertEqual(self._state(lead, 4, 18)[0], "late")

    def test_calendars_out_of_reach_are_reckoned_with(self):
        calendar = self._calendar("Test Other", self.company_abroad, 9, 17)
        self._limit(calendar_id=calendar.id)
        lead = self._enter(4, 9).with_user(self.seller)
        self.assertEqual(self._state(lead, 4, 18)[0], "late")

    def test_nobody_writes_breaches(self):
        self._limit()
        lead = self._enter(4, 9)
        self._check(6, 9)
        breach = self.env["crm.stage.breach"].sudo()
        rows = breach.search([("lead_id", "=", lead.id)])
        self.assertTrue(rows)
        for act in (
            lambda: rows.write({"resolved_at": False}),
            lambda: rows.unlink(),
            lambda: breach.create({"lead_id": lead.id}),
        ):
            with self.assert_refused(UserError, "scheduled check"):
                act()
        for user in (self.seller, self.manager):
            with self.assert_refused(AccessError, "Exceeded Time Limit"):
                rows.with_user(user).read(["lead_id"])

    def test_button_opens_the_breaches_of_a_limit(self):
        limit = self._limit().with_user(self.seller)
        self._enter(4, 9)
        self._check(6, 9)
        self.assertEqual(limit.breach_count, 1)
        domain = limit.action_open_breaches()["domain"]
        lines = self.models["crm.stage.breach.report"].search(domain)
        self.assertEqual(lines.limit_id.ids, limit.ids)

    def test_views_open(self):
        for model, modes in (
            ("crm.stage.limit", ("list", "form", "search")),
            ("crm.stage.breach.report", ("list", "kanban", "pivot", "graph")),
        ):
            self.models[model].get_views([(False, mode) for mode in modes])
        lead = self.env["crm.lead"].with_user(self.seller)
        views = lead.get_views([(False, mode) for mode in ("form", "list", "search")])
        for view in views["views"].values():
            self.assertIn("stage_limit_state", view["arch"])
        stage = self.env["crm.stage"].with_user(self.manager)
        self.assertIn("pauses_limits", stage.get_view(view_type="form")["arch"])


@tagged("post_install", "-at_install")
class TestStageLimitCost(LimitCase):
    def _queries(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        return self.env.cr.sql_log_count - before

    def _read(self, count):
        """Queries for the fields of so many opportunities, some of them paused."""
        with self._at(2024, 3, 4, 9):
            leads = self._leads(count, stage_id=self.stage_talk.id)
            self.env.flush_all()
        self._move(leads[::2], self.stage_hold, 4, 10)
        self._move(leads[::2], self.stage_talk, 4, 11)
        leads = leads.with_user(self.seller)
        with self._at(2024, 3, 4, 13):
            fields = ["stage_limit_due", "stage_limit_state"]
            self._queries(lambda: leads.read(fields))
            return self._queries(lambda: leads.read(fields))

    def test_reading_a_list_costs_the_same_for_any_number(self):
        for clock in ("stage", "activity", "reply"):
            self._limit(clock=clock)
        few, many = self._read(2), self._read(150)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 12)

    def test_stages_without_limits_cost_nothing(self):
        leads = self._leads(2).with_user(self.seller)
        with_it = ["name", "stage_id", "active", "won_status", "type", "team_id"]
        self._queries(lambda: leads.read([*with_it, "stage_limit_state"]))
        plain = self._queries(lambda: leads.read(with_it))
        ours = self._queries(lambda: leads.read([*with_it, "stage_limit_state"]))
        self.assertEqual(ours, plain)

    def test_recording_costs_the_same_for_any_number(self):
        self._limit([{"percent": 80, "action": "record"}])
        self._enter(4, 9)
        self._check(5, 9)
        counts = []
        for number in (2, 90):
            with self._at(2024, 3, 4, 9):
                leads = self._leads(number, stage_id=self.stage_talk.id)
                self.env.flush_all()
            counts.append(self._queries(lambda: self._check(5, 9)))
            self.assertEqual(len(self._breaches(leads)), number)
        self.assertEqual(*counts)
