"""What people entered, on the board: targets, adjustments and calls."""

from odoo.tests import tagged

from .board_common import JUNE, BoardMixin
from .common import FirmCase

PERIOD = {"period_kind": "month", "period_start": "2024-06-01"}


@tagged("post_install", "-at_install")
class TestForecastBoardEntered(BoardMixin, FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_board()

    def _target(self, amount, user=None, team=None):
        self.env["crm.forecast.target"].create(
            {
                **PERIOD,
                "company_id": self.company.id,
                "team_id": team.id if team else False,
                "user_id": user.id if user else False,
                "amount": amount,
            }
        )

    def _adjust(self, amount, kind="signed", user=None):
        self.env["crm.forecast.adjustment"].with_user(self.manager).create(
            {
                **PERIOD,
                "team_id": self.team.id,
                "user_id": user.id if user else False,
                "amount": amount,
                "kind": kind,
                "forecast_category": "commit",
                "reason_kind": "other",
                "reason": "To test",
            }
        )

    def test_target_gap_attainment_coverage(self):
        self._won(300)
        self._lead(expected_revenue=1400, date_deadline="2024-05-20")
        # Of another period: it covers no gap of this one.
        self._lead(expected_revenue=9000, date_deadline="2024-09-20")
        self._target(1000, self.seller, self.team)
        self._target(500, self.seller_two)
        rows = self._rows(self._read(self.manager))
        mine = rows[self._key(self.team, self.seller)]
        self.assertEqual((mine["target"], mine["gap"]), (1000, 700))
        self.assertEqual((mine["attainment"], mine["coverage"]), (0.3, 2.0))
        # Entered for no team, and without any opportunity.
        other = rows[f"team-0-user-{self.seller_two.id}"]
        self.assertEqual((other["target"], other["closed"]), (500, 0))
        self.assertEqual(rows["all"]["target"], 1500)
        self._target(2000, team=self.team)
        rows = self._rows(self._read(self.manager))
        self.assertEqual(rows[self._key(self.team)]["target"], 2000)
        self.assertEqual(rows["all"]["target"], 2500)
        names = [c["name"] for c in self._read(self.manager)["columns"]]
        self.assertIn("coverage", names)
        # Who reads some of the team's opportunities has his own target only.
        rows = self._rows(self._read(self.seller))
        self.assertEqual(rows["all"]["target"], 1000)

    def test_no_targets(self):
        columns = {c["name"]: c for c in self._read(self.manager)["columns"]}
        self.assertIn("No targets", columns["target"]["empty"])
        self.assertNotIn("coverage", columns)

    def test_adjustments(self):
        deal = {"date_deadline": "2024-06-20", "forecast_category_override": "commit"}
        self._lead(expected_revenue=100, **deal)
        self._lead(expected_revenue=10, user_id=self.seller_two.id, **deal)
        self._adjust(20, user=self.seller)
        rows = self._rows(self._read(self.manager))
        for key in (self._key(self.team, self.seller), self._key(self.team), "all"):
            self.assertEqual(rows[key]["adjustments"], {"commit": 20})
        self._adjust(50, "override")
        rows = self._rows(self._read(self.manager))
        self.assertEqual(rows[self._key(self.team)]["adjustment"], 50 - 110)
        self.assertEqual(rows["all"]["adjustment"], 50 - 110)

    def test_call(self):
        self._won(300)
        calls = self.env["crm.forecast.call"].with_user(self.seller)
        calls.with_context(allowed_company_ids=self.company.ids).action_submit(
            {
                **PERIOD,
                "user_id": self.seller.id,
                "team_id": self.team.id,
                "amount": 900,
                "commit": 250,
                "best_case": 1000,
            }
        )
        board = self._read(self.manager)
        values = self._rows(board)[self._key(self.team, self.seller)]
        self.assertEqual((values["change"], values["call"]["amount"]), (50, 900))
        self.assertEqual(self._rows(board)["all"]["change"], 50)
        self.assertTrue(board["can_submit"])
        self.assertEqual(
            board["options"], {**JUNE, "day": "2024-06-01", "measure": "revenue"}
        )
