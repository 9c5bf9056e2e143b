"""A process that is exported and imported is the same process."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open

from ..wizards.crm_stage_process_chooser import STARTERS
from .stage_bundle_common import StageBundleCase


@tagged("post_install", "-at_install")
class TestStageBundleRoundTrip(StageBundleCase):
    def test_same_database_gives_no_difference(self):
        document = self._export()
        import_ = self._import(document)
        self.assertFalse(import_.problem_text)
        self.assertEqual(self._differences(import_), [])
        self.assertEqual(
            set(self._states(import_)),
            {
                self.rule.process_key,
                self.stage_new.process_key,
                self.stage_offer.process_key,
                *self.env["crm.stage.reason"].search([]).mapped("process_key"),
            },
        )

    def test_export_twice_gives_the_same_text(self):
        self.assertEqual(json.dumps(self._export()), json.dumps(self._export()))

    def test_nothing_in_a_bundle_is_an_id(self):
        [rule] = self._export()["rules"]
        self.assertEqual(rule["to_stage_ids"], [self.stage_offer.process_key])
        self.assertEqual(rule["team_ids"], ["Test Team"])
        self.assertEqual(rule["who_group_ids"], ["base.group_user"])
        self.assertEqual(rule["approver_user_ids"], ["test_manager"])
        field, checklist, reason, condition = rule["requirements"]
        self.assertEqual(field["field_id"], "date_deadline")
        self.assertEqual([item["name"] for item in checklist["items"]][0], "Budget")
        self.assertEqual(reason["reason_ids"], [self.reason.process_key])
        self.assertEqual(
            condition["domain"],
            [["tag_ids", "in", [{"ref": "Test Tag"}]], ["name", "!=", "x"]],
        )

    def _alter(self):
        """Change, archive and remove parts of the process."""
        self.rule.write({"severity": "warn", "sequence": 77, "guidance": "Never."})
        self.rule.requirement_ids[0].message = "Other"
        self.rule.requirement_ids[1].item_ids[0].active = False
        self.rule.requirement_ids[3].unlink()
        self.rule.write({"requirement_ids": [(0, 0, {"kind": "meeting"})]})
        self.stage_offer.write({"requirements": "Other"})

    def test_altered_database_becomes_the_same_again(self):
        document = self._export()
        self._alter()
        import_ = self._import(document)
        self.assertEqual(
            self._states(import_)[self.rule.process_key], "changed", import_.line_ids
        )
        import_.action_apply()
        self.assertEqual(self._export(), document)
        self.assertEqual(self._differences(self._import(document)), [])

    def test_empty_database_becomes_the_same(self):
        document = self._export()
        for record in (self.rule, self.reason, self.stage_offer):
            record.unlink()
        import_ = self._import(document)
        self.assertEqual(import_.change_count, 3)
        import_.action_apply()
        self.assertEqual(self._export(self._imported_rule(document)), document)

    def _imported_rule(self, document):
        key = document["rules"][0]["key"]
        return self.env["crm.stage.rule"].search([("process_key", "=", key)])

    def test_old_and_new_value_are_shown(self):
        document = self._export()
        self._alter()
        import_ = self._import(document)
        line = import_.line_ids.filtered(lambda line: line.section == "rules")
        self.assertIn("Severity: Warn → Block", line.detail)
        self.assertIn("Guidance: Never. → Ask first.", line.detail)
        self.assertIn("archived", line.detail)
        stage = import_.line_ids.filtered(lambda x: x.label == "Test Offer")
        self.assertEqual(stage.detail, "Requirements: Other → –")

    def test_stage_of_the_same_name_is_the_stage(self):
        document = self._export()
        document["stages"][0]["key"] = "from-elsewhere"
        import_ = self._import(document)
        line = import_.line_ids.filtered(lambda line: line.key == "from-elsewhere")
        self.assertEqual((line.state, line.stage_id), ("unchanged", self.stage_new))

    def test_chosen_stage_is_used(self):
        document = self._document(
            stages=[{"key": "s", "name": "Test Elsewhere", "only_if_missing": True}],
            rules=[self._new_rule("r", to_stage_ids=["s"])],
        )
        import_ = self._import(document)
        line = import_.line_ids.filtered(lambda line: line.key == "s")
        self.assertEqual(line.state, "new")
        line.stage_id = self.stage_talk
        self.assertEqual(line.state, "unchanged")
        import_.action_apply()
        rule = self.env["crm.stage.rule"].search(
            [("process_key", "=", "r"), ("active", "=", False)]
        )
        self.assertEqual(rule.to_stage_ids, self.stage_talk)
        self.assertFalse(
            self.env["crm.stage"].search([("name", "=", "Test Elsewhere")])
        )

    def test_translations_travel(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.rule.with_context(lang="fr_FR").name = "Règle d'offre"
        document = self._export()
        self.assertEqual(
            document["rules"][0]["name"],
            {"en_US": "Test Offer Rule", "fr_FR": "Règle d'offre"},
        )
        self.rule.with_context(lang="fr_FR").name = "Autre"
        import_ = self._import(document)
        import_.action_apply()
        self.assertEqual(self.rule.with_context(lang="fr_FR").name, "Règle d'offre")

    def test_import_makes_one_version(self):
        document = self._export()
        self._alter()
        lead = self._lead(stage_id=self.stage_new.id)
        self.rule.severity = "log"
        lead.stage_id = self.stage_offer
        number = self.rule.version_id.number
        self._import(document).action_apply()
        self.assertEqual(self.rule.version_id.number, number + 1)


@tagged("post_install", "-at_install")
class TestStageBundleParts(StageBundleCase):
    def _two(self):
        return self._document(
            stages=[{"key": "s", "name": "Test Elsewhere", "sequence": 500}],
            rules=[
                self._new_rule("r1", to_stage_ids=["s"]),
                self._new_rule("r2", to_stage_ids=[self.stage_talk.process_key]),
            ],
        )

    def _rules(self, *keys):
        rules = self.env["crm.stage.rule"].with_context(active_test=False)
        return rules.search([("process_key", "in", keys)])

    def test_selected_parts_only(self):
        import_ = self._import(self._two())
        import_.line_ids.filtered(lambda line: line.key != "r2").selected = False
        import_.action_apply()
        self.assertEqual(self._rules("r1", "r2").mapped("process_key"), ["r2"])

    def test_part_without_what_it_needs(self):
        import_ = self._import(self._two())
        import_.line_ids.filtered(lambda line: line.key == "s").selected = False
        with self.assert_refused(UserError, "needs “s” of this bundle"):
            import_.action_apply()
        self.assertFalse(self._rules("r1", "r2"))

    def test_nothing_selected(self):
        import_ = self._import(self._two())
        import_.line_ids.selected = False
        with self.assert_refused(UserError, "Nothing is chosen"):
            import_.action_apply()

    def test_all_or_nothing(self):
        """A rule that the database refuses takes all the others with it."""
        document = self._two()
        document["rules"].append(
            self._new_rule("r3", move="created", from_stage_ids=["s"])
        )
        import_ = self._import(document)
        with self.assert_refused(UserError, "r3.*would never apply"):
            import_.action_apply()
        self.assertFalse(self._rules("r1", "r2", "r3"))
        self.assertEqual(import_.state, "draft")

    def test_what_changed_meanwhile_is_compared_again(self):
        document = self._export()
        self.rule.guidance = "Never."
        import_ = self._import(document)
        self.rule.guidance = "Sometimes."
        result = import_.action_apply()
        self.assertEqual(result["tag"], "display_notification")
        self.assertEqual((import_.state, self.rule.guidance), ("draft", "Sometimes."))
        self.assertIn("Sometimes.", "".join(import_.line_ids.mapped("detail")))
        import_.action_apply()
        self.assertEqual(self.rule.guidance, "Ask first.")

    def test_applied_twice(self):
        import_ = self._import(self._two())
        import_.action_apply()
        with self.assert_refused(UserError, "applied already"):
            import_.action_apply()
        with self.assert_refused(UserError, "applied already"):
            import_.file = import_.file
        with self.assert_refused(UserError, "keeps what was before"):
            import_.unlink()


@tagged("post_install", "-at_install")
class TestStarterProcesses(StageBundleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Somebody may have chosen one in this database already.
        for model in ("crm.stage", "crm.stage.reason", "crm.stage.rule"):
            records = cls.env[model].with_context(active_test=False)
            for record in records.search([("process_key", "=like", "starter-%")]):
                record.write({"process_key": False, "name": f"Old {record.id}"})
        lines = cls.env["crm.stage.rule.requirement"].with_context(active_test=False)
        found = lines.search([("process_key", "=like", "starter-%")])
        found.process_key = False
        found.with_context(active_test=False).item_ids.process_key = False

    def _choose(self, process, teams=()):
        chooser = self.manager_env["crm.stage.process.chooser"].create(
            {"process": process, "team_ids": [(6, 0, [team.id for team in teams])]}
        )
        action = chooser.action_preview()
        self.assertTrue(chooser.summary)
        return self.manager_env[action["res_model"]].browse(action["res_id"])

    def test_every_starter_applies_and_enforces_nothing(self):
        before = self.env["crm.stage.rule"].search_count([])
        for process, _name in STARTERS:
            with self.subTest(process=process):
                import_ = self._choose(process)
                self.assertFalse(import_.problem_text)
                self.assertFalse(any(import_.line_ids.mapped("problem")))
                import_.action_apply()
                document = json.loads(import_.content)
                self.assertTrue(all(r["severity"] == "log" for r in document["rules"]))
                self.assertEqual(self._differences(self._import(document)), [])
        self.assertEqual(self.env["crm.stage.rule"].search_count([]), before)

    def test_for_one_team(self):
        import_ = self._choose("public_tender", self.team)
        import_.action_apply()
        stage = self.env["crm.stage"].search([("name", "=", "Bid Submitted")])
        self.assertEqual(stage.team_ids, self.team)
        rules = self.env["crm.stage.rule"].search(
            [("process_key", "=like", "starter-public%"), ("active", "=", False)]
        )
        self.assertTrue(rules)
        self.assertEqual(rules.team_ids, self.team)

    def test_existing_stages_are_left_alone(self):
        before = self.env["crm.stage"].search([]).read(["name", "sequence", "team_ids"])
        self._choose("bant", self.team).action_apply()
        names = [stage["name"] for stage in before]
        after = self.env["crm.stage"].search([("name", "in", names)])
        self.assertEqual(after.read(["name", "sequence", "team_ids"]), before)

    def test_files_are_formatted_for_people(self):
        for process, name in STARTERS:
            path = f"sales_opportunity_plus/data/processes/{process}.json"
            with file_open(path) as handle:
                document = json.load(handle)
            self.assertTrue(document["name"].startswith(name.split()[0]), process)
            for rule in document["rules"]:
                self.assertGreater(len(rule["guidance"]), 40, rule["key"])

    def test_seller_may_not(self):
        for model in (
            "crm.stage.process.chooser",
            "crm.stage.bundle.export",
            "crm.stage.bundle.import",
            "crm.stage.rule.trial",
        ):
            with self.subTest(model=model), self.assert_refused(AccessError, "."):
                self.env[model].with_user(self.seller).create({})
