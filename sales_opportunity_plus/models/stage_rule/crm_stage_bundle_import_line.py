from odoo import api, fields, models

from . import bundle_words

_STATES = [("new", "New"), ("changed", "Changed"), ("unchanged", "Unchanged")]


class CrmStageBundleImportLine(models.Model):
    """A stage, a reason or a rule of a bundle, and what it would change here."""

    _name = "crm.stage.bundle.import.line"
    _description = "Part of an Imported Sales Process"
    _order = "id"
    _rec_name = "label"

    import_id = fields.Many2one(
        "crm.stage.bundle.import", required=True, readonly=True, ondelete="cascade"
    )
    section = fields.Char(readonly=True)
    kind = fields.Char(readonly=True, help="Stage, reason or rule.")
    key = fields.Char(readonly=True)
    label = fields.Char("Name", readonly=True)
    state = fields.Selection(_STATES, "Here", readonly=True)
    selected = fields.Boolean("Apply")
    detail = fields.Text("Differences", readonly=True)
    problem = fields.Text(readonly=True)
    uses = fields.Json(readonly=True)
    stage_id = fields.Many2one(
        "crm.stage",
        "Your Stage",
        help="The stage of yours that this one is. Empty: a new stage is created.",
    )

    def write(self, vals):
        self.import_id._refuse_unless_draft()
        result = super().write(vals)
        if "stage_id" in vals:
            for line in self.filtered(lambda line: line.section == "stages"):
                links = dict(line.import_id.links or {})
                links[f"crm.stage|{line.key}"] = line.stage_id.id or 0
                line.import_id.links = links
            for import_ in self.import_id:
                import_._compare()
        return result

    def _keep(self, vals):
        """Write without comparing again."""
        return super().write(vals)

    @api.model
    def _show(self, import_, plan):
        """Bring the lines of an import in line with a plan.

        What a person ticked or unticked stays as it is.
        """
        there = {(line.section, line.key): line for line in import_.line_ids}
        for planned in plan.units:
            vals = self._values(planned)
            line = there.pop((planned.part.name, planned.key), self.browse())
            if line:
                was_open = line.state != "unchanged" and not line.problem
                is_open = vals["state"] != "unchanged" and not vals["problem"]
                if was_open == is_open:
                    vals.pop("selected")
                line._keep(vals)
            else:
                self.create({**vals, "import_id": import_.id})
        for line in there.values():
            # A line is only the picture of a file that is another one now.
            line.unlink()

    def _values(self, planned):
        problems = [
            bundle_words.problem_text(self.env, problem) for problem in planned.problems
        ] + [
            bundle_words.missing_text(self.env, model, name)
            for model, name in planned.missing
        ]
        state = planned.difference.state
        is_stage = planned.part.model == "crm.stage"
        return {
            "section": planned.part.name,
            "kind": bundle_words.model_label(self.env, planned.part.model),
            "key": planned.key,
            "label": planned.label,
            "state": state,
            "selected": state != "unchanged" and not problems,
            "detail": bundle_words.difference_text(
                self.env, planned.part, planned.difference
            ),
            "problem": "\n".join(problems),
            "uses": planned.uses,
            "stage_id": planned.record.id if is_stage else False,
        }

    def _unselected_uses(self, lines):
        """Keys of the bundle that this line needs and that are not applied with it."""
        self.ensure_one()
        models = {
            part.name: part.model
            for part in self.env["crm.stage.bundle.import"]._bundle_parts()
        }
        chosen = {(models[line.section], line.key) for line in lines}
        return [key for model, key in self.uses or [] if (model, key) not in chosen]

    def action_open_line(self):
        """Show everything that would change, without the width of a list."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.label,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
