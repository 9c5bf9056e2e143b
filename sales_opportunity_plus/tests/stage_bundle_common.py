"""Build a process of our own, export it, and import files."""

import base64
import json

from ..engine.bundle import FORMAT, VERSION
from .stage_rule_common import StageRuleCase


class StageBundleCase(StageRuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager_env = cls.env(user=cls.manager.id)
        cls.reason = cls.env["crm.stage.reason"].create({"name": "Test Postponed"})
        cls.tag = cls.env["crm.tag"].create({"name": "Test Tag"})
        cls.rule = cls._rule(
            cls._needs_field("date_deadline", message="Set it."),
            {
                "kind": "checklist",
                "item_ids": [(0, 0, {"name": "Budget"}), (0, 0, {"name": "Buyer"})],
            },
            {"kind": "reason", "reason_ids": [(6, 0, cls.reason.ids)]},
            {
                "kind": "condition",
                "domain": f"[('tag_ids', 'in', [{cls.tag.id}]), ('name', '!=', 'x')]",
            },
            name="Test Offer Rule",
            to_stage_ids=[(6, 0, cls.stage_offer.ids)],
            team_ids=[(6, 0, cls.team.ids)],
            who_group_ids=[(6, 0, cls.env.ref("base.group_user").ids)],
            approval=True,
            approver_user_ids=[(6, 0, cls.manager.ids)],
            approval_domain="[('expected_revenue', '>=', 5000)]",
            date_from="2020-01-01",
            guidance="Ask first.",
        )

    def _export(self, rules=None):
        """The document of an export by the manager."""
        wizard = self.manager_env["crm.stage.bundle.export"].create(
            {
                "name": "Test Process",
                "rule_ids": [(6, 0, (rules or self.rule).ids)],
                "stage_ids": [(6, 0, self.stage_new.ids)],
            }
        )
        wizard.action_export()
        return json.loads(base64.b64decode(wizard.file))

    def _import(self, document, user=None):
        """An import of a document (or of a text, or of bytes) by the manager."""
        if isinstance(document, dict):
            document = json.dumps(document)
        if isinstance(document, str):
            document = document.encode()
        env = self.env(user=(user or self.manager).id)
        return env["crm.stage.bundle.import"].create(
            {"file": base64.b64encode(document), "file_name": "process.json"}
        )

    @staticmethod
    def _document(**sections):
        return {"format": FORMAT, "version": VERSION, "name": "Test", **sections}

    @staticmethod
    def _states(import_):
        return {line.key: line.state for line in import_.line_ids}

    @staticmethod
    def _differences(import_):
        return [
            (line.label, line.state, line.detail, line.problem)
            for line in import_.line_ids
            if line.state != "unchanged" or line.problem
        ]

    def _new_rule(self, key, **values):
        return {"key": key, "name": f"Test {key}", "active": False, **values}
