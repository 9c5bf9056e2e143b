import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine import bundle
from . import bundle_words, bundle_writer
from .bundle_names import BundleNames
from .bundle_parts import PARTS
from .bundle_plan import BundlePlan

#: A process is some hundred kilobytes; anything bigger is another file.
MAX_BYTES = 4 * 1024 * 1024


class CrmStageBundleImport(models.Model):
    """A sales process from elsewhere: compared first, then applied, never lost.

    The record stays and keeps what was before, so that it can be taken back.
    """

    _name = "crm.stage.bundle.import"
    _description = "Import of a Sales Process"
    _order = "id desc"

    name = fields.Char("Process", readonly=True)
    summary = fields.Text(readonly=True)
    state = fields.Selection(
        [
            ("draft", "Compared"),
            ("applied", "Applied"),
            ("rolled_back", "Rolled Back"),
        ],
        required=True,
        default="draft",
        readonly=True,
    )
    file = fields.Binary(
        "Bundle",
        attachment=True,
        help="A JSON file that was exported with Sales Process > Export.",
    )
    file_name = fields.Char()
    content = fields.Text(readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda s: s.env.company
    )
    problem_text = fields.Text("Problems", readonly=True)
    line_ids = fields.One2many("crm.stage.bundle.import.line", "import_id", "Parts")
    link_ids = fields.One2many("crm.stage.bundle.import.link", "import_id", "Missing")
    links = fields.Json(
        readonly=True, help="Records that were chosen for keys of the bundle."
    )
    fingerprint = fields.Char(readonly=True)
    journal = fields.Json(readonly=True, help="What was there before, and after.")
    overwrite_later = fields.Boolean(
        "Undo Later Changes Too",
        help="Take the import back although somebody changed some of it since.",
    )
    applied_at = fields.Datetime(readonly=True)
    applied_by_id = fields.Many2one("res.users", readonly=True)
    change_count = fields.Integer("Differences", compute="_compute_counts")
    problem_count = fields.Integer("Held Back", compute="_compute_counts")
    has_stage_lines = fields.Boolean(compute="_compute_counts")

    @api.depends("line_ids.state", "line_ids.problem")
    def _compute_counts(self):
        for record in self:
            lines = record.line_ids
            record.change_count = len(lines.filtered(lambda x: x.state != "unchanged"))
            record.problem_count = len(lines.filtered("problem"))
            record.has_stage_lines = "stages" in lines.mapped("section")

    @api.model
    def _bundle_parts(self):
        """What a bundle carries, in the order in which it is written.

        Override to add a part: a model with ``active`` that has the mixin
        ``crm.stage.process.key``.
        """
        return PARTS

    @api.model
    def _bundle_parts_by_name(self):
        """Every part, children too, by its name."""
        parts = list(self._bundle_parts())
        for part in parts:
            parts.extend(part.children)
        return {part.name: part for part in parts}

    @api.model
    def _bundle_team_names(self, teams):
        """What these teams are called in a bundle."""
        names = BundleNames(self.env)
        return [names.of(team) for team in teams]

    # ------------------------------------------------------------
    # The file
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.update(self._content_of(vals))
        records = super().create(vals_list)
        for record in records.filtered("content"):
            record._compare()
        return records

    def write(self, vals):
        if "file" in vals:
            self._refuse_unless_draft()
            vals = {**vals, **self._content_of(vals), "links": False}
        result = super().write(vals)
        if "file" in vals:
            for record in self:
                record._compare()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        """What was before is kept in the import alone."""
        for record in self.filtered(lambda record: record.state != "draft"):
            raise UserError(
                self.env._(
                    "The import “%s” cannot be deleted: it keeps what was before.",
                    record.name,
                )
            )

    def _content_of(self, vals):
        """The text of an uploaded file; a file that is none is named as such."""
        if not vals.get("file"):
            return {}
        data = vals["file"]
        if len(data) > MAX_BYTES * 4 / 3 + 4:
            raise UserError(
                self.env._(
                    "The file %(name)s is bigger than %(limit)s MB: it is not a sales "
                    "process. Choose a file that was exported with Sales Process > "
                    "Export.",
                    name=vals.get("file_name") or "",
                    limit=MAX_BYTES // 1024**2,
                )
            )
        try:
            text = base64.b64decode(data, validate=False).decode("utf-8-sig")
        except (binascii.Error, ValueError) as error:
            raise UserError(
                self.env._(
                    "The file %(name)s is not text (%(error)s). Choose a file that was "
                    "exported with Sales Process > Export.",
                    name=vals.get("file_name") or "",
                    error=error,
                )
            ) from error
        # PostgreSQL has no text with a NUL in it; JSON has none either.
        return {"content": text.replace("\x00", "\ufffd")}

    def _refuse_unless_draft(self):
        for record in self.filtered(lambda record: record.state != "draft"):
            raise UserError(
                self.env._(
                    "The import “%s” was applied already. Start a new import to apply "
                    "a bundle again.",
                    record.display_name,
                )
            )

    # ------------------------------------------------------------
    # Compare
    # ------------------------------------------------------------

    def _links(self):
        """Record ids by (model, key): what people chose."""
        links = {
            tuple(where.split("|", 1)): id_ for where, id_ in (self.links or {}).items()
        }
        for link in self.link_ids.filtered("record_ref"):
            links[link.model, link.name] = link.record_ref.id
        return links

    def _plan(self):
        """The plan for the file, and what is wrong with the file as a whole."""
        parts = self._bundle_parts()
        sections = [part.section(self.env) for part in parts]
        document, problems = bundle.read(self.content or "", sections)
        plan = BundlePlan(self.env, parts, {} if problems else document, self._links())
        return plan, document, problems

    def _compare(self):
        """Show what the bundle would change, as things stand now."""
        self.ensure_one()
        plan, document, problems = self._plan()
        texts = [bundle_words.problem_text(self.env, problem) for problem in problems]
        self.write(
            {
                "name": document.get("name") or self.file_name or self.env._("Process"),
                "summary": document.get("summary"),
                "problem_text": "\n".join(texts),
                "fingerprint": plan.fingerprint,
            }
        )
        self.env["crm.stage.bundle.import.line"]._show(self, plan)
        self.env["crm.stage.bundle.import.link"]._show(self, plan)

    def action_compare(self):
        """Compare again: the file with the process as it is now."""
        self.check_access("write")
        for record in self:
            record._refuse_unless_draft()
            record._compare()

    # ------------------------------------------------------------
    # Apply
    # ------------------------------------------------------------

    def action_apply(self):
        """Apply the chosen parts in one transaction, or nothing at all."""
        self.ensure_one()
        self.check_access("write")
        self._refuse_unless_draft()
        plan, _document, _problems = self._plan()
        if self.problem_text:
            raise UserError(self.problem_text)
        if plan.fingerprint != self.fingerprint:
            self._compare()
            return self._notify(
                self.env._("Something changed since you compared"),
                self.env._("The differences are up to date now: look at them again."),
            )
        lines = self.line_ids.filtered(lambda line: line.selected)
        self._refuse_problems(lines)
        chosen = {(line.section, line.key) for line in lines}
        writer = bundle_writer.BundleWriter(plan)
        for planned in plan.units:
            if (planned.part.name, planned.key) in chosen:
                writer.apply(planned)
        self.write(
            {
                "state": "applied",
                "journal": writer.close(self._bundle_parts_by_name()),
                "applied_at": fields.Datetime.now(),
                "applied_by_id": self.env.uid,
            }
        )
        return True

    def _refuse_problems(self, lines):
        problems = [
            f"{line.label}: {line.problem}" for line in lines if line.problem
        ] + [
            self.env._(
                "%(line)s: needs “%(key)s” of this bundle. Tick it too, or choose a "
                "stage of yours for it.",
                line=line.label,
                key=key,
            )
            for line in lines
            for key in line._unselected_uses(lines)
        ]
        if problems:
            raise UserError("\n".join(problems))
        if not lines:
            raise UserError(
                self.env._("Nothing is chosen: tick the parts to apply first.")
            )

    def _notify(self, title, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": title,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
