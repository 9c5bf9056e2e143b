"""Funnel, disagreement of models, and the numbers on a campaign."""

import json
from datetime import date, datetime

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .attribution_report_common import AttributionReportCase


@tagged("post_install", "-at_install")
class TestAttributionReportChannels(AttributionReportCase):
    def test_funnel_counts_by_first_touch(self):
        lead = self._lead(type="lead")
        open_, won, other = self._lead(), self._won(), self._won()
        for record in (lead, open_, won):
            self._touch(record, self.autumn, (2024, 2, 1))
            self._touch(record, self.spring, (2024, 1, 1))
        self._touch(other, self.autumn)
        self._lead()
        counts = ["leads:sum", "opportunities:sum", "won:sum"]
        rates = ["opportunity_rate:avg", "win_rate:avg", "won_of_leads:avg"]
        mine = [("lead_id.team_id", "=", self.team.id)]
        report = {"name": "crm.source.funnel.report", "user": self.seller}
        rows = self._sums(counts + rates, mine, ["campaign_name"], **report)
        found = {name: values for name, *values in rows}
        self.assertEqual(found["Test Spring"][:3], [3, 2, 1])
        self.assertAlmostEqual(found["Test Spring"][3], 200 / 3, 9)
        self.assertAlmostEqual(found["Test Spring"][5], 100 / 3, 9)
        self.assertEqual(found["Test Autumn"], [1, 1, 1, 100, 100, 100])
        self.assertEqual(found[False], [1, 1, 0, 100, 0, 0])
        total = self._sums(counts + rates, mine, **report)
        self.assertEqual(total[:3], (5, 4, 2))
        self.assertEqual(total[3:], (80, 50, 40))
        none = self._sums(rates, [("lead_id", "=", 0)], **report)
        self.assertEqual(none, (False, False, False))

    def test_reversed_touch_is_no_first_touch(self):
        lead = self._lead()
        first = self._touch(lead, self.autumn, (2024, 1, 1))
        self._touch(lead, self.spring, (2024, 2, 1))
        self.env.cr.execute(
            SQL("UPDATE crm_touchpoint SET reversed_by_id = 1 WHERE id = %s", first)
        )
        line = self._report(self.seller, name="crm.source.funnel.report").search(
            [("lead_id", "=", lead.id)]
        )
        self.assertEqual(line.campaign_name, "Test Spring")
        self.assertEqual(line.first_touch_at, datetime(2024, 2, 1))
        self.assertEqual(line.action_open_lead()["res_id"], lead.id)

    def test_funnel_respects_record_rules(self):
        other = self._lead(user_id=self.seller_two.id)
        report = self._report(self.seller, name="crm.source.funnel.report")
        self.assertFalse(report.search([("lead_id", "=", other.id)]))

    def _disagreement(self, **report):
        lines = self._report(**report, name="crm.attribution.disagreement.report")
        lines = lines.search([("level", "=", "campaign")])
        return {(line.channel, line.year.year): line for line in lines}

    def test_disagreement(self):
        one, two = self._won(expected_revenue=300), self._won(expected_revenue=100)
        self._touch(one, self.spring, (2024, 1, 1))
        self._touch(one, self.autumn, (2024, 1, 2))
        self._touch(two, self.spring)
        leads = one | two
        self._credit(leads, self.linear, self.first)
        found = self._disagreement()
        self.assertEqual(set(found), {("Test Spring", 2024), ("Test Autumn", 2024)})
        spring = found["Test Spring", 2024]
        # Linear: 250 of 400; first touch: all of it.
        self.assertEqual((spring.lowest_share, spring.highest_share), (62.5, 100))
        self.assertEqual(spring.spread, 37.5)
        self.assertEqual(spring.lowest_model_id, self.linear)
        self.assertEqual(spring.highest_model_id, self.first)
        self.assertEqual((spring.lowest_won, spring.highest_won), (250, 400))
        autumn = found["Test Autumn", 2024]
        # First touch credits nothing to it: its share there is zero.
        self.assertEqual((autumn.lowest_share, autumn.highest_share), (0, 37.5))
        self.assertEqual(autumn.model_count, 2)
        self.assertEqual(autumn.year, date(2024, 1, 1))

    def test_disagreement_is_of_what_one_may_see(self):
        one = self._won(expected_revenue=300, user_id=self.seller_two.id)
        two = self._won(expected_revenue=100)
        self._touch(one, self.spring)
        self._touch(two, self.autumn)
        self._credit(one | two, self.linear, self.first)
        found = self._disagreement(user=self.seller)
        self.assertEqual(set(found), {("Test Autumn", 2024)})
        self.assertEqual(found["Test Autumn", 2024].spread, 0)
        abroad = self._won(**self._abroad())
        self._touch(abroad, self.spring, (2024, 1, 3))
        self._credit(abroad, self.linear, currency=self.crown)
        self.assertEqual(self._disagreement()["Test Spring", 2024].highest_won, 300)

    def _campaign_seen_by(self, user):
        return self._report(user, name="utm.campaign").browse(self.spring.id)

    def test_numbers_of_a_campaign(self):
        won = self._won(expected_revenue=300)
        late = self._won(expected_revenue=60, closed=(2024, 5, 2))
        other = self._won(expected_revenue=1000, user_id=self.seller_two.id)
        open_ = self._lead(expected_revenue=50)
        leads = won | late | other | open_
        for lead in leads:
            self._touch(lead, self.spring)
        self._touch(won, self.autumn)
        self._credit(leads, self.linear)
        self._cost(100)
        seen = self._campaign_seen_by(self.seller)
        self.assertEqual((seen.source_pipeline, seen.source_won), (50, 210))
        self.assertEqual(seen.source_won_deals, 1.5)
        self.assertEqual(seen.source_model_id, self.linear)
        self.assertEqual(seen.source_currency_id, self.euro)
        [chart] = json.loads(seen.source_chart)
        self.assertEqual([bar["value"] for bar in chart["values"]], [150, 0, 60])
        for name in ("source_cost", "source_roi"):
            with self.assertRaises(AccessError):
                seen.read([name])
        seen = self._campaign_seen_by(self.manager)
        self.assertEqual((seen.source_won, seen.source_cost), (1210, 100))
        self.assertEqual(seen.source_roi, 1110)

    def test_campaign_without_anything(self):
        seen = self._campaign_seen_by(self.manager)
        self.assertEqual((seen.source_won, seen.source_cost, seen.source_roi), (0,) * 3)
        self.assertEqual(json.loads(seen.source_chart)[0]["values"], [])
        self.linear.active = self.first.active = False
        seen = self._campaign_seen_by(self.manager)
        self.assertFalse(seen.source_model_id)
        self.assertEqual(seen.source_won, 0)

    def test_form_of_a_campaign(self):
        for user, has_cost in ((self.manager, True), (self.seller, False)):
            form = Form(self._campaign_seen_by(user), "utm.utm_campaign_view_form")
            self.assertEqual("source_cost" in form._view["fields"], has_cost)
            self.assertIn("source_won", form._view["fields"])
        employee = self._user("test_employee", "base.group_user", self.company)
        form = Form(self._campaign_seen_by(employee), "utm.utm_campaign_view_form")
        self.assertNotIn("source_won", form._view["fields"])
        with self.assertRaises(AccessError):
            self._campaign_seen_by(employee).action_source_attribution()

    def test_buttons_of_a_campaign(self):
        seen = self._campaign_seen_by(self.manager)
        action = seen.action_source_attribution()
        self.assertEqual(action["domain"], [("campaign_id", "=", self.spring.id)])
        action = seen.action_source_costs()
        self.assertEqual(action["context"], {"default_campaign_id": self.spring.id})
        with self.assertRaises(AccessError):
            self._campaign_seen_by(self.seller).action_source_costs()
