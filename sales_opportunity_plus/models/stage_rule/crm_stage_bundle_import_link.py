from odoo import api, fields, models
from odoo.exceptions import ValidationError

from . import bundle_words

#: What a person may choose instead of a record that is not here.
_MODELS = [
    "crm.stage",
    "crm.stage.reason",
    "crm.team",
    "res.groups",
    "res.users",
    "res.company",
    "mail.activity.type",
    "crm.tag",
    "res.partner",
    "mail.template",
    "mail.activity.plan",
    "ir.actions.server",
    "resource.calendar",
]


class CrmStageBundleImportLink(models.Model):
    """A name in a bundle that means nothing here, and what is meant by it."""

    _name = "crm.stage.bundle.import.link"
    _description = "Missing Record of an Imported Sales Process"
    _order = "model, name"

    import_id = fields.Many2one(
        "crm.stage.bundle.import", required=True, readonly=True, ondelete="cascade"
    )
    model = fields.Char(readonly=True)
    model_label = fields.Char("Kind", readonly=True)
    name = fields.Char("Missing Here", readonly=True)
    used_by = fields.Char("Needed By", readonly=True)
    record_ref = fields.Reference(
        selection="_selection_models",
        string="Use Instead",
        help="Empty: the parts that need it are held back.",
    )

    @api.model
    def _selection_models(self):
        return [(m, bundle_words.model_label(self.env, m)) for m in _MODELS]

    @api.constrains("record_ref")
    def _check_model(self):
        for link in self.filtered("record_ref"):
            if link.record_ref._name != link.model:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is of the kind %(model)s: choose a record of that "
                        "kind to use instead.",
                        name=link.name,
                        model=link.model_label,
                    )
                )

    def write(self, vals):
        self.import_id._refuse_unless_draft()
        result = super().write(vals)
        if "record_ref" in vals:
            for import_ in self.import_id:
                import_._compare()
        return result

    def _keep(self, vals):
        """Write without comparing again."""
        return super().write(vals)

    @api.model
    def _show(self, import_, plan):
        """A line for each name that is missing; those with an answer stay."""
        there = {(link.model, link.name): link for link in import_.link_ids}
        for (model, name), units in plan.missing.items():
            vals = {
                "model": model,
                "name": name,
                "model_label": bundle_words.model_label(self.env, model),
                "used_by": ", ".join(unit.label for unit in units),
            }
            link = there.pop((model, name), None)
            if link:
                link._keep(vals)
            else:
                self.create({**vals, "import_id": import_.id})
        for link in there.values():
            if not link.record_ref:
                link.unlink()
