from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .target_common import YEAR, TargetCase


@tagged("post_install", "-at_install")
class TestForecastTargetSplit(TargetCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.splits = cls.env["crm.forecast.target.split"].with_user(cls.manager)
        cls.splits = cls.splits.with_company(cls.company)

    def won(self, day, amount=100, count=1, **values):
        values = {"stage_id": self.stage_won.id, "probability": 100, **values}
        leads = self._leads(count, **values)
        leads.write({"expected_revenue": amount})
        leads.write({"date_closed": datetime.fromisoformat(f"{day} 12:00:00")})
        self.env.flush_all()

    def form(self, **values):
        form = Form(self.splits)
        for name, value in {
            "day": "2026-03-04",
            "team_id": self.team,
            **values,
        }.items():
            setattr(form, name, value)
        return form

    def test_evenly(self):
        split = self.form(method="even", amount=100, part_kind="quarter").save()
        self.assertEqual(split.period_name, "2026")
        self.assertEqual(split.line_ids.mapped("amount"), [25, 25, 25, 25])
        split = self.form(method="even", amount=1000).save()
        amounts = split.line_ids.mapped("amount")
        self.assertEqual(amounts[:5], [83.34, 83.34, 83.34, 83.34, 83.33])
        action = split.action_split()
        targets = self.targets.search(action["domain"])
        self.assertEqual(len(targets), 13)
        self.assertEqual(
            self.amounts(YEAR.parts("month")[4]), {(self.team.id, 0): 83.33}
        )

    def test_by_season(self):
        with self._at(2026, 3, 4, 9):
            self.won("2025-05-10", 100, 60)
            self.won("2025-11-10", 100, 30)
            self.won("2022-11-10", 100, 30)
            self.won("2025-07-10", 100, 20, team_id=self.team_own.id)
            split = self.form(amount=12000).save()
        by_name = {line.name: line for line in split.line_ids}
        may, november, june = (
            by_name[f"{name} 2026"] for name in ("May", "November", "June")
        )
        self.assertEqual((may.won_amount, may.deal_count), (6000, 60))
        self.assertEqual((november.won_amount, november.deal_count), (3000, 30))
        # 90 deals against the 60 that make all months the same.
        self.assertEqual(june.weight, round(100 / 12 * 60 / 150, 2))
        self.assertAlmostEqual(may.weight, june.weight + 100 * 90 / 150 * 2 / 3, 1)
        self.assertEqual(round(sum(split.line_ids.mapped("amount")), 2), 12000)

    def test_weights_by_hand(self):
        form = self.form(method="even", amount=100, part_kind="quarter")
        form.method = "hand"
        for place, weight in enumerate((1, 2, 3, 4)):
            with form.line_ids.edit(place) as line:
                line.weight = weight
        split = form.save()
        self.assertEqual(split.line_ids.mapped("amount"), [10, 20, 30, 40])
        split.line_ids[0].weight = -1
        with self.assert_refused(UserError, "less than zero"):
            split.action_split()

    def test_again_makes_versions(self):
        self.form(method="even", amount=1200).save().action_split()
        form = self.form()
        self.assertEqual(form.amount, 1200)
        form.method = "even"
        form.amount = 2400
        form.save().action_split()
        targets = self.targets.search([("team_id", "=", self.team.id)])
        self.assertEqual(len(targets), 13)
        month = targets.filtered(lambda one: one.period_kind == "month")[0]
        self.assertEqual(month.version_ids.mapped("amount"), [200, 100])

    def test_over_members(self):
        self.won("2025-06-10", 100, 20)
        self.won("2025-06-10", 300, 20, user_id=self.seller_two.id)
        form = self.form(division="members", amount=1000)
        split = form.save()
        by_person = {line.user_id: line for line in split.line_ids}
        self.assertEqual(len(by_person), 2)
        # 40 deals against the 10 that make both the same.
        self.assertEqual(by_person[self.seller].weight, 30)
        split.action_split()
        self.assertEqual(
            self.amounts(YEAR),
            {
                (self.team.id, 0): 1000,
                (self.team.id, self.seller.id): 300,
                (self.team.id, self.seller_two.id): 700,
            },
        )

    def test_nothing_to_split(self):
        with self.assert_refused(UserError, "is zero"):
            self.form(method="even").save().action_split()

    def test_counts_are_whole(self):
        split = self.form(measure="count", method="even", amount=14).save()
        self.assertEqual(split.line_ids.mapped("amount"), [2, 2] + 10 * [1])
        split.action_split()

    def test_sellers_do_not_split(self):
        with self.assertRaises(AccessError):
            self.splits.with_user(self.seller).create({"team_id": self.team.id})
