from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..engine import target_csv
from . import csv_upload, target_import_words
from .target_import_rows import TargetImportRows

MAX_ROWS = 20_000
SHOWN_PROBLEMS = 500


class CrmForecastTargetImport(models.TransientModel):
    """A file of targets: looked at first, then all of it is set, or nothing."""

    _name = "crm.forecast.target.import"
    _description = "Import of Targets"
    _rec_name = "file_name"

    file = fields.Binary(
        "CSV File",
        attachment=False,
        help="UTF-8, columns separated by ; or , with the headings of the template.",
    )
    file_name = fields.Char()
    state = fields.Selection(
        [("draft", "Choose"), ("checked", "Checked"), ("done", "Imported")],
        default="draft",
        required=True,
        readonly=True,
    )
    row_count = fields.Integer("Lines", readonly=True)
    new_count = fields.Integer("New Targets", readonly=True)
    changed_count = fields.Integer(
        "Changed Targets",
        readonly=True,
        help="They get a new version; the old one stays in their history.",
    )
    same_count = fields.Integer("As They Are", readonly=True)
    problem_count = fields.Integer("With Problems", readonly=True)
    line_ids = fields.One2many(
        "crm.forecast.target.import.line", "import_id", readonly=True
    )

    def write(self, vals):
        if "file" in vals:
            vals = {**vals, "state": "draft", "line_ids": [Command.clear()]}
        return super().write(vals)

    def action_check(self):
        """Read the file and show what is wrong with it; nothing is written."""
        self.ensure_one()
        self.check_access("write")
        self._show(self._rows())
        return self._again()

    def action_import(self):
        """Set all targets of the file, if there is nothing wrong with any."""
        self.ensure_one()
        self.check_access("write")
        self.env["crm.forecast.target"].check_access("create")
        rows = self._rows()
        self._show(rows)
        if rows.wrong:
            raise UserError(
                self.env._(
                    "%s lines of the file have problems, so nothing was imported. "
                    "Correct them and choose the file again.",
                    len(rows.wrong),
                )
            )
        rows.set_targets()
        self.state = "done"
        return self._again()

    def action_show(self):
        """Open the targets."""
        self.ensure_one()
        self.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_forecast_target_action"
        )

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Targets"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _rows(self):
        """The lines of the file, and what they mean here."""
        found = target_csv.read(csv_upload.content(self))
        rows = csv_upload.rows(self, found, target_csv.COLUMNS, MAX_ROWS)
        return TargetImportRows(self.env, rows)

    def _show(self, rows):
        problems = [(row, problem) for row in rows.wrong for problem in row.problems]
        lines = [
            {
                "number": row.number,
                "column": problem.column,
                "value": problem.value,
                **target_import_words.row_problem(self.env, problem),
            }
            for row, problem in problems[:SHOWN_PROBLEMS]
        ]
        self.write(
            {
                "state": "checked",
                "row_count": len(rows.rows),
                "new_count": len(rows.new),
                "changed_count": len(rows.changed),
                "same_count": rows.same_count,
                "problem_count": len(rows.wrong),
                "line_ids": [Command.clear(), *map(Command.create, lines)],
            }
        )
