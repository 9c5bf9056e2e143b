"""What the board reads after its first screen."""

from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..engine.monthly_counts import MonthlyCounts
from ..engine.stage_clock import learn_clock
from ..engine.stage_stay import day_stays
from .board_common import JUNE, BoardMixin
from .common import FirmCase


@tagged("post_install", "-at_install")
class TestForecastOutlook(BoardMixin, FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_board()
        versions = cls.env["crm.forecast.calibration"]
        versions.search([]).state = "past"
        counts, first = MonthlyCounts(), date(2023, 1, 1).toordinal()
        for came in range(first, first + 300, 5):
            moves = [(came, str(cls.stage_new.id))]
            counts.add(day_stays(moves, (came + 20, "won"), came + 21))
        clock = learn_clock(counts).as_json()
        cls.version = versions.create(
            {
                "state": "counts",
                "fitted_at": fields.Datetime.now(),
                "closed_count": 60,
                "won_count": 60,
                "learnt": {"score": None, "clock": clock, "share": 0.0},
            }
        )

    def test_numbers_are_added_to_the_rows_of_the_board(self):
        self._won(500)
        board = self._as(self.manager)
        first = board.read_board(JUNE)
        self.assertNotIn("projection", self._rows(first)["all"])
        self.assertIn("projection", [column["name"] for column in first["columns"]])
        whole = board._read_whole(JUNE)
        values = self._rows(whole)[self._key(self.team, self.seller)]
        self.assertEqual(values["closed"], 500)
        self.assertGreaterEqual(values["projection"], 500)

    def test_who_won_a_year_ago_only_has_a_row_with_the_outlook(self):
        self._won(300, closed="2023-06-12 12:00:00")
        board = self._as(self.manager)
        key = self._key(self.team, self.seller)
        self.assertNotIn(key, self._rows(board.read_board(JUNE)))
        whole = board._read_whole(JUNE)
        keys = [row["key"] for row in whole["rows"]]
        self.assertEqual(keys, ["all", self._key(self.team), key])
        for values in self._rows(whole).values():
            self.assertEqual(values["naive_last"], 300)
            self.assertEqual(values["closed"], 0)

    def test_too_few_closed_ones_project_nothing(self):
        self.version.closed_count = 49
        self._won(500)
        board = self._as(self.manager)
        columns = [column["name"] for column in board.read_board(JUNE)["columns"]]
        self.assertNotIn("projection", columns)
        self.assertEqual(board.read_outlook(JUNE)["names"], [])

    def test_nothing_is_projected_of_single_opportunities(self):
        self._won(500)
        some = {**JUNE, "domain": [("expected_revenue", ">", 100)]}
        outlook = self._as(self.manager).read_outlook(some)
        self.assertEqual(outlook["names"], [])
        self.assertEqual([row["key"] for row in outlook["rows"]], ["all"])

    def test_a_seller_sees_his_own(self):
        self._won(500)
        self._won(300, user_id=self.all_leads.id)
        rows = self._rows(self._as(self.seller)._read_whole(JUNE))
        self.assertEqual(rows["all"]["closed"], 500)
        self.assertNotIn(self._key(self.team, self.all_leads), rows)

    def test_it_is_for_sales_people(self):
        stranger = self._user("test_stranger", "base.group_user", self.company)
        with self.assertRaises(AccessError):
            self._as(stranger).read_outlook(JUNE)

    def test_the_first_screen_reads_no_past(self):
        board, rollup = self._as(self.manager), type(self.env["crm.forecast.rollup"])
        with patch.object(rollup, "_projection") as projection:
            board.read_board(JUNE)
            projection.assert_not_called()
            projection.return_value = {}
            board.read_outlook(JUNE)
            projection.assert_called_once()
