"""Every way to move an opportunity, against every severity and the bypass.

A way of the addon that the table does not name fails here until it is named.
"""

import ast
from contextlib import closing, contextmanager
from pathlib import Path

from odoo.tests import tagged

from ..exceptions import StageRuleError
from ..models.selections import RULE_MOVES
from .stage_rule_common import StageRuleCase
from .stage_rule_ways import WAYS, WaysMixin

WHY = "The customer waits"


@tagged("post_install", "-at_install")
class TestStageRulePaths(WaysMixin, StageRuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(
            {"kind": "condition", "domain": "[('name', '=', 'Never')]"},
            name="Never Ready",
            move="any",
            lead_type=False,
            active=False,
        )

    @contextmanager
    def _trying(self, name, rules=None, **values):
        """Go a way with the rule as given; nothing of it is left afterwards.

        Gives the opportunity, and the refusal or ``None``.
        """
        rules = rules or self.rule
        try:
            with closing(self.env.cr.savepoint()):
                lead, error = self._start(name), None
                self.env.flush_all()
                rules.write({"active": True, **values})
                try:
                    with self.env.cr.savepoint():
                        self._go(name, lead)
                except StageRuleError as refusal:
                    error = refusal
                yield lead, error
        finally:
            # What was rolled back is not in the registry's cache any more.
            self.env.registry.clear_cache()

    def _results(self):
        """Results of the decisions in this savepoint."""
        query = "SELECT result FROM crm_stage_decision WHERE id > %s"
        self.env.cr.execute(query, [self.last])
        return [result for (result,) in self.env.cr.fetchall()]

    def setUp(self):
        super().setUp()
        self.env.cr.execute("SELECT COALESCE(max(id), 0) FROM crm_stage_decision")
        [self.last] = self.env.cr.fetchone()

    def test_block_holds_on_every_way(self):
        for name in WAYS:
            with self.subTest(way=name), self._trying(name) as (lead, error):
                self.assertIsNotNone(error, "the move was not held back")
                self.assertIn("Never Ready", str(error))
                self.rule.active = False
                start = self._start(name).sudo()
                self.assertEqual(
                    lead.sudo()._stage_rule_position(), start._stage_rule_position()
                )

    def test_log_lets_go_and_writes_down(self):
        for name in WAYS:
            with self.subTest(way=name):
                with self._trying(name, severity="log") as (_lead, error):
                    self.assertIsNone(error)
                    self.assertIn("logged", self._results())

    def test_warning_is_confirmed_with_a_reason(self):
        self._check_reason("warned", severity="warn")

    def test_bypass_is_a_right_and_asks_a_reason(self):
        group = self.env.ref("sales_team.group_sale_salesman")
        self._check_reason("bypassed", bypass_group_ids=[(6, 0, group.ids)])

    def _check_reason(self, result, **values):
        for name, way in WAYS.items():
            with self.subTest(way=name), self._trying(name, **values) as (lead, error):
                self.assertIsNotNone(error, "nobody was asked for a reason")
                self.assertFalse(self._results())
                if way.again:
                    self._answer(lead, error)
                    self.assertIn(result, self._results())

    def _answer(self, lead, error):
        leads = lead.browse(error.context["replay"]["ids"]).with_user(self.manager)
        leads.action_stage_rule_move(error.context["replay"], override_reason=WHY)

    def test_without_the_right_a_reason_does_not_help(self):
        for name, way in WAYS.items():
            if not way.again:
                continue
            with self.subTest(way=name), self._trying(name) as (lead, error):
                with self.assertRaises(StageRuleError), self.env.cr.savepoint():
                    self._answer(lead, error)

    def test_kinds_of_move(self):
        """A rule about one kind of move is about the ways of that kind only."""
        every = {move for move, _label in RULE_MOVES}
        self.assertEqual(every, {kind for way in WAYS.values() for kind in way.kinds})
        rules = {move: self.rule.copy({"move": move}) for move in every}
        for name, way in WAYS.items():
            for move in sorted(way.kinds):
                with self.subTest(way=name, move=move):
                    with self._trying(name, rules[move]) as (_lead, error):
                        self.assertIsNotNone(error)
            others = self.rule.browse()
            others = others.union(*(rules[move] for move in every - way.kinds))
            with self.subTest(way=name), self._trying(name, others) as (_lead, error):
                self.assertIsNone(error)

    def test_the_table_names_every_way_of_the_addon(self):
        folder = Path(__file__).parents[1] / "models"
        callers = set()
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and _calls(
                    node, {"_stage_rule_record", "_stage_rule_guard"}
                ):
                    callers.add(node.name)
        self.assertEqual(
            callers - {"_stage_rule_record"}, {way.through for way in WAYS.values()}
        )


def _calls(function, names):
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "attr", None) in names
        for node in ast.walk(function)
    )
