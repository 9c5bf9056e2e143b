import base64
import json

from odoo import api, fields, models
from odoo.tools import file_open

#: The processes that come with the addon, as bundles in data/processes.
STARTERS = [
    ("simple", "Simple"),
    ("bant", "BANT"),
    ("meddicc", "MEDDICC"),
    ("public_tender", "Public tender"),
]


class CrmStageProcessChooser(models.TransientModel):
    """Start with a process that others have worked out already."""

    _name = "crm.stage.process.chooser"
    _description = "Choice of a Starter Process"

    process = fields.Selection(
        STARTERS, required=True, default="simple", help="Nothing is applied yet."
    )
    summary = fields.Text(compute="_compute_summary")
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        help="The rules are for these teams only, and stages that you do not have "
        "yet are created for them alone. Empty: for all teams.",
    )

    @api.depends("process")
    def _compute_summary(self):
        for chooser in self:
            document = chooser._document()
            rules = [
                f"• {rule['name']}: {rule.get('guidance', '')}"
                for rule in document.get("rules", ())
            ]
            chooser.summary = "\n".join([document.get("summary", ""), "", *rules])

    @api.model
    def _read_document(self, process):
        path = f"sales_opportunity_plus/data/processes/{process}.json"
        with file_open(path, "r") as handle:
            return json.load(handle)

    def _document(self):
        """The bundle of the process, for the teams that were chosen."""
        if not self.process:
            return {}
        document = self._read_document(self.process)
        import_model = self.env["crm.stage.bundle.import"]
        teams = import_model._bundle_team_names(self.team_ids)
        if teams:
            for unit in [*document["stages"], *document["rules"]]:
                unit["team_ids"] = teams
        return document

    def action_preview(self):
        """Open the import of the process: it shows what would change first."""
        self.ensure_one()
        self.check_access("write")
        text = json.dumps(self._document(), ensure_ascii=False)
        import_ = self.env["crm.stage.bundle.import"].create(
            {
                "file": base64.b64encode(text.encode()),
                "file_name": f"{self.process}.json",
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": import_.name,
            "res_model": import_._name,
            "res_id": import_.id,
            "views": [(False, "form")],
        }
