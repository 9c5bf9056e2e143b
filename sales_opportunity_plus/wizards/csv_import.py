from odoo import fields, models
from odoo.fields import Command

from . import csv_upload

SHOWN_PROBLEMS = 500


class CrmCsvImport(models.AbstractModel):
    """A CSV file that is looked at first, and written then.

    What inherits it says what its lines are and what becomes of them.
    """

    _name = "crm.csv.import"
    _description = "Import of a CSV File"
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
    problem_count = fields.Integer("With Problems", readonly=True)
    line_ids = fields.One2many("crm.csv.import.line", "import_id", readonly=True)

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
        """Write what the file says, as ``_import`` decides."""
        self.ensure_one()
        self.check_access("write")
        rows = self._rows()
        self._show(rows)
        self.write({"state": "done", **self._import(rows)})
        return self._again()

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self._title(),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _show(self, rows):
        problems = [(row, problem) for row in rows.wrong for problem in row.problems]
        lines = [
            {
                "number": row.number,
                "column": problem.column,
                "value": problem.value,
                **csv_upload.row_problem(
                    self.env, problem, self._problem_texts(problem)
                ),
            }
            for row, problem in problems[:SHOWN_PROBLEMS]
        ]
        self.write(
            {
                "state": "checked",
                "row_count": len(rows.rows),
                "problem_count": len(rows.wrong),
                **self._figures(rows),
                "line_ids": [Command.clear(), *map(Command.create, lines)],
            }
        )

    # ------------------------------------------------------------
    # What each import says
    # ------------------------------------------------------------

    def _title(self):
        """What the dialog is called."""
        raise NotImplementedError

    def _rows(self):
        """The lines of the file, ``rows``, and those of them that are ``wrong``."""
        raise NotImplementedError

    def _figures(self, rows):
        """Values that tell what would be imported."""
        raise NotImplementedError

    def _problem_texts(self, problem):
        """(what is wrong, what to do) by the code of a problem that is its own."""
        raise NotImplementedError

    def _import(self, rows):
        """Write the lines; returns values that tell what was imported."""
        raise NotImplementedError
