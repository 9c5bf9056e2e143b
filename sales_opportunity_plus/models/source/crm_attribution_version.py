from odoo import api, fields, models
from odoo.tools import format_datetime

from ...engine.attribution import DATA_DRIVEN
from ...engine.attribution_data import Sample

#: Marks that are counted for the text; nobody reads a longer number.
COUNTED = 10_000


class CrmAttributionVersion(models.Model):
    """An attribution model as it stood, and how far its credits are computed.

    Progress is kept here and not on the model: whoever edits the model never meets
    the job that computes.
    """

    _name = "crm.attribution.version"
    _description = "Version of an Attribution Model"
    _order = "model_id, number desc"
    _rec_name = "number"

    model_id = fields.Many2one(
        "crm.attribution.model",
        "Attribution Model",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="model_id.company_id")
    number = fields.Integer("Version", required=True, readonly=True, aggregator=None)
    sentence = fields.Text(
        "What It Says", readonly=True, help="The model in words, when it was changed."
    )
    settings = fields.Json(readonly=True)
    computed_to = fields.Integer(
        "Computed Up To",
        readonly=True,
        aggregator=None,
        help="The id of the last opportunity whose credits were computed.",
    )
    computed_at = fields.Datetime("Computed On", readonly=True)
    estimated_at = fields.Datetime(
        "Estimated On",
        readonly=True,
        help="When a data-driven model learnt the weights of the channels.",
    )
    won_count = fields.Integer("Won Journeys", readonly=True, aggregator=None)
    lost_count = fields.Integer("Lost Journeys", readonly=True, aggregator=None)
    weight_ids = fields.One2many(
        "crm.attribution.weight", "version_id", "Channels", readonly=True
    )

    _once = models.UniqueIndex("(model_id, number)", "A version has one number.")

    @api.depends("number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._("Version %s", version.number)

    def _is_learnt(self):
        """Whether it can give credit: a data-driven one has to learn first."""
        return self.settings["shape"] not in DATA_DRIVEN or bool(self.weight_ids)

    def _sample_text(self):
        """Whether a data-driven model has enough to learn from."""
        shape = self.settings["shape"]
        if shape not in DATA_DRIVEN or not self.estimated_at:
            return ""
        sample = Sample(shape, self.won_count, self.lost_count)
        counts = {
            "won": sample.won,
            "lost": sample.lost,
            "won_needed": sample.needed[0],
            "lost_needed": sample.needed[1],
        }
        if sample.is_enough:
            return self.env._(
                "Learnt on %(moment)s from %(won)s won and %(lost)s lost deals.",
                moment=format_datetime(self.env, self.estimated_at),
                **counts,
            )
        if sample.needed[1]:
            return self.env._(
                "Not enough data: at least %(won_needed)s won and %(lost_needed)s lost "
                "deals with touches are needed, there are %(won)s and %(lost)s.",
                **counts,
            )
        return self.env._(
            "Not enough data: at least %(won_needed)s won deals with touches are "
            "needed, there are %(won)s.",
            **counts,
        )

    def _computed_text(self, waiting, is_active):
        if not is_active:
            return self.env._("Archived: credits are not computed any more.")
        if self.computed_at:
            return self.env._(
                "Computed on %(moment)s (version %(version)s); %(waiting)s changes are "
                "waiting.",
                moment=format_datetime(self.env, self.computed_at),
                version=self.number,
                waiting=waiting if waiting < COUNTED else f"{COUNTED:,}+",
            )
        return self.env._(
            "Version %(version)s is not computed yet; it has come to opportunity "
            "number %(lead)s.",
            version=self.number,
            lead=self.computed_to,
        )
