from odoo import fields, models


class CrmForecastMaths(models.TransientModel):
    """Why history says what it says of one opportunity."""

    _name = "crm.forecast.maths"
    _description = "Maths of a Probability"

    lead_id = fields.Many2one("crm.lead", "Opportunity", required=True, readonly=True)
    summary = fields.Char(readonly=True)
    start = fields.Float(
        "Of Any Opportunity (%)",
        readonly=True,
        digits=(5, 1),
        help="Percent that is won of opportunities of which nothing is known.",
    )
    probability = fields.Float("Of This One (%)", readonly=True, digits=(5, 1))
    line_ids = fields.One2many("crm.forecast.maths.line", "maths_id", readonly=True)
