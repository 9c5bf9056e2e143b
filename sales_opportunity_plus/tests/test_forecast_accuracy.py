"""What was forecast against what came."""

from datetime import date, datetime
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

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
        sentence = look._bias_sentence(self.company)
        self.assertEqual(sentence, "Our last 4 forecasts hit the mark.")
