"""A salesperson and a manager at work, in a real browser."""

from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged

from .common import FirmMixin

PIPELINE = "/odoo/action-crm.crm_lead_action_pipeline"


class TourCase(FirmMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()
        cls.stage_talk.forecast_category = "best_case"
        cls.lead = cls._lead()


@tagged("post_install", "-at_install")
class TestTours(TourCase):
    def test_seller_moves_and_commits(self):
        self.start_tour(PIPELINE, "sales_opportunity_plus.seller", login="test_seller")
        self.assertEqual(
            self._lived(self.lead),
            [("created", "Test New", "open"), ("forward", "Test Talk", "open")],
        )
        self.assertEqual(self._stays(self.lead)[-1].moved_by_id, self.seller.id)
        self.assertFalse(self.lead.forecast_category_override)

    def test_manager_reads_the_forecast(self):
        self.lead.date_deadline = datetime(2024, 5, 5)
        self._lead(stage_id=self.stage_won.id, probability=100)
        self.start_tour(
            "/odoo", "sales_opportunity_plus.manager_forecast", login="test_manager"
        )

    def test_manager_reads_the_time_in_stages(self):
        lead = self._lead(stage_id=self.stage_offer.id)
        start = datetime(2024, 5, 1)
        self.env["crm.stage.history"]._import_past(
            [
                {
                    "lead_id": lead.id,
                    "stage_id": stage.id,
                    "entered_at": start + timedelta(days=10 * number),
                }
                for number, stage in enumerate(
                    (self.stage_new, self.stage_talk, self.stage_offer)
                )
            ]
        )
        self.start_tour(
            "/odoo", "sales_opportunity_plus.manager_history", login="test_manager"
        )


@tagged("post_install", "-at_install")
class TestMobileTours(TourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_seller_looks_at_the_timeline(self):
        self.lead.stage_id = self.stage_talk
        self.start_tour(
            f"/odoo/crm.lead/{self.lead.id}",
            "sales_opportunity_plus.seller_mobile",
            login="test_seller",
        )
