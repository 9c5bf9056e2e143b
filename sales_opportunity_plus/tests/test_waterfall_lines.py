"""The lines of waterfalls: computed when they are read, for who may read the deals."""

from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import tagged

from ..report import report_sql
from .test_waterfall import AFTER
from .test_waterfall_result import ResultCase


@tagged("post_install", "-at_install")
class TestWaterfallLines(ResultCase):
    def test_a_line_is_known_by_its_id(self):
        """And of each waterfall: the same deals are in others, too."""
        lead = self._lead()
        self._insert(lead, self._open(), date(2024, 3, 1), AFTER)
        self._insert(lead, self._open(amount=Decimal(150)), AFTER, None)
        runs = self._run(), self._run(measure="weighted", category="commit")
        runs += (self._run(date_to=date(2024, 4, 7)),)
        for run, values in zip(runs, ([-150, 50, 100], [], [-100, 100]), strict=True):
            lines = self._lines(run)
            again = lines.browse(lines.ids)
            again.invalidate_recordset()
            self.assertEqual(again.waterfall_id, run if lines else run.browse())
            signs = {"closing": -1}
            found = [line.value * signs.get(line.bar, 1) for line in again]
            self.assertEqual(sorted(found), values)
            self.assertLess(max(lines.ids, default=0), 2**53)
            self.assertEqual(lines.exists(), lines)
            theirs = self.env[lines._name].with_user(self.seller_two)
            self.assertFalse(theirs.browse(lines.ids).exists())
        every = runs[0].env["crm.pipeline.waterfall.line"].search
        both = [("waterfall_id", "in", [runs[0].id, runs[2].id])]
        self.assertEqual(len(every(both)), 5)
        self.assertFalse(every([]), "no waterfall is named")

    def test_who_reads_all_sees_what_the_rules_say(self):
        """Whether the rules are asked for each deal or once for all."""
        deals = [self._lead(), self._lead(user_id=self.seller_two.id), self._lead()]
        for lead in deals:
            self._insert(lead, self._open(), date(2024, 3, 1), None)
        deals.pop().unlink()
        self.env.flush_all()
        for user in (self.both, self.all_leads, self.seller, self.seller_abroad):
            charts = [self._run(user).chart]
            with patch.object(report_sql, "_reads_all_leads", lambda _env: False):
                charts.append(self._run(user).chart)
            self.assertEqual(*charts)
        self.assertEqual(self._bars(self._run())["closing"], 300)
