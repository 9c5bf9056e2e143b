from odoo import fields, models


class CrmAttributionCredit(models.Model):
    """What a touch gets of a deal under an attribution model; written in SQL.

    Fractions of a deal under a model add up to 1 and amounts to the expected revenue
    of the deal, exactly, in its currency. A touch that gets nothing has no row.
    """

    _name = "crm.attribution.credit"
    _inherit = ["crm.append.only"]
    _description = "Attribution Credit"
    _log_access = False
    _order = "id desc"
    _rec_name = "touchpoint_id"

    model_id = fields.Integer("Model ID", required=True, readonly=True, aggregator=None)
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    lead_id = fields.Integer(
        "Opportunity ID", required=True, readonly=True, aggregator=None
    )
    touchpoint_id = fields.Integer(
        "Touchpoint ID", required=True, readonly=True, aggregator=None
    )
    fraction = fields.Float(
        digits=(16, 9), readonly=True, help="Share of the deal, from 0 to 1."
    )
    amount = fields.Float(
        digits=(16, 6),
        readonly=True,
        help="Share of the expected revenue, in the currency of the deal.",
    )
    currency_id = fields.Integer("Currency ID", readonly=True, aggregator=None)

    # A touch has one credit of a deal under a model, whoever computes at the same time.
    _once = models.UniqueIndex("(lead_id, model_id, touchpoint_id)")
