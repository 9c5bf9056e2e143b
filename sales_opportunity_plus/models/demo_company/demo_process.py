from odoo import api, models

_MANAGERS = "sales_team.group_sale_manager"


class CrmDemoCompany(models.AbstractModel):
    """The sales process of the company; its past was lived before it."""

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_process(self, firm):
        self._demo_create(
            "crm.stage.reason",
            {
                f"reason_{key}": {"name": name, "sequence": place}
                for place, (key, name) in enumerate(
                    (
                        ("budget", "Budget postponed"),
                        ("contact", "New person in charge"),
                        ("scope", "Scope changed"),
                    )
                )
            },
        )
        self._demo_create("crm.stage.rule", self._demo_rules())

    @api.model
    def _demo_rules(self):
        proposition = [(6, 0, [self._demo_ref("crm.stage_lead3")])]
        managers = [(6, 0, [self._demo_ref(_MANAGERS)])]
        return {
            "rule_ready": {
                "name": "Ready to propose",
                "guidance": "An offer without a budget is a brochure. Ask first.",
                "to_stage_ids": proposition,
                "bypass_group_ids": managers,
                "requirement_ids": self._demo_ready_requirements(),
            },
            "rule_large": {
                "name": "Large deals are approved",
                "to_stage_ids": proposition,
                "approval": True,
                "approval_domain": "[('expected_revenue', '>=', 100000)]",
                "approver_leader": True,
                "approver_group_ids": managers,
                "approval_days": 14,
            },
            "rule_back": {
                "name": "Going back has a reason",
                "severity": "warn",
                "move": "backward",
                "requirement_ids": [(0, 0, {"kind": "reason"})],
            },
            "rule_lost": {
                "name": "A loss has a reason",
                "move": "lost",
                "requirement_ids": [(0, 0, {"kind": "reason"})],
            },
        }

    @api.model
    def _demo_ready_requirements(self):
        closing = self.env["ir.model.fields"]._get("crm.lead", "date_deadline")
        checks = ("Budget confirmed", "Decision maker known")
        lines = (
            {"kind": "field", "field_id": closing.id},
            {"kind": "checklist", "item_ids": [(0, 0, {"name": n}) for n in checks]},
            {"kind": "activity_planned"},
        )
        return [(0, 0, line) for line in lines]
