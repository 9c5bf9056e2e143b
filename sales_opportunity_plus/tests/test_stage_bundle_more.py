"""Time limits and stage actions travel with their stages."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .stage_bundle_common import StageBundleCase


@tagged("post_install", "-at_install")
class TestStageBundleLimitsAndActions(StageBundleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Test Reminder",
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
            }
        )
        cls.limit = cls.env["crm.stage.limit"].create(
            {
                "stage_id": cls.stage_offer.id,
                "team_ids": [(6, 0, cls.team.ids)],
                "duration": 20,
                "step_ids": [
                    (0, 0, {"percent": 80}),
                    (0, 0, {"percent": 100, "action": "activity_leader", "note": "!"}),
                ],
            }
        )
        cls.action = cls.env["crm.stage.action"].create(
            {
                "name": "Test Greeting",
                "stage_id": cls.stage_offer.id,
                "kind": "template",
                "template_id": cls.template.id,
                "domain": f"[('team_id', '=', {cls.team.id})]",
            }
        )

    def test_same_database_gives_no_difference(self):
        document = self._export()
        [limit] = document["limits"]
        self.assertEqual(limit["stage_id"], self.stage_offer.process_key)
        self.assertEqual([step["percent"] for step in limit["steps"]], [80, 100])
        [action] = document["actions"]
        self.assertEqual(action["template_id"], "Test Reminder")
        self.assertEqual(action["domain"], [["team_id", "=", {"ref": "Test Team"}]])
        self.assertEqual(self._differences(self._import(document)), [])

    def test_altered_and_rolled_back(self):
        document = self._export()
        self.limit.duration = 99
        self.limit.step_ids[0].percent = 50
        self.action.unlink()
        import_ = self._import(document)
        import_.action_apply()
        self.assertEqual(self._export(), document)
        import_.action_roll_back()
        self.assertEqual(
            (self.limit.duration, self.limit.step_ids[0].percent), (99, 50)
        )

    def test_new_database(self):
        document = self._export()
        for record in (self.limit, self.action, self.rule, self.stage_offer):
            record.unlink()
        import_ = self._import(document)
        import_.action_apply()
        key = document["rules"][0]["key"]
        rule = self.env["crm.stage.rule"].search([("process_key", "=", key)])
        self.assertEqual(self._export(rule), document)

    def test_other_stages_limits_are_not_exported(self):
        self.limit.stage_id = self.stage_talk
        self.assertEqual(self._export()["limits"], [])

    def test_manager_brings_in_no_server_action(self):
        """Who chooses what code runs for others is an administrator."""
        document = self._export()
        self.assertNotIn("server_action_id", document["actions"][0])
        document["actions"][0].update(kind="server", server_action_id="x")
        import_ = self._import(document)
        self.assertIn("server_action_id", import_.problem_text)
        code = self.env["ir.actions.server"].create(
            {
                "name": "Test Code",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "code",
            }
        )
        step = document["limits"][0]["steps"][0]
        step.update(action="server_action", server_action_id=code.name)
        del document["actions"]
        import_ = self._import(document)
        line = import_.line_ids.filtered(lambda line: line.section == "limits")
        self.assertIn("Test Code", line.problem)
        line.selected = True
        with self.assert_refused(UserError, "Test Code"):
            import_.action_apply()
