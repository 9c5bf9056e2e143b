from odoo import api, fields, models


class CrmAttributionWeight(models.Model):
    """What a channel weighs in a version of a data-driven model."""

    _name = "crm.attribution.weight"
    _description = "Channel Weight of an Attribution Model"
    _order = "version_id desc, weight desc, id"
    _rec_name = "name"

    version_id = fields.Many2one(
        "crm.attribution.version",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    channel = fields.Integer(
        "Channel ID", required=True, readonly=True, aggregator=None
    )
    name = fields.Char("Channel", readonly=True)
    # Whole numbers of up to 2^33, which a double holds exactly and an integer does not.
    weight = fields.Float(required=True, readonly=True, aggregator=None)
    share = fields.Float(
        "Share (%)",
        compute="_compute_share",
        digits=(5, 1),
        help="Of the weights of all channels.",
    )

    _once = models.UniqueIndex("(version_id, channel)")

    @api.depends("weight", "version_id.weight_ids.weight")
    def _compute_share(self):
        for version, weights in self.grouped("version_id").items():
            total = sum(version.weight_ids.mapped("weight"))
            for weight in weights:
                weight.share = weight.weight / total * 100 if total else 0.0
