from odoo import fields, models


class CrmCsvImportLine(models.AbstractModel):
    """What is wrong with a line of a file, and what to do about it."""

    _name = "crm.csv.import.line"
    _description = "Problem in an Import of a CSV File"
    _order = "number, id"

    import_id = fields.Many2one("crm.csv.import", required=True, ondelete="cascade")
    number = fields.Integer("Line", readonly=True, help="The heading is line 1.")
    column = fields.Char(readonly=True)
    value = fields.Char(readonly=True)
    problem = fields.Char(readonly=True)
    remedy = fields.Char("What to Do", readonly=True)
