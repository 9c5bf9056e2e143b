"""What was forecast against what came."""

from datetime import date, datetime
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .pipeline_common import PipelineCase


@tagged("post_install", "-at_install")
class TestForecastAccuracy(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("DELETE FROM crm_forecast_statement")
        cls.startClassPatcher(
            patch.object(fields.Date, "context_today", lambda *_: date(2024, 5, 2))
        )

    def _forecast(self):
        lead = self._lead(expected_revenue=150, date_deadline="2024-04-20")
        lead.forecast_category_override = "commit"
        with self._at(datetime(2024, 4, 9, 1)):
            self.env["crm.forecast.statement"]._take_week(self.both_companies)
        return lead

    def _group(self, user, level):
        report = self.env["crm.forecast.accuracy.report"].with_user(user)
        report = report.with_context(allowed_company_ids=user.company_ids.ids)
        domain = [("level", "=", level), ("method", "=", "commit")]
        domain += [("measure", "=", "revenue")]
        domain += [
            ("company_id", "=", self.company.id),
            ("user_id", "in", [False, self.seller.id]),
        ]
        aggregates = ["actual:sum", "wape:avg", "bias:avg", "weeks:max", "number:sum"]
        return report._read_group(domain, aggregates=aggregates)[0]

    def test_ratios_and_rights(self):
        lead = self._forecast()
        lead.expected_revenue = 100
        lead.action_set_won()
        lead.date_closed = datetime(2024, 4, 20, 12)
        self._take(datetime(2024, 5, 2, 12))
        expected = (100, 50, 50, 4, 1)
        self.assertEqual(self._group(self.manager, "person"), expected)
        self.assertEqual(self._group(self.seller, "person"), expected)
        self.assertEqual(self._group(self.seller, "team")[-1] or 0, 0)
        self.assertEqual(self._group(self.seller_abroad, "person")[-1] or 0, 0)

    def test_nothing_is_added_up_over_levels_or_methods(self):
        lead = self._forecast()
        lead.action_set_won()
        lead.date_closed = datetime(2024, 4, 20, 12)
        self._take(datetime(2024, 5, 2, 12))
        report = self.env["crm.forecast.accuracy.report"].with_user(self.manager)
        month = [("period_kind", "=", "month"), ("user_id", "=", self.seller.id)]
        month.append(("measure", "=", "revenue"))
        sums = ["actual:sum", "wape:avg", "number:sum"]
        actual, wape, count = report._read_group(month, aggregates=sums)[0]
        self.assertFalse(actual or wape)
        self.assertGreater(count, 1)
        month.append(("method", "=", "commit"))
        self.assertEqual(report._read_group(month, aggregates=sums)[0][0], 150)
        del month[1]
        self.assertFalse(report._read_group(month, aggregates=sums)[0][0])

    def test_nothing_came(self):
        self._forecast()
        self._take(datetime(2024, 5, 2, 12))
        _actual, wape, bias, _weeks, count = self._group(self.manager, "person")
        self.assertEqual((wape or None, bias or None, count), (None, None, 1))

    def test_bias_in_words_from_four_periods_on(self):
        lead = self._lead(expected_revenue=150)
        statement = self.env["crm.forecast.statement"]
        look = self.env["crm.forecast.look"]
        look = look.with_user(self.manager).with_company(self.company)
        lead.action_set_won()
        for month in (1, 2, 3, 4):
            self.assertFalse(look._bias_sentence(self.company))
            lead.date_closed = datetime(2024, month, 3, 12)
            with self._at(datetime(2024, month, 10, 1)):
                statement._take_week(self.both_companies)
        lead.expected_revenue = 600
        self._take(datetime(2024, 5, 2, 12))
        self._keep_what_came()
        sentence = look._bias_sentence(self.company)
        self.assertEqual(sentence, "Our last 4 forecasts hit the mark.")

    # ------------------------------------------------------------
    # Ranges
    # ------------------------------------------------------------

    def _ranges(self, company, actuals, p10=50, p90=150, **values):
        """Statements of months of 2024, from January, and what was won in them."""
        for month, actual in enumerate(actuals, 1):
            start = date(2024, month, 1)
            period = company._forecast_period("month", start)
            row = {
                "day": start,
                "company_id": company.id,
                "team_id": 0,
                "user_id": 0,
                "period_kind": "month",
                "period_start": period.start,
                "period_end": period.end,
                "measure": "revenue",
                "method": "weighted",
                "amount": 100,
                "p10": p10,
                "p50": 100,
                "p90": p90,
                "currency_id": company.currency_id.id,
                "is_reconstructed": False,
                **values,
            }
            self.env.cr.execute(
                SQL(
                    "INSERT INTO crm_forecast_statement (%s) VALUES (%s)",
                    SQL(", ").join(map(SQL.identifier, row)),
                    SQL(", ").join(SQL("%s", value) for value in row.values()),
                )
            )
            if actual:
                self._won(company, actual, start)

    def _won(self, company, amount, day):
        own = company == self.company
        lead = self._lead(
            expected_revenue=amount,
            company_id=company.id,
            team_id=(self.team if own else self.team_abroad).id,
            user_id=(self.seller if own else self.seller_abroad).id,
        )
        lead.action_set_won()
        lead.date_closed = datetime(day.year, day.month, 10, 12)

    def _keep_what_came(self):
        day = date(2024, 5, 2)
        statements = self.env["crm.forecast.statement"]
        statements._keep_actuals(dict.fromkeys(self.both_companies, day))

    def _inside(self, companies, *groupby, method="weighted"):
        self.manager.company_ids = companies
        report = self.env["crm.forecast.accuracy.report"].with_user(self.manager)
        report = report.with_context(allowed_company_ids=companies.ids)
        domain = [("level", "=", "company"), ("method", "=", method)]
        domain += [("company_id", "in", companies.ids), ("measure", "=", "revenue")]
        sums = ["inside_share:avg", "ranged:sum", "width_share:avg"]
        return report._read_group(domain, groupby, sums)

    def test_share_inside_of_those_with_a_range(self):
        self._ranges(self.company, (100, 50, 151, 150))
        self._ranges(self.company, (0,), None, None, method="commit")
        self._take(datetime(2024, 5, 2, 12))
        [(share, count, width)] = self._inside(self.company)
        self.assertEqual((share, count), (75, 4))
        self.assertAlmostEqual(width, 400 / 451 * 100)
        [(share, count, width)] = self._inside(self.company, method="commit")
        self.assertEqual((share or None, count, width or None), (None, 0, None))

    def test_share_inside_in_several_currencies(self):
        self._ranges(self.company, (100, 300))
        # Four crowns are one euro; a range is in the currency of its company.
        self._ranges(self.company_abroad, (150, 151))
        self._take(datetime(2024, 5, 2, 12))
        both = self.company | self.company_abroad
        found = {company: rest for company, *rest in self._inside(both, "company_id")}
        self.assertEqual([found[one][:2] for one in both], [[50, 2], [50, 2]])
        widths = [found[one][2] for one in both]
        self.assertAlmostEqual(widths[0], 50)
        self.assertAlmostEqual(widths[1], 200 / 301 * 100)
        [(share, count, width)] = self._inside(both)
        self.assertEqual((share, count), (50, 4))
        self.assertAlmostEqual(width, 250 / (400 + 301 / 4) * 100)

    def test_rebuilt_forecasts_are_said_to_be(self):
        self._ranges(self.company, (50, 50, 50, 50), is_reconstructed=True)
        self._take(datetime(2024, 5, 2, 12))
        self._keep_what_came()
        look = self.env["crm.forecast.look"].with_user(self.manager)
        look = look.with_company(self.company)
        self.assertEqual(
            look._bias_sentence(self.company),
            "Our last 4 forecasts ran 100 % high. (Rebuilt from the history.)",
        )
        # Four that were made are enough.
        for month in (1, 2, 3, 4):
            start = date(2024, month, 1)
            end = self.company._forecast_period("month", start).end
            self._ranges(
                *(self.company, (0,)),
                **{"amount": 50, "day": date(2024, month, 2)},
                **{"period_start": start, "period_end": end},
            )
        self._keep_what_came()
        self.assertEqual(
            look._bias_sentence(self.company), "Our last 4 forecasts hit the mark."
        )
