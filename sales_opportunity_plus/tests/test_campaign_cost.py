"""Campaign costs: what may be entered, how it is spread, who sees it, the import."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, file_open

from ..report import campaign_cost_sql
from .attribution_report_common import AttributionReportCase

#: Amount, first and last day, decimals of the currency.
SPREADS = [
    (0, "2024-01-01", "2024-12-31", 2),
    (0.01, "2024-01-31", "2024-03-01", 2),
    (0.05, "2024-01-01", "2024-01-07", 2),
    (100, "2024-02-29", "2024-02-29", 2),
    (1000, "2023-12-31", "2024-01-01", 2),
    (999.99, "2021-01-15", "2024-01-14", 2),
    (500, "2024-01-01", "2024-12-31", 0),
    (1, "2024-01-01", "2024-12-31", 0),
    (1234.567, "2024-01-31", "2024-05-30", 3),
    (123456789.01, "2014-01-01", "2023-12-31", 2),
]


@tagged("post_install", "-at_install")
class TestCampaignCost(AttributionReportCase):
    def _shares(self, cost):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT date, amount FROM (%s) line WHERE cost_id = %s ORDER BY date",
                campaign_cost_sql.entered(),
                cost.id,
            )
        )
        return {day: float(amount) for day, amount in rows}

    def test_the_months_add_up_to_the_amount(self):
        for n, (amount, first, last, decimals) in enumerate(SPREADS):
            with self.subTest(amount=amount, first=first, last=last):
                currency = self._currency(f"Q{n:02}", 1.0)
                currency.rounding = 10**-decimals
                cost = self._cost(amount, days=(first, last), currency_id=currency.id)
                shares = self._shares(cost)
                self.assertAlmostEqual(sum(shares.values()), amount, 6)
                self.assertGreaterEqual(min(shares.values()), 0)
                days = (cost.date_to - cost.date_from).days + 1
                months = (
                    (cost.date_to.year - cost.date_from.year) * 12
                    + cost.date_to.month
                    - cost.date_from.month
                    + 1
                )
                self.assertEqual(len(shares), months)
                starts = [*sorted(shares), None]
                for start, following in zip(starts, starts[1:], strict=False):
                    end = following or date.fromordinal(cost.date_to.toordinal() + 1)
                    even = amount * (end - start).days / days
                    self.assertLessEqual(
                        abs(shares[start] - even), currency.rounding + 1e-6
                    )

    def test_spread_by_days(self):
        cost = self._cost(61, days=("2024-01-30", "2024-03-30"))
        self.assertEqual(
            self._shares(cost),
            {date(2024, 1, 30): 2, date(2024, 2, 1): 29, date(2024, 3, 1): 30},
        )

    def test_wrong_amounts_and_days(self):
        for values, message in (
            ({"amount": float("nan")}, "zero or more"),
            ({"amount": float("inf")}, "zero or more"),
            ({"amount": -0.01}, "zero or more"),
            ({"campaign_id": False}, "choose a campaign"),
            ({"date_from": "0001-01-01"}, "between 1970 and 2199"),
            ({"date_to": "9999-12-31"}, "between 1970 and 2199"),
        ):
            with self.subTest(values), self.assert_refused(ValidationError, message):
                self._cost(**{"amount": 5, **values})
        for values, message in (
            ({"date_from": "2024-04-01"}, "dates_are_ordered"),
            ({"date_from": "2013-01-01"}, "dates_are_near"),
        ):
            with self.subTest(values), self.assert_refused(IntegrityError, message):
                self._cost(5, **values)
        cost = self._cost(5)
        with self.assert_refused(ValidationError, "zero or more"):
            cost.amount = float("nan")
        with self.assert_refused(ValidationError, "choose a campaign"):
            cost.campaign_id = False

    def test_reference_is_unique_in_its_company(self):
        self._cost(5, reference=" INV-1 ")
        self._cost(5, reference="INV-1", company_id=self.company_abroad.id)
        self._cost(5, reference=" ")
        self._cost(5, reference="")
        with self.assert_refused(IntegrityError, "one_per_reference"):
            self._cost(5, reference="INV-1")

    def test_archive_instead_of_delete(self):
        cost = self._cost(5)
        with self.assert_refused(AccessError, ""):
            cost.with_user(self.manager).unlink()
        with self.assert_refused(ValidationError, "archive it"):
            cost.unlink()
        cost.with_user(self.manager).action_archive()
        self.assertFalse(self._shares(cost))

    def test_salespeople_have_no_access(self):
        cost = self._cost(5)
        for user in (self.seller, self.all_leads):
            with self.assert_refused(AccessError, ""):
                cost.with_user(user).read(["amount"])
            with self.assert_refused(AccessError, ""):
                self.env["crm.campaign.cost"].with_user(user).search([])

    def test_costs_of_another_company(self):
        abroad = self._cost(5, company_id=self.company_abroad.id)
        costs = self._report(name="crm.campaign.cost").search([])
        self.assertNotIn(abroad, costs)
        with self.assert_refused(AccessError, ""):
            costs.create(
                {
                    "campaign_id": self.spring.id,
                    "amount": 5,
                    "date_from": "2024-01-01",
                    "date_to": "2024-01-01",
                    "company_id": self.company_abroad.id,
                }
            )

    def test_name_of_what_was_deleted_stays(self):
        cost = self._cost(5, medium_id=self.medium.id)
        self.spring.unlink()
        self.medium.unlink()
        self.env.invalidate_all()
        self.assertFalse(cost.campaign_id)
        self.assertIn("Test Spring, Test Medium", cost.display_name)
        [(name, amount)] = self._sums(
            ["cost:sum"],
            [("model_id", "=", self.linear.id)],
            ["campaign_name"],
        )
        self.assertEqual((name, amount), ("Test Spring", 5))
        cost.amount = 7
        self.assertIn("Test Spring", cost.display_name)

    def _load(self, *rows, fields_=("reference", "campaign_id", "amount")):
        costs = self._report(name="crm.campaign.cost").with_context(import_file=True)
        names = [*fields_, "date_from", "date_to"]
        return costs.load(names, [[*row, "2024-01-01", "2024-01-31"] for row in rows])

    def test_import_twice_counts_once(self):
        first = self._load(("A", "Test Spring", "10"), ("B", "Test Autumn", "20"))
        self.assertFalse(first["messages"])
        second = self._load(("B", "Test Autumn", "25"), ("C", "Test Autumn", "30"))
        self.assertEqual(second["ids"][0], first["ids"][1])
        costs = self.env["crm.campaign.cost"].browse(first["ids"] + second["ids"][1:])
        self.assertEqual(costs.mapped("amount"), [10, 25, 30])
        self.assertEqual(costs.company_id, self.company)
        costs[0].active = False
        third = self._load(("A", "Test Spring", "11"))
        self.assertEqual(third["ids"], costs[0].ids)
        self.assertFalse(costs[0].active)

    def test_import_finds_the_reference_of_the_company_of_the_line(self):
        abroad = self._cost(5, reference="A", company_id=self.company_abroad.id)
        result = self._load(("A", "Test Spring", "10"))
        self.assertNotEqual(result["ids"], abroad.ids)
        self.assertEqual(abroad.amount, 5)

    def test_import_says_what_is_wrong(self):
        for row in (("A", "Test Spring", "-1"), ("A", "Test Spring", "NaN")):
            result = self._load(row)
            self.assertFalse(result["ids"])
            self.assertIn("zero or more", result["messages"][0]["message"])
        result = self._load(("A", "", "1"))
        self.assertIn("choose a campaign", result["messages"][0]["message"])

    def test_template_can_be_imported(self):
        costs = self._report(name="crm.campaign.cost")
        [template] = costs.get_import_templates()
        self.env.ref("base.EUR").active = True
        for model, name in (
            ("utm.campaign", "Christmas Special"),
            ("utm.medium", "Google Adwords"),
            ("utm.source", "Search engine"),
        ):
            if not self.env[model].search([("name", "=", name)], limit=1):
                self.env[model].create({"name": name})
        with file_open(template["template"].lstrip("/"), "rb") as handle:
            content = handle.read()
        wizard = self.env["base_import.import"].with_user(self.manager)
        wizard = wizard.with_context(allowed_company_ids=self.company.ids).create(
            {"res_model": costs._name, "file": content, "file_type": "text/csv"}
        )
        options = {
            "has_headers": True,
            "separator": ",",
            "quoting": '"',
            "date_format": "%Y-%m-%d",
            "float_thousand_separator": "",
            "float_decimal_separator": ".",
        }
        preview = wizard.parse_preview(dict(options))
        fields_ = [
            preview["matches"][column][0] for column in range(len(preview["headers"]))
        ]
        result = wizard.execute_import(fields_, preview["headers"], options)
        self.assertFalse(result["messages"])
        imported = costs.browse(result["ids"])
        self.assertEqual(imported.mapped("amount"), [1250.0, 840.5])
        self.assertEqual(imported[0].note, "Agency fee")
