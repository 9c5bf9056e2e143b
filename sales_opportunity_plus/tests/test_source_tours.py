"""A salesperson and a manager with touches and their credit, in a real browser."""

from odoo.tests import HttpCase, tagged

from .attribution_report_common import AttributionReportMixin
from .common import FirmMixin


@tagged("post_install", "-at_install")
class TestSourceTours(AttributionReportMixin, FirmMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()
        cls.env["crm.stage.rule"].search([]).active = False
        cls._build_attribution()

    def _tour(self, path, name, login):
        self.start_tour(path, f"sales_opportunity_plus.{name}", login=login)

    def test_seller_adds_a_touch_and_takes_it_back(self):
        lead = self._lead()
        self._tour(f"/odoo/crm.lead/{lead.id}", "seller_touch", "test_seller")
        touches = self.env["crm.touchpoint"].search(
            [("lead_id", "=", lead.id)], order="id"
        )
        self.assertEqual(touches.mapped("origin"), ["manual", "reversal"])
        self.assertEqual(touches[0].note, "Met at the fair")
        self.assertEqual(touches[1].note, "Wrong deal")
        self.assertFalse(lead.touch_count)

    def test_seller_compares_models(self):
        lead = self._half_of_spring()
        self._tour(f"/odoo/crm.lead/{lead.id}", "seller_credit", "test_seller")

    def test_manager_reads_what_campaigns_brought(self):
        self._half_of_spring()
        self._cost(100)
        self._tour("/odoo", "manager_attribution", "test_manager")
        path = f"/odoo/utm.campaign/{self.spring.id}"
        self._tour(path, "manager_campaign", "test_manager")

    def _half_of_spring(self):
        """Won for 1,000: half to each campaign, or all to the first one."""
        lead = self._won()
        self._touch(lead, self.spring)
        self._touch(lead, self.autumn, when=(2024, 2, 10))
        self._credit(lead, self.first, self.linear)
        return lead
