"""Which probability counts, who said so, and that SQL agrees."""

from datetime import timedelta
from itertools import product

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import FirmCase

NAN = float("nan")


@tagged("post_install", "-at_install")
class TestForecastProbability(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.team)
        cls.lead = cls._lead(stage_id=cls.stage_talk.id, probability=20)
        cls.lead = cls.lead.with_user(cls.seller)

    def _order(self, *sources):
        team = self.team.with_user(self.manager)
        team.forecast_probability_ids.unlink()
        team.forecast_probability_ids = [
            (0, 0, {"sequence": number, "source": source})
            for number, source in enumerate(sources)
        ]

    def _say(self, value, reason="They told me", **values):
        self.lead.write(
            {
                "forecast_manual_probability": value,
                "forecast_manual_reason": reason,
                **values,
            }
        )

    def _history(self, lead, value):
        """As the calibration writes it: past the ORM."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET forecast_history_probability = %s WHERE id = %s",
                value,
                lead.id,
            )
        )
        self.env.invalidate_all()

    def _counts(self, lead=None):
        lead = lead or self.lead
        return lead.forecast_probability_source, lead.forecast_probability

    def test_each_source_comes_before_the_ones_behind_it(self):
        self.assertEqual(self._counts(), ("odoo", 20))
        self.stage_talk.forecast_probability = 35
        self.assertEqual(self._counts(), ("stage", 35))
        self._history(self.lead, 42)
        self.assertEqual(self._counts(), ("history", 42))
        self._say(80)
        self.assertEqual(self._counts(), ("manual", 80))
        self.assertEqual(self.lead.probability, 20, "Nothing of Odoo's is overwritten")

    def test_a_team_chooses_its_order(self):
        self.stage_talk.forecast_probability = 35
        self._history(self.lead, 42)
        self._say(80)
        for order, expected in (
            (["stage", "manual"], ("stage", 35)),
            (["history"], ("history", 42)),
            (["odoo", "manual"], ("odoo", 20)),
            ([], ("manual", 80)),
        ):
            with self.subTest(order=order):
                self._order(*order)
                self.assertEqual(self._counts(), expected)

    def test_by_hand_nothing_is_something(self):
        self._say(0)
        self.assertEqual(self._counts(), ("manual", 0))

    def test_by_hand_is_stamped_and_ends(self):
        self._say(80, forecast_manual_until=self.today)
        self.assertEqual(self.lead.forecast_manual_user_id, self.seller)
        self.assertTrue(self.lead.forecast_manual_date)
        self.assertEqual(self._counts(), ("manual", 80))
        said = self.lead.forecast_probabilities
        self.assertEqual(said["counts"], "manual")
        self.assertIn("They told me", said["reason"])
        self.lead.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET forecast_manual_until = %s WHERE id = %s",
                self.today - timedelta(days=1),
                self.lead.id,
            )
        )
        self.env.invalidate_all()
        self.assertEqual(self._counts(), ("odoo", 20))
        self.assertEqual(self.lead.forecast_manual_probability, 80, "It is kept")
        self.assertIn("80", self.lead.forecast_probabilities["reason"])

    def test_taken_back(self):
        self._say(80)
        self.lead.action_forecast_clear_probability()
        self.assertEqual(self._counts(), ("odoo", 20))
        self.assertFalse(self.lead.forecast_manual_user_id)
        self.assertFalse(self.lead.forecast_manual_reason)

    def test_wrong_input(self):
        yesterday = self.today - timedelta(days=1)
        for values in (
            {"forecast_manual_probability": 80},
            {"forecast_manual_probability": 80, "forecast_manual_reason": "  "},
            {"forecast_manual_probability": 101, "forecast_manual_reason": "x"},
            {"forecast_manual_probability": -1, "forecast_manual_reason": "x"},
            {
                "forecast_manual_probability": float("nan"),
                "forecast_manual_reason": "x",
            },
            {"forecast_manual_probability": "80", "forecast_manual_reason": "x"},
            {"forecast_manual_until": self.today},
            {
                "forecast_manual_probability": 80,
                "forecast_manual_reason": "x",
                "forecast_manual_until": yesterday,
            },
            {"forecast_manual_user_id": self.manager.id},
            {"forecast_manual_date": "2020-01-01 00:00:00"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.lead.write(values)
        self.assertEqual(self._counts(), ("odoo", 20))

    def test_empty_columns_of_an_import_say_nothing(self):
        self._say(80)
        self.lead.write({"name": "Other", "forecast_manual_reason": False})
        self.assertEqual(self._counts(), ("manual", 80))

    def test_the_wizard_sets_all_or_none(self):
        other = self._lead(user_id=self.seller_two.id)
        wizard = self.env["crm.forecast.manual"].with_user(self.seller)
        values = {"probability": 60, "reason": "Signed"}
        with self.assertRaises(AccessError):
            wizard.create({**values, "lead_ids": (self.lead | other).ids}).action_set()
        self.assertEqual(self._counts(), ("odoo", 20))
        wizard.create({**values, "lead_ids": self.lead.ids}).action_set()
        self.assertEqual(self._counts(), ("manual", 60))
        self.assertGreater(self.lead.forecast_manual_until, self.today)

    def test_a_seller_does_not_change_the_order_of_a_team(self):
        with self.assertRaises(AccessError):
            self.team.with_user(self.seller).forecast_probability_ids = [
                (0, 0, {"source": "stage"})
            ]

    def test_outcome_counts_before_what_was_said(self):
        self._say(80)
        lead = self.lead.with_user(self.manager)
        lead.action_set_lost()
        self.assertEqual(lead.forecast_probability, 0)
        lead.toggle_active()
        lead.action_set_won()
        self.assertEqual(lead.forecast_probability, 100)

    def test_merging_keeps_what_a_person_said(self):
        self._say(80, forecast_manual_until=self.today)
        head = self._lead(probability=90, user_id=self.seller_two.id)
        merged = (head | self.lead.with_user(self.env.user)).merge_opportunity()
        self.assertEqual(merged.forecast_manual_user_id, self.seller)
        self.assertEqual(self._counts(merged), ("manual", 80))

    def _mixed_leads(self):
        """Opportunities with every mix of what is said, learnt, fixed; two closed."""
        self.stage_talk.forecast_probability = 35
        leads = self.env["crm.lead"]
        for number, (said, history, stage, team) in enumerate(
            product((None, 0, 80), (0, 42), (self.stage_new, self.stage_talk), (1, 0))
        ):
            lead = self._lead(
                name=f"Deal {number}",
                stage_id=stage.id,
                probability=number,
                team_id=(self.team if team else self.team_own).id,
            )
            if said is not None:
                lead.write(
                    {"forecast_manual_probability": said, "forecast_manual_reason": "x"}
                )
            self._history(lead, history)
            leads |= lead
        self._order("stage", "manual")
        leads[0].action_set_won()
        leads[1].action_set_lost()
        self.env.flush_all()
        return leads, [("id", "in", leads.ids), ("active", "in", (True, False))]

    def test_search_agrees_with_the_form(self):
        leads, domain = self._mixed_leads()
        for value in set(leads.mapped("forecast_probability")):
            own = [one.id for one in leads if one.forecast_probability == value]
            found = leads.search([*domain, ("forecast_probability", "=", value)])
            self.assertEqual(set(found.ids), set(own))
        above = leads.search([*domain, ("forecast_probability", ">", 40)])
        own = leads.filtered(lambda one: one.forecast_probability > 40)
        self.assertEqual(set(above.ids), set(own.ids))
        self.assertEqual(
            set(leads.filtered_domain([("forecast_probability", ">", 40)]).ids),
            set(own.ids),
        )

    def test_groups_and_report_agree_with_the_form(self):
        leads, domain = self._mixed_leads()
        groups = leads._read_group(
            domain, ["forecast_probability_source"], ["__count", "id:array_agg"]
        )
        for source, count, ids in groups:
            own = [one.id for one in leads if one.forecast_probability_source == source]
            self.assertEqual((count, set(ids)), (len(own), set(own)))
        lines = self.env["crm.forecast.report"].search([("lead_id", "in", leads.ids)])
        self.assertEqual(
            {line.lead_id.id: line.probability for line in lines},
            {lead.id: lead.forecast_probability for lead in leads},
        )

    def test_weighted_amount_follows(self):
        self.lead.expected_revenue = 1000
        self._say(80)
        self.assertEqual(self.lead.weighted_amount, 800)
