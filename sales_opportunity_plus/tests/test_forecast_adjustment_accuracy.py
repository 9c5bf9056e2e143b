from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .forecast_say_common import SayCase

EMPTY = dict.fromkeys(("closed", "pipeline", "best_case", "most_likely", "commit"), 0.0)


@tagged("post_install", "-at_install")
class TestForecastAdjustmentAccuracy(SayCase):
    """Figures are given by hand here: their own tests say what they are."""

    def _figures(self, **by_name):
        """Let the roll-up say this of salespersons and of nobody."""
        rows = [
            {**EMPTY, "team_id": team.id, "user_id": user.id or 0, **row}
            for (team, user), row in by_name.pop("rows").items()
        ]
        figures = patch.object(
            type(self.adjustments), "_figures", lambda *_, **__: rows
        )
        figures.start()
        self.addCleanup(figures.stop)

    def _before(self):
        self._figures(
            rows={
                (self.team, self.seller): {"closed": 10, "commit": 100, "pipeline": 5},
                (self.team, self.seller_two): {"commit": 50, "most_likely": 7},
                (self.team_own, self.all_leads): {"commit": 1000},
            }
        )

    def _measure(self):
        ended = self.adjustments.search([("reason", "=", "I know")])
        day = fields.Date.add(self.month.end, days=9)
        progress = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_, **__: 60
        )
        with progress, patch.object(fields.Date, "today", lambda *_: day):
            self.adjustments._cron_measure()
        return ended

    def test_the_figure_is_kept_as_it_was(self):
        self._before()
        of_team = self._say(self.leader, -20.0)
        of_seller = self._say(
            self.leader, 150.0, user_id=self.seller.id, kind="override"
        )
        of_all = self._say(self.manager, 1.0, team_id=False)
        likely = self._say(self.leader, 1.0, forecast_category="most_likely")
        for said, base, forecast, adjusted in (
            (of_team, 150, 160, 140),
            (of_seller, 100, 110, 160),
            (of_all, 1150, 1160, 1161),
            (likely, 7, 167, 168),
        ):
            self.assertTrue(said.is_base_known)
            self.assertEqual(said.base_amount, base)
            self.assertEqual(said.base_forecast, forecast)
            self.assertEqual(said.adjusted_forecast, adjusted)
        self.assertEqual(of_seller.change, 50)

    def test_what_closed_tells_who_was_right(self):
        self._before()
        right = self._say(self.leader, -20.0)
        wrong = self._say(self.manager, 40.0)
        undone = self._say(self.manager, 1.0)
        undone.with_user(self.manager).action_undo("Never mind")
        self._figures(rows={(self.team, self.seller): {"closed": 130.0}})
        self.assertFalse(self._measured(right))
        self._measure()
        self.assertEqual((right.actual_amount, right.verdict), (130.0, "closer"))
        self.assertEqual((right.error_without, right.error_with), (30.0, 10.0))
        self.assertEqual((right.improvement, right.right_share), (20.0, 100.0))
        self.assertEqual((wrong.verdict, wrong.improvement), ("farther", -40.0))
        self.assertFalse(undone.is_measured)
        groups = self.adjustments._read_group(
            [("is_measured", "=", True), ("id", "in", (right | wrong).ids)],
            ["author_id"],
            ["error_with:sum", "right_share:avg"],
        )
        self.assertEqual(
            {author: figures for author, *figures in groups},
            {self.leader: [10.0, 100.0], self.manager: [70.0, 0.0]},
        )
        # Measured once: what is entered later does not change it.
        self._figures(rows={(self.team, self.seller): {"closed": 999.0}})
        self._measure()
        self.assertEqual(right.actual_amount, 130.0)

    def _measured(self, said):
        progress = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_, **__: 60
        )
        day = fields.Date.add(self.month.end, days=7)
        with progress, patch.object(fields.Date, "today", lambda *_: day):
            self.adjustments._cron_measure()
        return said.is_measured

    def test_who_left_the_company_is_not_measured(self):
        self._before()
        said = self._say(self.leader, -20.0)
        self.leader.write(
            {
                "company_id": self.company_abroad.id,
                "company_ids": [(6, 0, self.company_abroad.ids)],
            }
        )

        def figures(one, company, *_):
            return one.env.company and one.env.companies and []

        with patch.object(type(self.adjustments), "_figures", figures):
            self._measure()
        self.assertFalse(said.is_measured)

    def test_rolled_up_with_the_figures(self):
        self._before()
        self._say(self.leader, 20.0, user_id=self.seller.id)
        self._say(self.leader, 100.0, kind="override")
        rows = self.adjustments._figures()
        found = self.adjustments.with_user(self.manager)._rolled_up(
            rows, self.month, self.company
        )["commit"]
        team = found.teams[self.team.id]
        self.assertEqual((team.base, team.indirect, team.direct), (150, 20, -70))
        self.assertEqual(found.company.total, 1100)
