"""The forecast board in a browser, and its workbook."""

import io
import json

from odoo import fields, http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import FirmMixin

URL = "/sales_opportunity_plus/forecast_board/xlsx"


@tagged("post_install", "-at_install")
class TestForecastBoardScreen(FirmMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._build_firm()
        cls.env["crm.stage.rule"].search([]).active = False
        for amount, user in ((1000, cls.seller), (500, cls.seller_two)):
            lead = cls._lead(expected_revenue=amount, user_id=user.id)
            lead.action_set_won()

    def test_manager_reads_the_board(self):
        self.start_tour(
            "/odoo", "sales_opportunity_plus.manager_board", login="test_manager"
        )

    def _download(self, login, options=None, **more):
        self.authenticate(login, login)
        board = {"options": options or {}, **more.pop("board", {})}
        data = {"board": json.dumps(board), **more}
        return self.url_open(
            URL,
            {**data, "csrf_token": http.Request.csrf_token(self)} if login else data,
        )

    def _sheet(self, response):
        import openpyxl  # noqa: PLC0415

        self.assertEqual(response.status_code, 200, response.text[:500])
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        return book.worksheets[0]

    def test_workbook_has_the_numbers_of_the_screen(self):
        self._lead(
            name="=1+1",
            expected_revenue=100.25,
            probability=50,
            date_deadline=fields.Date.today(),
            forecast_category_override="commit",
        )
        self.seller.name = "=HYPERLINK()"
        self.env.flush_all()
        board = self.env["crm.forecast.board"].with_user(self.manager)
        content = board.read_board({})
        sheet = self._sheet(self._download("test_manager"))
        lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
        titles = lines[1]
        for line, row in zip(lines[2:], content["rows"], strict=False):
            values = row["values"]
            found = dict(zip(titles, line, strict=True))
            self.assertEqual(found["Closed"], values["closed"])
            self.assertEqual(found["Commit"], values["cumulative"]["commit"])
            self.assertAlmostEqual(found["P90"], values["p90"])
            self.assertAlmostEqual(
                found["Weighted"], values["weighted"] + values["closed"]
            )
        labels = {cell for line in lines for cell in line}
        self.assertIn("=HYPERLINK()", labels)
        self.assertFalse(
            [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]
        )
        # By category: without what is closed.
        response = self._download("test_manager", board={"sums": "category"})
        lines = [
            [cell.value for cell in row] for row in self._sheet(response).iter_rows()
        ]
        self.assertEqual(lines[2][titles.index("Commit")], 100.25)

    def test_workbook_has_the_rights_of_its_reader(self):
        sheet = self._sheet(self._download("test_seller"))
        texts = {str(cell.value) for row in sheet.iter_rows() for cell in row}
        self.assertIn("1000", texts)
        self.assertFalse({"500", "1500"} & texts)

    @mute_logger("odoo.http")
    def test_workbook_refuses_others(self):
        self.assertNotIn(
            "spreadsheet", self._download(None).headers.get("Content-Type", "")
        )
        for more in (
            {"company_ids": json.dumps([self.company_abroad.id])},
            {"company_ids": "oops"},
            {"options": {"kind": "decade"}},
            {"board": {"options": ["month"]}},
        ):
            with self.subTest(more=more):
                response = self._download("test_seller", **more)
                self.assertNotEqual(response.status_code, 200)
