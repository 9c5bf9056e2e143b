import base64
import csv

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open

from ..engine.target_csv import COLUMNS
from .target_common import MAY, Q2, YEAR, TargetCase

HEAD = "team;salesperson;period;target;measure;counts_from;note\n"


@tagged("post_install", "-at_install")
class TestForecastTargetImport(TargetCase):
    def check(self, text, user=None):
        imports = self.env["crm.forecast.target.import"].with_user(user or self.manager)
        wizard = imports.with_company(self.company).create(
            {
                "file": base64.b64encode((HEAD + text).encode()),
                "file_name": "targets.csv",
            }
        )
        wizard.action_check()
        return wizard

    def problems(self, wizard):
        return [(line.number, line.column, line.value) for line in wizard.line_ids]

    def test_template_has_the_columns(self):
        with file_open("sales_opportunity_plus/static/target_import_template.csv") as f:
            self.assertEqual(tuple(next(csv.reader(f, delimiter=";"))), COLUMNS)

    def test_check_writes_nothing(self):
        wizard = self.check("Test Team;;2026-05;100;;;\n")
        self.assertEqual((wizard.state, wizard.new_count), ("checked", 1))
        self.assertFalse(self.targets.search([]))

    def test_import_and_again(self):
        self.seller.partner_id.email = "Ann@Example.com"
        text = (
            "Test Team;ann@example.com;2026-05;1234,50;revenue;2026-05-16;Joined\n"
            "test team;TEST_SELLER_TWO;2026-Q2;7;count;;\n"
            ";;FY2026;1.000.000,00;New_Business;;\n"
        )
        self.check(text).action_import()
        self.assertEqual(
            self.amounts(MAY),
            {(self.team.id, self.seller.id): round(1234.5 * 16 / 31, 2)},
        )
        scope = (self.team.id, self.seller_two.id)
        self.assertEqual(self.amounts(Q2, "count"), {scope: 7})
        self.assertEqual(self.amounts(YEAR, "new_business"), {(0, 0): 1e6})
        wizard = self.check(text)
        self.assertEqual((wizard.new_count, wizard.same_count), (0, 3))
        wizard = self.check(text.replace("1234,50", "1300"))
        self.assertEqual((wizard.changed_count, wizard.same_count), (1, 2))
        wizard.action_import()
        target = self.targets.search([("user_id", "=", self.seller.id)])
        self.assertEqual(target.version_ids.mapped("amount"), [1300, 1234.5])

    def test_what_is_wrong(self):
        self.seller_two.active = False
        wizard = self.check(
            "Nowhere;;2026-05;1;;;\n"
            "Test Team;nobody;2026-05;1;;;\n"
            "Test Team;test_seller_two;2026-05;1;;;\n"
            "Test Team Abroad;;2026-05;1;;;\n"
            "Test Team;test_abroad;2026-05;1;;;\n"
            "Test Team;;May;1;;;\n"
            "Test Team;;2026-05;1,234;;;\n"
            "Test Team;;2026-05;1;profit;;\n"
            "Test Team;;2026-05;1,5;count;;\n"
            "Test Team;;2026-05;1;;2026-06-01;\n"
            "Test Team;;2026-05;1;;;\n"
            "test team;;2026-05;2;revenue;;\n"
        )
        self.assertEqual(
            self.problems(wizard),
            [
                (2, "team", "Nowhere"),
                (3, "salesperson", "nobody"),
                (4, "salesperson", "test_seller_two"),
                (5, "team", "Test Team Abroad"),
                (6, "salesperson", "test_abroad"),
                (7, "period", "May"),
                (8, "target", "1,234"),
                (9, "measure", "profit"),
                (10, "target", "1,5"),
                (11, "counts_from", "2026-06-01"),
                (13, "", "12"),
            ],
        )
        self.assertTrue(all(line.problem and line.remedy for line in wizard.line_ids))
        with self.assert_refused(UserError, "nothing was imported"):
            wizard.action_import()
        self.assertFalse(self.targets.search([]))

    def test_several_of_a_name(self):
        self.seller.name = self.seller_two.name = "Kim"
        wizard = self.check("Test Team;kim;2026-05;1;;;\n")
        self.assertEqual(wizard.line_ids.problem, "Several have this name")

    def test_fiscal_year(self):
        self.company.forecast_first_month = "7"
        self.check(";;2026-Q3;100;;;\n").action_import()
        target = self.targets.search([])
        self.assertEqual(str(target.period_start), "2026-01-01")
        self.assertEqual(target.period_name, "Q3 FY 2026")

    def test_no_file(self):
        wizard = (
            self.env["crm.forecast.target.import"].with_user(self.manager).create({})
        )
        with self.assert_refused(UserError, "No file"):
            wizard.action_check()

    def test_sellers_do_not_import(self):
        with self.assertRaises(AccessError):
            self.check("", self.seller)
