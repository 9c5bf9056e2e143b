"""What was said of opportunities against what came, by source of probability."""

from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from ..engine.calibration import NEEDED
from .pipeline_common import PipelineCase


@tagged("post_install", "-at_install")
class TestForecastReliability(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nothing of the demo company.
        cls.env.cr.execute("DELETE FROM crm_forecast_look")
        cls.reliability = cls.env["crm.forecast.reliability"]

    def _look(self, leads, percent, day=date(2024, 4, 1), stage=None):
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_forecast_look (
                       day, company_id, lead_id, team_id, user_id, probability,
                       odoo_probability, stage_probability, source)
                   SELECT %(day)s, company_id, id, team_id, user_id, %(percent)s,
                          %(percent)s, %(stage)s, 'odoo'
                     FROM crm_lead WHERE id = ANY(%(leads)s)""",
                day=day,
                percent=percent,
                stage=stage,
                leads=leads.ids,
            )
        )

    def _closed(self, count, won):
        leads = self._leads(count)
        reason = self.env["crm.lost.reason"].search([], limit=1)
        leads[:won].action_set_won()
        leads[won:].action_set_lost(lost_reason_id=reason.id)
        self.env.flush_all()
        return leads

    def _read(self, user=None, **options):
        found = self.reliability.with_user(user or self.manager).action_read(
            **{"months": 0, **options}
        )
        return found, {one["source"]: one for one in found["sources"]}

    def test_figures(self):
        leads = self._closed(NEEDED, NEEDED // 5)
        for week in range(2):
            self._look(leads, 20, date(2024, 4, 1) + timedelta(weeks=week), stage=60)
        found, sources = self._read()
        self.assertEqual(found["win_rate"], 0.2)
        odoo, stage = sources["odoo"], sources["stage"]
        self.assertEqual((odoo["n"], odoo["deals"]), (2 * NEEDED, NEEDED))
        self.assertAlmostEqual(odoo["brier"], 0.16)
        self.assertAlmostEqual(odoo["ece"], 0)
        self.assertAlmostEqual(stage["ece"], 0.4)
        self.assertAlmostEqual(stage["brier"], 0.2 * 0.16 + 0.8 * 0.36)
        [one] = odoo["bins"]
        self.assertEqual((one["deals"], one["n"]), (NEEDED, 2 * NEEDED))
        self.assertAlmostEqual(one["came"], 0.2)
        self.assertEqual(sources["counts"]["brier"], odoo["brier"])

    def test_not_enough_data(self):
        self._look(self._closed(12, 3), 20)
        _found, sources = self._read()
        self.assertEqual(
            sources["odoo"]["text"], f"Not enough data: 12 closed, {NEEDED} needed."
        )
        self.assertFalse(sources["odoo"]["is_enough"])
        self.assertEqual(sources["history"]["deals"], 0)

    def test_open_ones_wait(self):
        self._look(self._leads(3), 20)
        found, sources = self._read()
        self.assertEqual(sources["odoo"]["deals"], 0)
        self.assertIsNone(found["win_rate"])

    def test_what_may_be_read(self):
        self._look(self._closed(12, 3), 20)
        for user, deals in (
            (self.seller, 12),
            (self.seller_two, 0),
            (self.all_leads, 12),
            (self.seller_abroad, 0),
        ):
            self.assertEqual(self._read(user)[1]["odoo"]["deals"], deals, user.login)

    def test_of_a_team_and_a_time(self):
        self._look(self._closed(12, 3), 20)
        for options, deals in (
            ({"team_id": self.team.id}, 12),
            ({"team_id": self.team_own.id}, 0),
            ({"months": 1}, 0),
            ({"months": 12000}, 12),
        ):
            found = self._read(**options)[1]["odoo"]["deals"]
            self.assertEqual(found, deals, options)
