"""The range of a row: of few deals from each of them, else from their cumulants."""

from unittest.mock import patch

from odoo.tests import tagged

from ..engine import board as engine
from ..engine.cumulants import total
from ..engine.forecast_error import ForecastError
from ..engine.forecast_range import range_of_deals, range_of_sums
from ..models.forecast.board_reading import BoardReading
from .board_common import BoardMixin
from .common import FirmCase


@tagged("post_install", "-at_install")
class TestForecastBoardRange(BoardMixin, FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_board()
        cls.team_two = cls._team("Test Team Two", cls.company, cls.seller_two)
        # What past forecasts have taught is not what is looked at.
        cls.startClassPatcher(patch.object(BoardReading, "error", ForecastError()))

    def _open(self, number, amount=100, probability=20, **values):
        return [
            self._lead(
                date_deadline="2024-06-20",
                expected_revenue=amount,
                probability=probability,
                **values,
            )
            for _each in range(number)
        ]

    def _range(self, values):
        return tuple(round(values[name], 2) for name in ("p10", "p50", "p90"))

    def _expected(self, found):
        return tuple(round(one, 2) for one in (found.p10, found.p50, found.p90))

    def test_few_deals_one_by_one(self):
        self._open(1, 1000, 50)
        self._open(2, 70, 90)
        self._open(1, 5000, 100)
        self._open(1, 99, 80, forecast_category_override="omitted")
        self._open(1, 99, 80).pop().date_deadline = "2024-09-01"
        self._open(1, 99, 0)
        self._won(300)
        deals = [(0.5, 1000), (0.9, 70), (0.9, 70), (1.0, 5000)]
        expected = range_of_deals(deals, ForecastError(), 300)
        rows = self._rows(self._read(self.manager))
        for key in ("all", self._key(self.team), self._key(self.team, self.seller)):
            self.assertEqual(self._range(rows[key]), self._expected(expected))
        by_sums = range_of_sums(total(deals), ForecastError(), 300)
        self.assertNotEqual(self._expected(expected), self._expected(by_sums))

    def test_many_together_are_few_apart(self):
        two = {"user_id": self.seller_two.id, "team_id": self.team_two.id}
        self._open(engine.FEW - 1)
        self._open(2, 300, 50, **two)
        rows = self._rows(self._read(self.manager))
        apart = range_of_deals([(0.5, 300)] * 2, ForecastError())
        key = self._key(self.team_two, self.seller_two)
        self.assertEqual(self._range(rows[key]), self._expected(apart))
        deals = [(0.2, 100)] * (engine.FEW - 1) + [(0.5, 300)] * 2
        together = range_of_sums(total(deals), ForecastError())
        self.assertEqual(self._range(rows["all"]), self._expected(together))

    def test_of_others_only_what_may_be_read(self):
        self._open(2)
        self._open(3, user_id=self.seller_two.id)
        rows = self._rows(self._read(self.seller))
        expected = range_of_deals([(0.2, 100)] * 2, ForecastError())
        self.assertEqual(self._range(rows["all"]), self._expected(expected))

    def test_in_the_currency_of_the_reader_and_without_a_rate(self):
        self._open(1, 100, 50)
        abroad = self._abroad(expected_revenue=400, date_deadline="2024-06-20")
        abroad.probability = 50
        companies = self.company, self.company_abroad
        rows = self._rows(self._read(self.both, *companies))
        expected = range_of_deals([(0.5, 100), (0.5, 100)], ForecastError())
        self.assertEqual(self._range(rows["all"]), self._expected(expected))
        rates = self.env["res.currency.rate"]
        rates.search([("currency_id", "=", self.crown.id)]).unlink()
        rows = self._rows(self._read(self.both, *companies))
        expected = range_of_deals([(0.5, 100)], ForecastError())
        self.assertEqual(self._range(rows["all"]), self._expected(expected))

    def test_zero_negative_and_huge_amounts(self):
        self._open(1, 0, 50)
        self._open(1, -500, 50)
        self._open(1, 1e13, 50)
        values = self._rows(self._read(self.manager))["all"]
        self.assertLess(values["p10"], 0)
        self.assertGreater(values["p90"], 1e12)

    def test_one_query_more_whatever_the_number_of_rows(self):
        self._open(engine.FEW + 1)
        many = self._queries()
        for number in range(4):
            team = self._team(f"Team {number}", self.company, self.seller)
            self._open(2, team_id=team.id)
        self.assertLessEqual(self._queries(), many + 1)

    def _queries(self):
        self._read(self.manager)
        board = self._as(self.manager)
        before = self.env.cr.sql_log_count
        board.read_board({"day": "2024-06-12"})
        return self.env.cr.sql_log_count - before

    def test_no_more_than_so_many_are_looked_at(self):
        self._open(2)
        self._open(3, user_id=self.seller_two.id)
        with patch.object(engine, "LOOKED_AT", 2):
            rows = self._rows(self._read(self.manager))
        two = range_of_deals([(0.2, 100)] * 2, ForecastError())
        three = range_of_sums(total([(0.2, 100)] * 3), ForecastError())
        ours = self._range(rows[self._key(self.team, self.seller)])
        self.assertEqual(ours, self._expected(two))
        theirs = self._range(rows[self._key(self.team, self.seller_two)])
        self.assertEqual(theirs[1:], self._expected(three)[1:])
