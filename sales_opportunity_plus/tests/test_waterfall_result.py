"""The chart of the waterfall, the way to its deals, and its workbook."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..engine import waterfall as engine
from ..wizards import waterfall_xlsx
from .test_waterfall import AFTER, BEFORE, WaterfallCase


class ResultCase(WaterfallCase):
    def _open(self, **values):
        deal = {
            "amount": Decimal(100),
            "company": self.company.id,
            "team": self.team.id,
            "person": self.seller.id,
            "deadline": date(2024, 4, 20),
        }
        return engine.Deal("open", currency=self.euro.id, **(deal | values))

    def _three(self):
        """One that grew, one that changed hands, one that came."""
        grew, moved, came = self._leads(3)
        later = date(2024, 4, 3)
        self._insert(grew, self._open(), date(2024, 3, 1), later)
        self._insert(grew, self._open(amount=Decimal(150)), later, None)
        self._insert(moved, self._open(), date(2024, 3, 1), later)
        other = {"person": self.seller_two.id}
        self._insert(moved, self._open(**other), later, None)
        self._insert(came, self._open(amount=Decimal(7)), later, None)
        came.name = "=1+1"
        return grew, moved, came

    def _rows_of(self, content, sheet):
        book = load_workbook(io.BytesIO(content))
        return [list(row) for row in book[sheet].iter_rows(values_only=True)]

    def _let_export(self):
        self.both.group_ids += self.env.ref("base.group_allow_export")


@tagged("post_install", "-at_install")
class TestWaterfallResult(ResultCase):
    def test_chart(self):
        self._three()
        run = self._run(split="person")
        whole, *parts = run.chart["parts"]
        self.assertEqual(run.chart["currency_id"], self.euro.id)
        self.assertEqual(whole["key"], False)
        self.assertEqual(
            [(bar["bar"], bar["value"], bar["deals"]) for bar in whole["bars"]],
            [
                ("opening", 200, 2),
                ("new", 7, 1),
                ("owner_in", 100, 1),
                ("amount_up", 50, 1),
                ("owner_out", -100, 1),
                ("closing", 257, 3),
            ],
        )
        self.assertEqual(
            {part["key"] for part in parts}, {self.seller.id, self.seller_two.id}
        )
        for part in parts:
            rest = {bar["bar"]: bar["value"] for bar in part["bars"]}
            closing = rest.pop("closing")
            self.assertAlmostEqual(sum(rest.values()), closing)

    def test_nothing_happened(self):
        [whole] = self._run().chart["parts"]
        self.assertEqual([bar["value"] for bar in whole["bars"]], [0, 0])

    def test_each_bar_of_each_row_opens_its_deals(self):
        grew, moved, came = self._three()
        run = self._run(split="person")
        for bar, part, leads in (
            ("opening", False, grew | moved),
            ("opening", self.seller.id, grew | moved),
            ("opening", self.seller_two.id, grew.browse()),
            ("closing", self.seller_two.id, moved),
            ("closing", self.seller.id, grew | came),
            ("owner_out", self.seller.id, moved),
            ("owner_in", self.seller.id, grew.browse()),
            ("new", False, came),
        ):
            with self.subTest(bar=bar, part=part):
                action = run.action_open_bar(bar, part)
                found = run.env[action["res_model"]].search(action["domain"])
                self.assertEqual(found.lead_id, leads)

    def test_rows_of_nobody_and_of_months(self):
        lead = self._lead()
        nobody = self._open(person=0, deadline=None)
        self._insert(lead, nobody, date(2024, 3, 1), None)
        for split in ("person", "month", "category", "team", "company"):
            run = self._run(split=split)
            [_whole, part] = run.chart["parts"]
            action = run.action_open_bar("closing", part["key"])
            found = run.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found.lead_id, lead, split)

    def test_period_and_category_narrow_the_deals_too(self):
        grew, *_others = self._three()
        outside = self._lead()
        far = self._open(deadline=date(2024, 9, 1))
        self._insert(outside, far, date(2024, 3, 1), None)
        run = self._run(
            period_from="2024-04-01",
            period_to="2024-04-30",
            category="pipeline",
            user_ids=self.seller.ids,
            team_ids=self.team.ids,
            company_ids=self.company.ids,
        )
        action = run.action_open_bar("closing")
        found = run.env[action["res_model"]].search(action["domain"])
        self.assertIn(grew, found.lead_id)
        self.assertEqual(sum(found.mapped("amount")), self._bars(run)["closing"])

    def test_amounts_as_they_were(self):
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.crown.id,
                "name": "2024-04-05",
                "rate": 5,
                "company_id": False,
            }
        )
        lead = self._lead()
        deal = replace(self._open(), currency=self.crown.id)
        self._insert(lead, deal, date(2024, 3, 1), None)
        report = self.env["crm.pipeline.history.report"].with_user(self.both)
        names = ["amount:sum", "amount_then:sum", "weighted_amount_then:sum"]
        for asked, then in (("2024-04-04", 25), ("2024-04-05", 20), ("today", 20)):
            domain = [("as_of", "=", asked)]
            [sums] = report._read_group(domain, [], names)
            self.assertEqual(sums, (20, then, then), asked)
            report.invalidate_model()
            [row] = report.search_read(domain, ["amount_then"])
            self.assertEqual(row["amount_then"], then)
        forged = report.with_context(pipeline_as_of_day="2024-04-04'")
        [sums] = forged._read_group([], [], names)
        self.assertEqual(sums, (20, 20, 20))

    def test_deals_are_not_added_up_over_bars(self):
        self._three()
        run = self._run()
        lines = run.env["crm.pipeline.waterfall.line"]
        domain = [("waterfall_id", "=", run.id)]
        [(total,)] = lines._read_group(domain, [], ["deals:sum"])
        self.assertFalse(total)
        found = dict(lines._read_group(domain, ["bar"], ["deals:sum"]))
        self.assertEqual(found["opening"], 2)

    def test_others_do_not_see_it(self):
        run = self._run().with_user(self.seller_two)
        for method in ("action_pivot", "action_export", "action_change"):
            with self.assertRaises(AccessError):
                getattr(run, method)()
        with self.assertRaises(AccessError):
            run.action_open_bar("opening")

    def test_workbook(self):
        grew, moved, came = self._three()
        self._let_export()
        run = self._run(split="person")
        content = waterfall_xlsx.workbook(run)
        table = self._rows_of(content, "Waterfall")
        self.assertIn(["All", "Amount up", 1, 50], table)
        _heads, *deals = self._rows_of(content, "Deals")
        self.assertIn(
            ("New", came.id, "=1+1", 7), {(*row[:3], row[9]) for row in deals}
        )
        sums = {}
        for row in deals:
            sums[row[0]] = sums.get(row[0], 0) + row[9]
        self.assertEqual((sums["Opening"], sums["Closing"]), (200, 257))
        opening = {row[1] for row in deals if row[0] == "Opening"}
        self.assertEqual(opening, {grew.id, moved.id})

    def test_workbook_without_the_right_to_export(self):
        self._three()
        book = load_workbook(io.BytesIO(waterfall_xlsx.workbook(self._run())))
        self.assertEqual(book.sheetnames, ["Waterfall"])

    def test_workbook_with_too_many_deals_has_sums_of_the_ends(self):
        self._three()
        self._let_export()
        self.patch(waterfall_xlsx, "MOST_DEALS", 1)
        content = waterfall_xlsx.workbook(self._run())
        _heads, *deals = self._rows_of(content, "Deals")
        [opening] = [row for row in deals if row[0] == "Opening"]
        self.assertEqual((opening[1], opening[8], opening[9]), (None, 2, 200))


@tagged("post_install", "-at_install")
class TestWaterfallDownload(ResultCase, HttpCase):
    def test_only_ones_own(self):
        self._three()
        run = self._run()
        self.assertEqual(run.run_company_ids, self.both.company_ids.ids)
        url = run.action_export()["url"]
        self.assertIn("/login", self.url_open(url).url)
        self.authenticate("test_seller_two", "test_seller_two")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 403)
        self.authenticate("test_both", "test_both")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn(str(BEFORE), answer.headers["Content-Disposition"])
        self.assertIn(str(AFTER), answer.headers["Content-Disposition"])
        self.assertTrue(self._rows_of(answer.content, "Waterfall"))
        gone = self.url_open("/crm_pipeline_waterfall/999999999/xlsx")
        self.assertEqual(gone.status_code, 404)
