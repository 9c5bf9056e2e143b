from datetime import date, datetime, time

from odoo.exceptions import AccessDenied
from odoo.tests import tagged

from .demo_common import DAY, DemoCase

SIZE = 150


@tagged("post_install", "-at_install")
class TestDemoCompany(DemoCase):
    """The demo company in the database, as its people see it."""

    size = SIZE

    @classmethod
    def _before(cls):
        cls.mails_before = cls.env["mail.mail"].search_count([])
        cls.core_stages_before = cls._core_stages()

    @classmethod
    def _core_stages(cls):
        stages = [cls.env.ref(f"crm.stage_lead{number}") for number in range(1, 5)]
        return [stage.read(["name", "sequence", "team_ids"])[0] for stage in stages]

    def _as(self, key, model):
        """``model`` as this person meets it, with all of the person's companies."""
        user = self._ref(key)
        return (
            self.env[model]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids, active_test=False)
        )

    def _deal(self, key):
        return self._ref(key).with_context(active_test=False)

    def test_opportunities_stand_where_the_generator_put_them(self):
        self.assertEqual(len(self.leads), SIZE)
        for deal in self.firm.deals:
            lead = self._deal(deal.key)
            status = {"open": "pending"}.get(deal.status, deal.status)
            self.assertEqual(lead.won_status, status)
            self.assertEqual(lead.active, deal.status != "lost")
            self.assertEqual(bool(lead.lost_reason_id), deal.status == "lost")
            self.assertEqual(lead.expected_revenue, deal.amount)
            self.assertEqual(lead.company_id, self._ref(deal.company))
            self.assertEqual(lead.team_id.company_id, lead.company_id)
            self.assertEqual(lead.date_deadline, deal.deadline)
            self.assertTrue(lead.email_from and lead.phone)
            self.assertEqual(bool(lead.source_id), bool(deal.touches))

    def test_the_past_is_the_past(self):
        for deal in self.firm.deals:
            lead = self._deal(deal.key)
            self.assertEqual(lead.create_date, deal.created)
            self.assertEqual(lead.date_closed or None, deal.closed)
            self.assertEqual(lead.date_conversion or None, deal.converted)
            self.assertLess(lead.date_last_stage_update, datetime.combine(DAY, time()))
            if deal.closed:
                days = (deal.closed - deal.created).days
                self.assertEqual(int(lead.day_close), days)

    def test_history_is_the_timeline_of_the_deal(self):
        self.env.cr.execute(
            """
            SELECT lead_id, array_agg(status::text ORDER BY entered_at),
                   array_agg(entered_at ORDER BY entered_at),
                   array_agg(left_at ORDER BY entered_at)
              FROM crm_stage_history
             WHERE lead_id = ANY(%s)
             GROUP BY lead_id
            """,
            [self.leads.ids],
        )
        history = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        self.assertEqual(len(history), SIZE)
        for deal in self.firm.deals:
            statuses, entered, left = history[self._deal(deal.key).id]
            self.assertEqual(statuses, [stay.status for stay in deal.stays])
            self.assertEqual(entered, [stay.entered for stay in deal.stays])
            self.assertEqual(left, [*entered[1:], None])

    def test_building_again_changes_nothing(self):
        def counts():
            models = ("crm.lead", "res.users", "res.partner", "ir.model.data")
            return [
                self.env[model].with_context(active_test=False).search_count([])
                for model in models
            ]

        before, stamp = counts(), max(self.leads.mapped("write_date"))
        self.env["crm.demo.company"]._build(date(2026, 3, 19))
        self.assertEqual(counts(), before)
        self.assertEqual(max(self.leads.mapped("write_date")), stamp)

    def test_odoos_own_stages_stay_as_they_are(self):
        self.assertEqual(self._core_stages(), self.core_stages_before)
        own = self._ref("negotiation") | self._ref("contract")
        teams = (
            self._ref("team_dach") | self._ref("team_benelux") | self._ref("team_uk")
        )
        for stage in own:
            self.assertEqual(stage.team_ids, teams)
        first = {self._deal(deal.key).stage_id for deal in self.firm.deals}
        self.assertIn(self.env.ref("crm.stage_lead1"), first)

    def test_nobody_is_told_about_the_past(self):
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails_before)
        notes = self.env["mail.message"].search(
            [("model", "=", "crm.lead"), ("res_id", "in", self.leads.ids)]
        )
        slips = sum(len(deal.slips) for deal in self.firm.deals)
        self.assertEqual(len(notes), slips)
        self.assertLess(max(notes.mapped("date")), datetime.combine(DAY, time()))

    def test_nobody_looks_the_invented_firms_up(self):
        """Where Odoo's data services are installed, they have nothing to ask."""
        for records, done in (
            (self.companies, "iap_enrich_auto_done"),
            (self.leads, "iap_enrich_done"),
        ):
            if done in records._fields:
                self.assertTrue(all(records.mapped(done)), done)

    def test_pounds_become_euros_at_the_rate_of_the_day(self):
        german, british = self._ref("company_de"), self._ref("company_uk")
        pound = british.currency_id
        self.assertEqual((german.currency_id.name, pound.name), ("EUR", "GBP"))
        for day in (self.firm.rates[0].day, DAY):
            euros = pound._convert(1000, german.currency_id, german, day)
            self.assertTrue(1000 < euros < 1400, euros)

    def test_the_logins_work(self):
        for login in ("manager", "seller"):
            user = self._ref(f"user_{login}")
            self.assertEqual(user.login, login)
            credential = {"type": "password", "login": login, "password": login}
            user = user.with_user(user)
            self.assertTrue(user._check_credentials(credential, {"interactive": True}))
            with self.assertRaises(AccessDenied):
                wrong = dict(credential, password="wrong")
                user._check_credentials(wrong, {"interactive": True})

    def test_a_salesperson_sees_his_own_opportunities_only(self):
        leads = self._as("user_seller", "crm.lead").search([])
        ours = leads & self.leads.with_user(leads.env.user)
        self.assertEqual(ours.user_id.ids, self._ref("user_seller").ids)
        mine = self.leads.filtered(lambda lead: lead.user_id.login == "seller")
        self.assertEqual(set(ours.ids), set(mine.ids))
        self.assertGreater(len(mine.filtered(lambda m: m.won_status == "pending")), 2)

    def test_a_leader_sees_the_company_and_not_the_other_one(self):
        german, british = self._ref("company_de"), self._ref("company_uk")
        for key, company in (("user_keller", german), ("user_hughes", british)):
            domain = [("company_id", "in", self.companies.ids)]
            leads = self._as(key, "crm.lead").search(domain)
            self.assertEqual(leads.company_id.ids, company.ids)
            expected = self.leads.filtered(lambda ld, c=company: ld.company_id == c)
            self.assertEqual(set(leads.ids), set(expected.ids))
            partners = self._as(key, "res.partner").search(domain)
            self.assertEqual(partners.company_id.ids, company.ids)

    def test_the_manager_sees_both_companies(self):
        domain = [("company_id", "in", self.companies.ids)]
        leads = self._as("user_manager", "crm.lead").search(domain)
        self.assertEqual(set(leads.ids), set(self.leads.ids))

    def test_reports_show_people_what_their_rules_let_them_see(self):
        for model in ("crm.stage.history.report", "crm.forecast.report"):
            domain = [("lead_id", "in", self.leads.ids)]
            mine = self._as("user_seller", model).search(domain)
            self.assertTrue(mine, model)
            self.assertLessEqual(
                set(mine.sudo().lead_id.user_id.ids), set(self._ref("user_seller").ids)
            )
            everything = self._as("user_manager", model).search(domain)
            self.assertGreater(len(everything), len(mine))
            self.assertEqual(everything.company_id, self.companies)
        missing = [("is_rate_missing", "=", True), ("lead_id", "in", self.leads.ids)]
        report = self._as("user_manager", "crm.forecast.report")
        self.assertFalse(report.search_count(missing))

    def test_a_chosen_category_keeps_who_and_when(self):
        chosen = [deal for deal in self.firm.deals if deal.override]
        self.assertTrue(chosen)
        for deal in chosen:
            lead = self._deal(deal.key)
            self.assertEqual(lead.forecast_category, deal.override.category)
            person = self._ref(deal.override.person)
            self.assertEqual(lead.forecast_category_user_id, person)
            self.assertEqual(lead.forecast_category_date, deal.override.when)

    def test_what_comes_next_is_planned_and_what_was_is_not(self):
        morning = datetime.combine(DAY, time())
        events = self.env["calendar.event"].search(
            [("opportunity_id", "in", self.leads.ids)]
        )
        meetings = sum(len(deal.meetings) for deal in self.firm.deals)
        self.assertEqual(len(events), meetings)
        for event in events:
            self.assertEqual(bool(event.activity_ids), event.start >= morning)
            self.assertEqual(event.res_id, event.opportunity_id.id)
        for deal in self.firm.deals:
            activities = self._deal(deal.key).activity_ids
            planned = activities.filtered(lambda act: not act.calendar_event_id)
            due = [deal.activity.due] if deal.activity else []
            self.assertEqual(planned.mapped("date_deadline"), due)
