import base64
import json

from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.bundle import FORMAT, VERSION
from ..models.stage_rule.bundle_names import BundleNames
from ..models.stage_rule.bundle_values import unit


class CrmStageBundleExport(models.TransientModel):
    """Put a sales process into one file that other databases can read."""

    _name = "crm.stage.bundle.export"
    _description = "Export of a Sales Process"

    name = fields.Char(
        "Process",
        required=True,
        default=lambda self: self.env._("Sales process of %s", self.env.company.name),
    )
    rule_ids = fields.Many2many(
        "crm.stage.rule",
        string="Rules",
        default=lambda self: self._default_rules(),
        context={"active_test": False},
        help="With their requirements and checklists. Rules that are not active yet "
        "may be exported too.",
    )
    stage_ids = fields.Many2many(
        "crm.stage",
        string="Stages",
        default=lambda self: self.env["crm.stage"].search(Domain.TRUE),
        help="Stages that the rules name are exported in any case.",
    )
    file = fields.Binary("Bundle", readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    @api.model
    def _default_rules(self):
        """The rules that were ticked in the list, else those in force, else all."""
        context = self.env.context
        rules = self.env["crm.stage.rule"].with_context(active_test=False)
        if context.get("active_model") == rules._name and context.get("active_ids"):
            return rules.browse(context["active_ids"])
        return rules.search([("active", "=", True)]) or rules.search(Domain.TRUE)

    def action_export(self):
        """Write the file and offer it for download."""
        self.ensure_one()
        self.check_access("write")
        text = json.dumps(self._document(), indent=2, ensure_ascii=False) + "\n"
        self.write(
            {
                "file": base64.b64encode(text.encode()),
                "file_name": f"{self.name}.json".replace("/", "-"),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export Sales Process"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _document(self):
        """The process as plain data: the same process gives the same document."""
        env = self.env(context=dict(self.env.context, lang="en_US", active_test=False))
        names = BundleNames(env)
        document = {"format": FORMAT, "version": VERSION, "name": self.name}
        for part in env["crm.stage.bundle.import"]._bundle_parts():
            records = self._records(part).with_env(env)
            document[part.name] = [unit(part, record, names) for record in records]
        return document

    def _records(self, part):
        """The records of a part that go into the file; override for a new part."""
        wizard = self.with_context(active_test=False)
        rules = wizard.rule_ids
        stages = wizard.stage_ids | rules.from_stage_ids | rules.to_stage_ids
        if part.model == "crm.stage.rule":
            return rules.sorted()
        if part.model == "crm.stage":
            return stages.sorted()
        own = self.env[part.model].search(Domain.TRUE)
        if part.model == "crm.stage.reason":
            own |= rules.requirement_ids.reason_ids
        elif "stage_id" in own._fields:
            own = own.filtered(lambda one: not one.stage_id or one.stage_id in stages)
        return own.sorted()
