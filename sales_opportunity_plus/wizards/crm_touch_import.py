from datetime import timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import split_every

from ..engine import touch_csv
from . import csv_upload, touch_import_words
from .touch_import_rows import TouchImportRows

MAX_ROWS = 50_000
SHOWN_PROBLEMS = 500
BATCH = 5_000


class CrmTouchImport(models.TransientModel):
    """A file of touches: looked at first, then written at once."""

    _name = "crm.touch.import"
    _description = "Import of Touches"
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
    ready_count = fields.Integer("To Import", readonly=True)
    known_count = fields.Integer(
        "Known Already",
        readonly=True,
        help="Lines that were imported before: they are left out.",
    )
    problem_count = fields.Integer("With Problems", readonly=True)
    new_names = fields.Text(
        "New Campaigns, Mediums, Sources",
        readonly=True,
        help="Names that do not exist yet: the import creates them.",
    )
    imported_count = fields.Integer("Imported", readonly=True)
    line_ids = fields.One2many("crm.touch.import.line", "import_id", readonly=True)

    def write(self, vals):
        if "file" in vals:
            vals = {**vals, "state": "draft", "line_ids": [fields.Command.clear()]}
        return super().write(vals)

    def action_check(self):
        """Read the file and show what is wrong with it; nothing is written."""
        self.ensure_one()
        self.check_access("write")
        self._show(self._rows())
        return self._again()

    def action_import(self):
        """Write the lines that are right; the others stay for another try."""
        self.ensure_one()
        self.check_access("write")
        rows = self._rows()
        self._show(rows)
        count = 0
        for part in split_every(BATCH, rows.ready):
            count += len(self.env["crm.touchpoint"]._record(rows.touches(part)))
        self.write({"state": "done", "imported_count": count})
        return self._again()

    def action_show(self):
        """Open the touches that were imported last."""
        self.ensure_one()
        self.env["crm.touchpoint.report"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_touchpoint_report_action"
        )
        action["domain"] = [
            ("origin", "=", "import"),
            ("recorded_by_id", "=", self.env.uid),
        ]
        return action

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Touches"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _zone(self):
        try:
            return ZoneInfo(self.env.user.tz or "UTC")
        except (KeyError, ValueError):
            return timezone.utc

    def _rows(self):
        """The lines of the file, and what they mean here."""
        data = csv_upload.content(self)
        found = touch_csv.read(data, self._zone(), fields.Datetime.now())
        rows = csv_upload.rows(self, found, touch_csv.COLUMNS, MAX_ROWS)
        return TouchImportRows(self.env, rows)

    def _show(self, rows):
        self.line_ids.unlink()
        problems = [(row, problem) for row in rows.wrong for problem in row.problems]
        lines = [
            {
                "number": row.number,
                "column": problem.column,
                "value": problem.value,
                **touch_import_words.row_problem(self.env, problem),
            }
            for row, problem in problems[:SHOWN_PROBLEMS]
        ]
        self.write(
            {
                "state": "checked",
                "row_count": len(rows.rows),
                "ready_count": len(rows.ready),
                "known_count": rows.known_count,
                "problem_count": len(rows.wrong),
                "new_names": touch_import_words.new_names(self.env, rows.new_names()),
                "line_ids": [fields.Command.create(line) for line in lines],
            }
        )
