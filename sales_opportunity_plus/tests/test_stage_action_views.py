"""The screens of stage actions and decisions, for those who may see them."""

from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .test_stage_action import StageActionCase


@tagged("post_install", "-at_install")
class TestStageActionViews(StageActionCase):
    def test_filters_find_and_group(self):
        self._action("pass")
        self.env["crm.stage.rule"].create(
            {"name": "Watch", "severity": "log", "to_stage_ids": self.stage_talk.ids}
        )
        self._move(self._lead(), self.stage_talk)
        for name in (
            "crm.stage.action",
            "crm.stage.action.run",
            "crm.stage.decision.report",
        ):
            model = self.env[name].with_user(self.seller)
            arch = model.get_view(view_type="search")["arch"]
            for node in etree.fromstring(arch).iter("filter"):
                with self.subTest(model=name, filter=node.get("name")):
                    names = {"uid": self.seller.id}
                    if domain := node.get("domain"):
                        model.search_count(safe_eval(domain, names))
                    group = safe_eval(node.get("context", "{}"), names).get("group_by")
                    if group:
                        found = model.formatted_read_group([], [group], ["__count"])
                        self.assertTrue(found)

    def test_a_manager_makes_an_action_of_a_stage(self):
        plan = self._plan()
        form = Form(self.env["crm.stage.action"].with_user(self.manager))
        form.name = "Welcome"
        form.stage_id = self.stage_talk
        form.plan_id = plan
        action = form.save()
        self.assertEqual(action.target_name, "Test Plan")
        self.assertIn(action, self.stage_talk.stage_action_ids)
        lead = self._lead()
        self._move(lead, self.stage_talk)
        self.assertEqual(lead.activity_ids.summary, "Test Step")

    def test_a_manager_sees_what_server_action_runs(self):
        action = self._action("pass").with_user(self.manager)
        self.assertEqual(action.target_name, "Test Code")
        form = Form(action)
        form.sequence = 3
        form.save()
        self.assertEqual(action.sequence, 3)
