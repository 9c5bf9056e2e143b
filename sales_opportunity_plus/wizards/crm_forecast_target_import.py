from odoo import fields, models
from odoo.exceptions import UserError

from ..engine import target_csv
from . import csv_upload, target_import_words
from .target_import_rows import TargetImportRows

MAX_ROWS = 20_000


class CrmForecastTargetImport(models.TransientModel):
    """A file of targets: all of it is set, or nothing."""

    _name = "crm.forecast.target.import"
    _inherit = ["crm.csv.import"]
    _description = "Import of Targets"

    new_count = fields.Integer("New Targets", readonly=True)
    changed_count = fields.Integer(
        "Changed Targets",
        readonly=True,
        help="They get a new version; the old one stays in their history.",
    )
    same_count = fields.Integer("As They Are", readonly=True)
    line_ids = fields.One2many("crm.forecast.target.import.line")

    def action_show(self):
        """Open the targets."""
        self.ensure_one()
        self.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_forecast_target_action"
        )

    def _title(self):
        return self.env._("Import Targets")

    def _rows(self):
        found = target_csv.read(csv_upload.content(self))
        rows = csv_upload.rows(self, found, target_csv.COLUMNS, MAX_ROWS)
        return TargetImportRows(self.env, rows)

    def _figures(self, rows):
        return {
            "new_count": len(rows.new),
            "changed_count": len(rows.changed),
            "same_count": rows.same_count,
        }

    def _problem_texts(self, problem):
        return target_import_words.problem_texts(self.env, problem)

    def _import(self, rows):
        """Set all targets of the file, if there is nothing wrong with any."""
        self.env["crm.forecast.target"].check_access("create")
        if rows.wrong:
            raise UserError(
                self.env._(
                    "%s lines of the file have problems, so nothing was imported. "
                    "Correct them and choose the file again.",
                    len(rows.wrong),
                )
            )
        rows.set_targets()
        return {}
