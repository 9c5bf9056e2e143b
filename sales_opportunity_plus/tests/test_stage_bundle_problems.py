"""Bundles that do not fit: each problem has a name, nothing is half done."""

import json

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.stage_rule.crm_stage_bundle_import import MAX_BYTES
from .stage_bundle_common import StageBundleCase


@tagged("post_install", "-at_install")
class TestStageBundleProblems(StageBundleCase):
    def _refused(self, document, *texts):
        """The import names the problem and applies nothing."""
        import_ = self._import(document)
        said = "\n".join(
            filter(None, [import_.problem_text, *import_.line_ids.mapped("problem")])
        ).replace("\n", " ")
        for text in texts:
            self.assertIn(text, said)
        import_.line_ids.selected = True
        with self.assert_refused(UserError, "."):
            import_.action_apply()
        self.assertEqual(import_.state, "draft")
        keys = ["r", "good"]
        rules = self.env["crm.stage.rule"].with_context(active_test=False)
        self.assertFalse(rules.search([("process_key", "in", keys)]))
        return import_

    def _with(self, **values):
        return self._document(
            rules=[self._new_rule("good"), self._new_rule("r", **values)]
        )

    def test_malformed_json(self):
        for text in ("", "{", "no json", "[" * 50_000, "\x00{}"):
            with self.subTest(text=text[:10]):
                if text:
                    self._refused(text, "cannot be read as JSON")

    def test_not_text(self):
        with self.assert_refused(UserError, "process.json is not text"):
            self._import(b"\xff\xfe\x00\x01")

    def test_huge_file(self):
        with self.assert_refused(UserError, "bigger than 4 MB"):
            self._import(b"[" + b" " * (MAX_BYTES + 8) + b"]")

    def test_other_json(self):
        self._refused("[1, 2]", "not a sales process")
        self._refused({"format": "x"}, "not a sales process")

    def test_newer_version(self):
        document = {**self._with(), "version": 99}
        self._refused(document, "version 99", "Update Sales Opportunity Plus")

    def test_unknown_section_and_property(self):
        self._refused({**self._with(), "dashboards": []}, "“dashboards” is not known")
        self._refused(self._with(colour=3), "“r”: the field “colour” is not known here")

    def test_wrong_type(self):
        self._refused(self._with(sequence="3"), "“r”: the value of “sequence”")

    def test_unknown_kind(self):
        line = {"key": "l", "kind": "quotation_sent"}
        self._refused(
            self._with(requirements=[line]), "“l”: “kind” cannot be “quotation_sent”"
        )

    def test_unknown_field(self):
        line = {"key": "l", "kind": "field", "field_id": "x_budget"}
        import_ = self._refused(self._with(requirements=[line]), "“x_budget”")
        self.assertEqual(import_.link_ids.mapped("name"), ["x_budget"])

    def test_unknown_group_user_team_company_type(self):
        line = {"key": "l", "kind": "activity_done", "activity_type_id": "Test Fax"}
        import_ = self._refused(
            self._with(
                who_group_ids=["sale.group_gone"],
                who_user_ids=["nobody@example.com"],
                team_ids=["Test Gone"],
                company_ids=["Test Gone Ltd"],
                to_stage_ids=["test-gone-stage"],
                requirements=[line],
            ),
            "“sale.group_gone”",
            "“nobody@example.com”",
            "“Test Gone”",
            "“Test Gone Ltd”",
            "“test-gone-stage”",
            "“Test Fax”",
        )
        self.assertEqual(len(import_.link_ids), 6)
        self.assertEqual(import_.line_ids.filtered("problem").key, "r")

    def test_something_else_is_chosen_for_what_is_missing(self):
        import_ = self._import(self._with(team_ids=["Test Gone"]))
        link = import_.link_ids
        with self.assert_refused(ValidationError, "choose a record of that kind"):
            link.record_ref = self.stage_new
        link.record_ref = self.team_own
        self.assertFalse(any(import_.line_ids.mapped("problem")))
        import_.line_ids.selected = True
        import_.action_apply()
        rules = self.env["crm.stage.rule"].with_context(active_test=False)
        rule = rules.search([("process_key", "=", "r")])
        self.assertEqual(rule.team_ids, self.team_own)

    def test_others_can_be_applied_all_the_same(self):
        import_ = self._import(self._with(team_ids=["Test Gone"]))
        self.assertEqual(import_.line_ids.filtered("selected").key, "good")
        import_.action_apply()
        self.assertEqual(import_.state, "applied")

    def test_domain_that_is_none(self):
        for domain in (
            "[('nothing_like_it', '=', 1)]",
            "[('name', '=', ",
            "__import__('os').system('true')",
            [["name", "=~~", "x"]],
            [["name"]],
            ["&", ["name", "=", "x"]],
            [["tag_ids", "in", [{"other": 3}]]],
            "7",
        ):
            with self.subTest(domain=domain):
                self._refused(self._with(domain=domain), "is not a condition on")

    def test_record_in_a_domain_that_is_not_here(self):
        domain = [["tag_ids", "in", [{"ref": "Test Gone"}]]]
        self._refused(self._with(domain=domain), "Tag “Test Gone” does not exist here")

    def test_key_twice(self):
        document = self._document(rules=[self._new_rule("r"), self._new_rule("r")])
        self._refused(document, "“r” is there twice")

    def test_requirement_of_another_rule(self):
        line = {"key": self.rule.requirement_ids[0].process_key, "kind": "meeting"}
        self._refused(self._with(requirements=[line]), "belongs to another rule")

    def test_every_problem_at_once(self):
        document = self._with(colour=3, severity="refuse", sequence="x")
        import_ = self._import(document)
        self.assertEqual(len(import_.problem_text.splitlines()), 3)


@tagged("post_install", "-at_install")
class TestStageBundleRollBack(StageBundleCase):
    def _picture(self):
        self.env.invalidate_all()
        document = self._export(
            self.env["crm.stage.rule"].with_context(active_test=False).search([])
        )
        return json.dumps(document)

    def test_everything_is_as_before(self):
        document = self._export()
        self.rule.write({"severity": "log", "approval_days": 3})
        self.rule.requirement_ids[0].message = "Other"
        self.rule.requirement_ids[2].unlink()
        self.rule.write({"requirement_ids": [(0, 0, {"kind": "meeting"})]})
        before = self._picture()
        import_ = self._import(document)
        import_.action_apply()
        self.assertNotEqual(self._picture(), before)
        import_.action_roll_back()
        self.assertEqual(self._picture(), before)
        self.assertEqual(import_.state, "rolled_back")
        with self.assert_refused(UserError, "not applied"):
            import_.action_roll_back()

    def test_what_was_created_is_archived(self):
        document = self._document(
            stages=[{"key": "s", "name": "Test Elsewhere", "sequence": 500}],
            rules=[{"key": "r", "name": "Test", "to_stage_ids": ["s"]}],
        )
        import_ = self._import(document)
        import_.action_apply()
        import_.action_roll_back()
        for model, key in (("crm.stage", "s"), ("crm.stage.rule", "r")):
            records = self.env[model].with_context(active_test=False)
            record = records.search([("process_key", "=", key)])
            self.assertEqual((len(record), record.active), (1, False))

    def test_stage_in_use(self):
        document = self._document(stages=[{"key": "s", "name": "Test Elsewhere"}])
        import_ = self._import(document)
        import_.action_apply()
        stage = self.env["crm.stage"].search([("process_key", "=", "s")])
        self._lead(stage_id=stage.id)
        with self.assert_refused(UserError, "Test Elsewhere.*Move them"):
            import_.action_roll_back()
        self.assertEqual(import_.state, "applied")

    def test_later_changes_are_not_lost_unasked(self):
        document = self._export()
        self.rule.severity = "log"
        import_ = self._import(document)
        import_.action_apply()
        self.rule.guidance = "Later."
        with self.assert_refused(UserError, "Changed since.*Test Offer Rule"):
            import_.action_roll_back()
        self.assertEqual(self.rule.guidance, "Later.")
        import_.overwrite_later = True
        import_.action_roll_back()
        self.assertEqual(
            (self.rule.guidance, self.rule.severity), ("Ask first.", "log")
        )


@tagged("post_install", "-at_install")
class TestStageBundleCompanies(StageBundleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager_abroad = cls._user(
            "test_manager_abroad", "sales_team.group_sale_manager", cls.company_abroad
        )

    def test_rule_of_another_company_is_hidden_and_named(self):
        document = self._export()
        self.rule.company_ids = self.company
        import_ = self._import(document, self.manager_abroad)
        line = import_.line_ids.filtered(lambda line: line.section == "rules")
        self.assertIn("in a company that you are not working in", line.problem)
        self.assertNotIn("Test Team", line.detail.replace("Test Team", "", 1))
        line.selected = True
        with self.assert_refused(UserError, "not working in"):
            import_.action_apply()

    def test_imports_of_another_company_are_hidden(self):
        import_ = self._import(self._export())
        mine = import_.with_user(self.manager_abroad)
        self.assertFalse(mine.search([("id", "=", import_.id)]))
        self.assertFalse(mine.line_ids.search([("import_id", "=", import_.id)]))

    def test_export_has_rules_of_own_companies_only(self):
        self.rule.company_ids = self.company
        wizard = self.env["crm.stage.bundle.export"].with_user(self.manager_abroad)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            self.assertNotIn(self.rule, wizard.create({}).rule_ids)
