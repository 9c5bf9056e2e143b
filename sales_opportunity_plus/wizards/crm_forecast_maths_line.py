from odoo import fields, models


class CrmForecastMathsLine(models.TransientModel):
    """What one property of an opportunity adds to its probability, or takes."""

    _name = "crm.forecast.maths.line"
    _description = "Line of the Maths of a Probability"

    maths_id = fields.Many2one(
        "crm.forecast.maths", required=True, readonly=True, ondelete="cascade"
    )
    feature = fields.Char("What", readonly=True)
    case = fields.Char("Of This One", readonly=True)
    closed_count = fields.Integer(
        "Closed Before",
        readonly=True,
        aggregator=None,
        help="Looks at closed opportunities that had the same.",
    )
    rate = fields.Float(
        "Of Them Won (%)",
        readonly=True,
        digits=(5, 1),
        aggregator=None,
        help="Whatever else they were.",
    )
    points = fields.Float(
        readonly=True,
        digits=(5, 1),
        help="Percentage points that it adds beyond what the other lines say.",
    )
