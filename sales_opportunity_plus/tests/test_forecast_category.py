"""Which category an opportunity is in, who said so, and that SQL agrees."""

from itertools import product

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..engine.forecast_category import (
    CATEGORIES,
    OPEN_CATEGORIES,
    effective_category,
)
from .common import FirmCase


@tagged("post_install", "-at_install")
class TestForecastCategory(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage_talk.forecast_category = "best_case"
        cls.lead = cls._lead(stage_id=cls.stage_talk.id).with_user(cls.seller)

    def _stamp(self, lead):
        return (
            lead.forecast_category_override,
            lead.forecast_category_user_id,
            bool(lead.forecast_category_date),
        )

    @property
    def unstamped(self):
        return (False, self.env["res.users"], False)

    def test_follows_the_stage(self):
        self.assertEqual(self.lead.forecast_category, "best_case")
        self.lead.stage_id = self.stage_new
        self.assertEqual(self.lead.forecast_category, "pipeline")
        self.stage_new.forecast_category = "commit"
        self.assertEqual(self.lead.forecast_category, "commit")
        self.assertEqual(self._stamp(self.lead), self.unstamped)

    def test_choice_is_stamped_and_kept(self):
        self.lead.forecast_category = "commit"
        self.assertEqual(self._stamp(self.lead), ("commit", self.seller, True))
        self.lead.with_user(self.manager).stage_id = self.stage_offer
        self.assertEqual(self.lead.forecast_category, "commit")
        self.assertEqual(self.lead.forecast_category_user_id, self.seller)
        self.lead.with_user(self.manager).forecast_category = "omitted"
        self.assertEqual(self._stamp(self.lead), ("omitted", self.manager, True))

    def test_choice_in_the_form(self):
        with Form(self.lead) as form:
            form.forecast_category = "most_likely"
        self.assertEqual(self._stamp(self.lead), ("most_likely", self.seller, True))

    def test_form_saved_without_a_choice_chooses_nothing(self):
        with Form(self.lead) as form:
            form.name = "Other"
        self.assertEqual(self._stamp(self.lead), self.unstamped)

    def test_moved_in_the_form_chooses_nothing(self):
        """The client sends the category that follows from the stage along."""
        self.lead.web_save(
            {"stage_id": self.stage_new.id, "forecast_category": "pipeline"}, {}
        )
        self.assertEqual(self._stamp(self.lead), self.unstamped)

    def test_reset(self):
        self.lead.forecast_category = "commit"
        self.lead.action_follow_stage_forecast_category()
        self.assertEqual(self.lead.forecast_category, "best_case")
        self.assertEqual(self._stamp(self.lead), self.unstamped)
        self.lead.forecast_category = "commit"
        self.lead.forecast_category = False
        self.assertEqual(self._stamp(self.lead), self.unstamped)

    def test_outcome_counts_before_the_choice(self):
        self.lead.forecast_category = "commit"
        self.lead.action_set_lost()
        self.assertEqual(self.lead.forecast_category, "omitted")
        self.lead.action_restore()
        self.assertEqual(self.lead.forecast_category, "commit")
        self.lead.action_set_won()
        self.assertEqual(self.lead.forecast_category, "closed")
        self.lead.forecast_category = "closed"
        self.assertEqual(self.lead.forecast_category_override, "commit")
        self.lead.stage_id = self.stage_talk
        self.assertEqual(self.lead.forecast_category, "commit")

    def test_closed_by_hand_is_refused(self):
        with self.assert_refused(UserError, "Test Deal.*Mark the opportunity as won"):
            self.lead.forecast_category = "closed"
        with self.assert_refused(ValueError, "closed"):
            self.lead.write({"forecast_category_override": "closed"})
        with self.assert_refused(ValueError, "nonsense"):
            self.lead.write({"forecast_category_override": "nonsense"})
        self.assertEqual(self._stamp(self.lead), self.unstamped)

    def test_forged_stamp_is_refused(self):
        forged = (
            {"forecast_category_user_id": self.manager.id},
            {"forecast_category_date": "2020-01-01 00:00:00"},
            {
                "forecast_category_override": "commit",
                "forecast_category_user_id": self.manager.id,
            },
        )
        tricks = {"forecast_keep_stamps": True, "tracking_disable": True}
        for values, lead in product(
            forged, (self.lead, self.lead.sudo(), self.lead.with_context(**tricks))
        ):
            with self.subTest(values=values, su=lead.env.su):
                with self.assert_refused(UserError, "set by the system"):
                    lead.write(values)
                with self.assert_refused(UserError, "set by the system"):
                    lead.create({"name": "Forged", **values})
        self.assertEqual(self._stamp(self.lead), self.unstamped)

    def test_anothers_opportunity(self):
        others = self._lead(user_id=self.seller_two.id).with_user(self.seller)
        for act in (
            lambda: others.write({"forecast_category_override": "commit"}),
            lambda: others.write({"forecast_category": "commit"}),
            others.action_follow_stage_forecast_category,
        ):
            with self.assert_refused(AccessError, "."):
                act()

    def test_copy_chooses_nothing(self):
        self.lead.forecast_category = "commit"
        copy = self.lead.copy()
        self.assertEqual(self._stamp(copy), self.unstamped)

    def test_create_and_import(self):
        created = (
            self.env["crm.lead"]
            .with_user(self.seller)
            .create({"name": "Born sure", "forecast_category_override": "commit"})
        )
        self.assertEqual(self._stamp(created), ("commit", self.seller, True))
        # The import column is the choice; a file may name it as people see it.
        done = created.load(
            ["name", "type", "forecast_category"],
            [["A", "opportunity", "Most Likely"], ["B", "opportunity", "best_case"]],
        )
        self.assertFalse(done["messages"])
        leads = created.browse(done["ids"])
        self.assertEqual(
            [self._stamp(lead) for lead in leads],
            [("most_likely", self.seller, True), ("best_case", self.seller, True)],
        )
        done = created.load(["name", "forecast_category"], [["C", "Nonsense"]])
        self.assertIn("Nonsense", done["messages"][0]["message"])

    def test_many_in_one_write(self):
        leads = self._leads(5).with_user(self.seller)
        leads.write({"forecast_category": "commit"})
        self.assertEqual(
            {self._stamp(lead) for lead in leads}, {("commit", self.seller, True)}
        )

    def test_merge_keeps_choice_and_stamp(self):
        head, tail = self._lead(stage_id=self.stage_offer.id), self._lead()
        with self._at(2024, 1, 1):
            tail.with_user(self.seller).forecast_category = "commit"
        stamped = tail.forecast_category_date
        self.env["crm.merge.opportunity"].with_user(self.manager).create(
            {"opportunity_ids": [Command.set((head | tail).ids)]}
        ).action_merge()
        self.assertEqual(head.exists(), head)
        self.assertEqual(self._stamp(head), ("commit", self.seller, True))
        self.assertEqual(head.forecast_category_date, stamped)

    def test_merge_keeps_the_choice_of_the_one_that_stays(self):
        head, tail = self._lead(stage_id=self.stage_offer.id), self._lead()
        head.with_user(self.manager).forecast_category = "omitted"
        tail.with_user(self.seller).forecast_category = "commit"
        (head | tail).merge_opportunity()
        self.assertEqual(self._stamp(head), ("omitted", self.manager, True))

    def test_weighted_amount(self):
        self.lead.write({"expected_revenue": 99.99, "probability": 33.3})
        self.assertEqual(self.lead.weighted_amount, 33.30)
        self.lead.forecast_category = "omitted"
        self.assertEqual(self.lead.weighted_amount, 0)
        self.lead.action_set_won()
        self.assertEqual(self.lead.weighted_amount, 99.99)


@tagged("post_install", "-at_install")
class TestStageCategory(FirmCase):
    def test_won_stage_is_closed_and_no_other(self):
        self.assertEqual(self.stage_won.forecast_category, "closed")
        stage = self.stage_talk.with_user(self.manager)
        with self.assert_refused(ValidationError, "Test Talk.*Closed"):
            stage.forecast_category = "closed"
        with self.assert_refused(ValidationError, "Test Won"):
            self.stage_won.with_user(self.manager).forecast_category = "commit"

    def test_toggle(self):
        stage = self.stage_talk.with_user(self.manager)
        stage.forecast_category = "commit"
        stage.is_won = True
        self.assertEqual(stage.forecast_category, "closed")
        stage.is_won = False
        self.assertEqual(stage.forecast_category, "pipeline")

    def test_new_stage(self):
        self.assertEqual(self.stage_new.forecast_category, "pipeline")
        stage = self._stage("Test More", -1025, forecast_category="most_likely")
        self.assertEqual(stage.forecast_category, "most_likely")
        with self.assert_refused(ValidationError, "Test Bad"):
            self._stage("Test Bad", -1025, is_won=True, forecast_category="commit")

    def test_seller_cannot_change_it(self):
        with self.assert_refused(AccessError, "."):
            self.stage_talk.with_user(self.seller).forecast_category = "commit"


@tagged("post_install", "-at_install")
class TestForecastCategorySql(FirmCase):
    """Search, group and order in SQL say what the engine says, in every case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        overrides = (*OPEN_CATEGORIES, None)
        stages = [
            cls._stage(f"Test {category}", -1029, forecast_category=category)
            for category in OPEN_CATEGORIES
        ]
        outcomes = {
            "open": {},
            "lost": {"active": False, "probability": 0},
            "archived": {"active": False},
        }
        cases = [
            (status, stage, override)
            for status, stage, override in product(
                outcomes, [*stages, cls.env["crm.stage"]], overrides
            )
        ]
        cls.leads = cls.env["crm.lead"].create(
            cls._lead_values(
                stage_id=stage.id,
                forecast_category_override=override,
                **outcomes[status],
            )
            for status, stage, override in cases
        )
        won = cls._leads(len(overrides), stage_id=cls.stage_won.id, probability=100)
        for lead, override in zip(won, overrides, strict=True):
            lead.forecast_category_override = override
        cases += [("won", cls.stage_won, override) for override in overrides]
        cls.leads = (cls.leads | won).with_user(cls.seller)
        cls.leads = cls.leads.with_context(active_test=False)
        cls.expected = {
            lead.id: effective_category(
                status, stage.forecast_category or None, override
            )
            for lead, (status, stage, override) in zip(cls.leads, cases, strict=True)
        }

    def test_read(self):
        self.assertEqual(len(self.expected), 3 * 6 * 6 + 6)
        self.env.invalidate_all()
        found = {lead.id: lead.forecast_category for lead in self.leads}
        self.assertEqual(found, self.expected)

    def test_search(self):
        domain = [("id", "in", self.leads.ids)]
        for category in CATEGORIES:
            is_in = {id_ for id_, value in self.expected.items() if value == category}
            for operator, value, ids in (
                ("=", category, is_in),
                ("in", [category, "nonsense"], is_in),
                ("!=", category, self.expected.keys() - is_in),
                ("not in", [category], self.expected.keys() - is_in),
            ):
                with self.subTest(operator=operator, value=value):
                    leaf = ("forecast_category", operator, value)
                    found = self.leads.search([*domain, leaf])
                    self.assertEqual(set(found.ids), set(ids))
                    filtered = self.leads.filtered_domain([leaf])
                    self.assertEqual(set(filtered.ids), set(ids))
        for leaf, count in (
            (("forecast_category", "=", False), 0),
            (("forecast_category", "!=", False), len(self.leads)),
        ):
            self.assertEqual(self.leads.search_count([*domain, leaf]), count)

    def test_group_and_order(self):
        domain = [("id", "in", self.leads.ids)]
        groups = self.leads.formatted_read_group(
            domain, ["forecast_category"], ["__count", "id:array_agg"]
        )
        self.assertEqual(
            [group["forecast_category"] for group in groups], list(CATEGORIES)
        )
        for group in groups:
            self.assertEqual(
                {self.expected[id_] for id_ in group["id:array_agg"]},
                {group["forecast_category"]},
            )
        self.assertEqual(sum(group["__count"] for group in groups), len(self.leads))
        found = self.leads.search(domain, order="forecast_category, id")
        # Records are ordered by the value, as Odoo orders every selection.
        by_value = sorted(self.leads.ids, key=lambda id_: (self.expected[id_], id_))
        self.assertEqual(found.ids, by_value)

    def test_report(self):
        report = self.env["crm.forecast.report"].with_user(self.seller)
        lines = report.search([("lead_id", "in", self.leads.ids)])
        self.assertEqual(
            {line.lead_id.id: line.forecast_category for line in lines}, self.expected
        )
