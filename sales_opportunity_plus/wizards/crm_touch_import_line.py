from odoo import fields, models


class CrmTouchImportLine(models.TransientModel):
    """What is wrong with a line of a file of touches."""

    _name = "crm.touch.import.line"
    _inherit = ["crm.csv.import.line"]
    _description = "Problem in an Import of Touches"

    import_id = fields.Many2one("crm.touch.import")
