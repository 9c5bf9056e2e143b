from decimal import Decimal

from odoo import api, fields, models

from ..engine.allocate import allocate

#: Weights are compared to so many parts of one.
_FINE = 10**6


class CrmForecastTargetSplitLine(models.TransientModel):
    """A part of a target that is to be set."""

    _name = "crm.forecast.target.split.line"
    _description = "Part of a Target to Be Set"
    _order = "sequence, id"

    split_id = fields.Many2one(
        "crm.forecast.target.split", required=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    name = fields.Char("Part", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    won_amount = fields.Monetary("Won Before", readonly=True)
    deal_count = fields.Integer("Deals", readonly=True)
    weight = fields.Float(
        digits=(16, 2),
        aggregator=None,
        help="The part gets its share of the sum of all weights.",
    )
    amount = fields.Monetary("Target", compute="_compute_amount")
    currency_id = fields.Many2one(related="split_id.currency_id")

    @api.depends("weight", "split_id.line_ids.weight", "split_id.amount")
    def _compute_amount(self):
        for split, lines in self.grouped("split_id").items():
            lines = split.line_ids or lines
            rounding = Decimal(str(split.currency_id.rounding or 1))
            whole = round(Decimal(str(split.amount or 0)) / rounding) * rounding
            weights = [max(round(line.weight * _FINE), 0) for line in lines]
            parts = allocate(whole, weights, rounding)
            for line, part in zip(lines, parts, strict=True):
                line.amount = float(part)
