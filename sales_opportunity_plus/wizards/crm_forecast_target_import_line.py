from odoo import fields, models


class CrmForecastTargetImportLine(models.TransientModel):
    """What is wrong with a line of a file of targets."""

    _name = "crm.forecast.target.import.line"
    _inherit = ["crm.csv.import.line"]
    _description = "Problem in an Import of Targets"

    import_id = fields.Many2one("crm.forecast.target.import")
