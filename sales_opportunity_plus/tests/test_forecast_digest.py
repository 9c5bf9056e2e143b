"""Figures of the forecast in Odoo's digest: right, by company, by rights."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.forecast import digest_digest
from .common import MANAGER
from .pipeline_common import DAY_ONE, PipelineCase


@tagged("post_install", "-at_install")
class TestForecastDigest(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.stage.rule"].search([]).active = False
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Forecast",
                "company_id": cls.company.id,
                "kpi_forecast_weighted": True,
                "kpi_forecast_commit": True,
                "kpi_forecast_coverage": True,
                "kpi_forecast_slipped": True,
            }
        )
        cls.lead = cls._deal(1000, probability=20)
        cls.commit = cls._deal(
            500,
            probability=50,
            user_id=cls.seller_two.id,
            forecast_category_override="commit",
        )
        cls._deal(4000, probability=50, date_deadline="2024-07-01")
        cls._deal(9000, probability=50, forecast_category_override="omitted")
        cls._deal(
            300,
            company_id=cls.company_abroad.id,
            team_id=cls.team_abroad.id,
            user_id=cls.seller_abroad.id,
        )
        won = cls._deal(100)
        won.action_set_won()
        won.date_closed = DAY_ONE

    @classmethod
    def _deal(cls, amount, **values):
        return cls._lead(
            **{"expected_revenue": amount, "date_deadline": "2024-05-10", **values}
        )

    def _value(self, name, user=None, day=1, digest=None):
        """The figure in a mail that is sent on the morning of a day."""
        end = DAY_ONE.replace(hour=6) + timedelta(days=day)
        digest = (digest or self.digest).with_user(user or self.manager)
        company = digest.company_id or self.company
        digest = digest.with_context(
            start_datetime=end - timedelta(days=1), end_datetime=end
        ).with_company(company)
        digest.invalidate_model()
        return digest[f"kpi_forecast_{name}_value"]

    def _targets(self, targets):
        return patch.object(digest_digest, "targets_of", lambda *args: targets)

    def test_figures_as_of_a_day(self):
        self._take(DAY_ONE)
        self.assertEqual(self._value("weighted"), 450)
        self.assertEqual(self._value("commit"), 500)
        self.assertEqual(self._value("slipped"), 0)
        self.lead.date_deadline = "2024-06-01"
        self.commit.date_deadline = "2024-08-01"
        self._take(DAY_ONE + timedelta(days=1))
        self.assertEqual(self._value("slipped", day=2), 2)
        self.assertEqual(self._value("commit", day=2), 0)
        self.assertEqual(self._value("commit", day=1), 500)
        self.assertEqual(self._value("slipped", day=3), 0)
        self.assertEqual(self._value("weighted", day=0), 0)

    def test_coverage(self):
        self._take(DAY_ONE)
        with self._targets({(0, 0): 1200.0, (self.team.id, self.seller.id): 600.0}):
            self.assertAlmostEqual(self._value("coverage"), 1500 / 1100)
            # A salesperson: his target, his opportunities.
            self.assertAlmostEqual(self._value("coverage", self.seller), 1000 / 500)
        for reached in ({}, {(0, 0): 100.0}):
            with self._targets(reached), self.assertRaises(AccessError):
                self._value("coverage")

    def test_everybody_sees_what_he_may_read(self):
        self._take(DAY_ONE)
        self.assertEqual(self._value("weighted", self.seller), 200)
        self.assertEqual(self._value("commit", self.seller), 0)
        self.assertEqual(self._value("commit", self.seller_two), 500)
        clerk = self._user("test_clerk", "base.group_user", self.company)
        for name in ("weighted", "commit", "coverage", "slipped"):
            with self.assertRaises(AccessError):
                self._value(name, clerk)

    def test_company(self):
        """Without a company of its own, it is of the company of the reader."""
        self._take(DAY_ONE)
        self.digest.company_id = False
        boss = self._user("test_boss", MANAGER, self.company_abroad)
        end = DAY_ONE + timedelta(days=1)
        digest = self.digest.with_user(boss).with_company(self.company_abroad)
        digest = digest.with_context(start_datetime=DAY_ONE, end_datetime=end)
        self.assertEqual(digest.kpi_forecast_weighted_value, 60)

    def test_mail(self):
        self._take(DAY_ONE)
        kpis = self.digest._compute_kpis(self.company, self.manager)
        names = [kpi["kpi_name"] for kpi in kpis if "forecast" in kpi["kpi_name"]]
        self.assertEqual(
            names,
            ["kpi_forecast_weighted", "kpi_forecast_commit", "kpi_forecast_slipped"],
        )
        for kpi in kpis:
            if kpi["kpi_name"] in names:
                xmlid, _menu = kpi["kpi_action"].split("?")
                self.assertTrue(self.env.ref(xmlid))
