"""The addon's queries per call: few, and as many for one lead as for hundreds."""

from contextlib import ExitStack
from unittest.mock import patch

from odoo.tests import tagged

from .common import FirmCase

#: At most this many more queries than Odoo needs without the addon.
SLACK = 3


@tagged("post_install", "-at_install")
class TestQueryCounts(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The class that has the hooks; the registry's class inherits from it.
        cls.model = type(cls.env["crm.lead"])

    def _hooks_off(self):
        """Odoo's own create and write again: every hook does nothing."""
        nothing = {
            "_forecast_prepare_vals": lambda model, vals: vals,
            "_forecast_after_write": lambda leads, vals: None,
            "_stage_rule_take_answer": lambda model, vals: (vals, None),
            "_stage_rule_after_create": lambda leads, answers: None,
            "_stage_rule_before_write": lambda leads, vals: None,
            "_stage_rule_after_write": lambda leads, before, vals: None,
            "_stage_rule_after_unlink": lambda leads, lead_ids: None,
            "_stage_rule_before_recompute": lambda leads: {},
            "_stage_rule_after_recompute": lambda leads, before: None,
            "_stage_rule_record": lambda leads, *args, **options: None,
        }
        stack = ExitStack()
        for name, hook in nothing.items():
            self.assertTrue(hasattr(self.model, name), name)
            stack.enter_context(patch.object(self.model, name, hook))
        return stack

    def _queries(self, act, count):
        leads = self._leads(count, expected_revenue=10)
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        leads = leads.with_user(self.seller)
        before = self.env.cr.sql_log_count
        act(leads)
        self.env.flush_all()
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def _extra(self, act, count):
        """Queries with the hooks less queries without them, both warmed up."""
        self._queries(act, count)
        ours = self._queries(act, count)
        with self._hooks_off():
            self._queries(act, count)
            plain = self._queries(act, count)
        return ours - plain

    def _check(self, name, act):
        few, many = self._extra(act, 2), self._extra(act, 150)
        with self.subTest(call=name, few=few, many=many):
            self.assertLessEqual(max(few, many), SLACK)
            self.assertLessEqual(many, few)
        return few

    def test_write(self):
        moved = self._check(
            "stage", lambda leads: leads.write({"stage_id": self.stage_talk.id})
        )
        # Not zero: the move itself has to be written, or nothing was measured.
        self.assertGreaterEqual(moved, 1)
        for name, values in (
            ("won", {"stage_id": self.stage_won.id}),
            ("lost", {"active": False, "probability": 0}),
            ("archived", {"active": False}),
            ("probability", {"probability": 70}),
            ("other", {"name": "Other", "expected_revenue": 5}),
            ("salesperson", {"user_id": self.seller_two.id}),
            ("choice", {"forecast_category_override": "commit"}),
        ):
            self._check(name, lambda leads, values=values: leads.write(values))

    def test_actions(self):
        self._check("action_set_lost", lambda leads: leads.action_set_lost())
        self._check("action_archive", lambda leads: leads.action_archive())

    def test_team_change(self):
        self._check("team", lambda leads: leads.write({"team_id": self.team_own.id}))

    def test_create(self):
        def create(leads):
            leads.create(
                [
                    self._lead_values(name=f"Deal {number}")
                    for number in range(len(leads))
                ]
            )

        self.assertGreaterEqual(self._check("create", create), 1)

    def test_unlink(self):
        self._check("unlink", lambda leads: leads.with_user(self.manager).unlink())

    def test_reading_categories_and_counts_in_a_list(self):
        """The columns that the addon adds to a list cost nothing per line."""
        fields = ["forecast_category", "weighted_amount", "stage_history_count"]
        few = self._queries(lambda leads: leads.read(fields), 2)
        many = self._queries(lambda leads: leads.read(fields), 150)
        self.assertLessEqual(many, few)
