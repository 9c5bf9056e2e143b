from datetime import timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import split_every

from ..engine import touch_csv
from . import csv_upload, touch_import_words
from .touch_import_rows import TouchImportRows

MAX_ROWS = 50_000
BATCH = 5_000


class CrmTouchImport(models.TransientModel):
    """A file of touches: the lines that are right are written, the others explained."""

    _name = "crm.touch.import"
    _inherit = ["crm.csv.import"]
    _description = "Import of Touches"

    ready_count = fields.Integer("To Import", readonly=True)
    known_count = fields.Integer(
        "Known Already",
        readonly=True,
        help="Lines that were imported before: they are left out.",
    )
    new_names = fields.Text(
        "New Campaigns, Mediums, Sources",
        readonly=True,
        help="Names that do not exist yet: the import creates them.",
    )
    imported_count = fields.Integer("Imported", readonly=True)
    line_ids = fields.One2many("crm.touch.import.line")

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

    def _title(self):
        return self.env._("Import Touches")

    @api.model
    def _zone(self):
        try:
            return ZoneInfo(self.env.user.tz or "UTC")
        except (KeyError, ValueError):
            return timezone.utc

    def _rows(self):
        data = csv_upload.content(self)
        found = touch_csv.read(data, self._zone(), fields.Datetime.now())
        rows = csv_upload.rows(self, found, touch_csv.COLUMNS, MAX_ROWS)
        return TouchImportRows(self.env, rows)

    def _figures(self, rows):
        return {
            "ready_count": len(rows.ready),
            "known_count": rows.known_count,
            "new_names": touch_import_words.new_names(self.env, rows.new_names()),
        }

    def _problem_texts(self, problem):
        return touch_import_words.problem_texts(self.env)

    def _import(self, rows):
        """Write the lines that are right; the others stay for another try."""
        count = 0
        for part in split_every(BATCH, rows.ready):
            count += len(self.env["crm.touchpoint"]._record(rows.touches(part)))
        return {"imported_count": count}
