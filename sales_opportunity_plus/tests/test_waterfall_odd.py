"""The waterfall of deals as they should not be: odd amounts, no rate, moved away."""

from datetime import date, datetime
from decimal import Decimal

from odoo.tests import tagged

from ..engine import waterfall as engine
from .test_waterfall import WaterfallCase

START = date(2024, 3, 1)
DAYS = {"date_from": date(2024, 4, 1), "date_to": date(2024, 4, 2)}


@tagged("post_install", "-at_install")
class TestWaterfallOdd(WaterfallCase):
    def _deal(self, amount, currency=None, **values):
        currency = currency or self.euro
        values = {"company": self.company.id, "team": self.team.id, **values}
        deal = engine.Deal("open", Decimal(amount), currency.id, **values)
        self._insert(self._lead(), deal, START, None)

    def test_a_deal_moved_to_another_company(self):
        lead = self._lead(expected_revenue=100, date_deadline="2024-05-05")
        self._take(datetime(2024, 4, 1, 12))
        lead.write(
            {
                "company_id": self.company_abroad.id,
                "team_id": self.team_abroad.id,
                "user_id": self.seller_abroad.id,
            }
        )
        self._take(datetime(2024, 4, 2, 12))
        run = self._run(split="company", **DAYS)
        bars = {"opening": 100, "owner_out": -100, "owner_in": 100}
        bars |= {"currency": -75, "closing": 25}
        self.assertEqual(self._bars(run), bars)
        by_company = {}
        for line in self._lines(run):
            by_company.setdefault(line.company_id, {})[line.bar] = line.value
        home = {"opening": 100, "owner_out": -100}
        abroad = {"owner_in": 100, "currency": -75, "closing": 25}
        expected = {self.company: home, self.company_abroad: abroad}
        self.assertEqual(by_company, expected)
        alone = self._run(company_ids=self.company.ids, **DAYS)
        self.assertEqual(self._bars(alone), home)

    def test_amounts_of_zero_below_zero_and_huge(self):
        for amount in (0, "-500.25", "1e13"):
            self._deal(amount)
        whole = 1e13 - 500.25
        bars = self._bars(self._run(**DAYS))
        self.assertEqual(bars, {"opening": whole, "closing": whole})

    def test_without_a_rate_and_without_a_closing(self):
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.crown.id)]
        ).unlink()
        self._deal(100)
        self._deal(400, self.crown, company=self.company_abroad.id)
        self.assertEqual(self._bars(self._run(**DAYS))["opening"], 100)
        # Who asks for a period does not ask for what is expected never.
        run = self._run(period_to=date(2024, 4, 30), **DAYS)
        self.assertEqual(self._bars(run), {})

    def test_no_deals(self):
        run = self._run(**DAYS)
        self.assertFalse(self._lines(run))
        [whole] = run.chart["parts"]
        self.assertEqual(
            [(bar["bar"], bar["value"]) for bar in whole["bars"]],
            [("opening", 0), ("closing", 0)],
        )

    def test_closed_late_in_the_evening_in_honolulu(self):
        self.company.partner_id.tz = "Pacific/Honolulu"
        lead = self._lead(expected_revenue=100)
        # Half past eleven in the evening of the first of April there.
        self._take(datetime(2024, 4, 1, 12))
        with self._at(datetime(2024, 4, 2, 9, 30)):
            lead.action_set_won()
        self._take(datetime(2024, 4, 2, 9, 45))
        self._take(datetime(2024, 4, 2, 12))
        before = {"date_from": date(2024, 3, 31), "date_to": date(2024, 4, 1)}
        self.assertEqual(self._bars(self._run(**before))["won"], -100)
        self.assertEqual(self._bars(self._run(**DAYS)), {})
