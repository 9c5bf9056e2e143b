from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..selections import ATTRIBUTION_SHAPES, CHANNEL_LEVELS
from .attribution_rule import MILESTONES

WEIGHTS = tuple(f"{name}_weight" for name in MILESTONES)
#: Weights count in hundredths of a percent.
HUNDREDTHS = 100


class CrmAttributionModel(models.Model):
    """How the value of a deal is shared out among its touches."""

    _name = "crm.attribution.model"
    _description = "Attribution Model"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(
        default=True,
        help="An archived model keeps the credits it has, but computes none.",
    )
    company_id = fields.Many2one("res.company", help="Empty: every company.")
    shape = fields.Selection(
        ATTRIBUTION_SHAPES,
        required=True,
        default="linear",
        help="Which touches get credit for a deal, and how much.",
    )
    half_life = fields.Float(
        "Half-Life (Days)",
        default=7.0,
        help="After so many days a touch counts half as much.",
    )
    first_weight = fields.Float("First Touch (%)", help="What the first touch gets.")
    lead_weight = fields.Float(
        "Lead Created (%)",
        help="What goes to the last touch before the lead was created.",
    )
    opportunity_weight = fields.Float(
        "Opportunity Created (%)",
        help="What goes to the last touch before it became an opportunity.",
    )
    last_weight = fields.Float(
        "Last Touch (%)",
        help="What goes to the last touch before the closing.",
    )
    middle_weight = fields.Float("All Others (%)", help="Shared equally.")
    lookback_days = fields.Integer(
        "Look-Back Window (Days)",
        help="Touches older than this before the closing (or before the last touch of "
        "an open deal) get nothing. 0: no limit.",
    )
    kind_ids = fields.Many2many(
        "crm.touch.kind",
        string="Kinds That Count",
        help="Empty: the kinds that count for attribution by default.",
    )
    channel_level = fields.Selection(
        CHANNEL_LEVELS,
        required=True,
        default="medium",
        help="What a data-driven model takes for a channel.",
    )
    version = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        aggregator=None,
        help="Every change of what the model computes makes a new version.",
    )
    version_ids = fields.One2many(
        "crm.attribution.version", "model_id", "Versions", readonly=True, copy=False
    )
    computed_at = fields.Datetime("Computed On", readonly=True, copy=False)

    @api.constrains("shape", *WEIGHTS)
    def _check_weights(self):
        for model in self:
            weights = [model[name] for name in WEIGHTS]
            if any(not 0 <= weight <= 100 for weight in weights):
                raise ValidationError(
                    self.env._(
                        "The weights of the attribution model “%(model)s” must be "
                        "percentages from 0 to 100.",
                        model=model.name,
                    )
                )
            total = sum(model._hundredths(name) for name in WEIGHTS)
            if model.shape == "position" and total != 100 * HUNDREDTHS:
                raise ValidationError(
                    self.env._(
                        "The weights of the attribution model “%(model)s” add up to "
                        "%(total)s %%. They must add up to 100 %%.",
                        model=model.name,
                        total=f"{total / HUNDREDTHS:g}",
                    )
                )

    @api.constrains("shape", "half_life", "lookback_days")
    def _check_days(self):
        for model in self:
            # An hour to a century: what is outside is a slip, or no number.
            if model.shape == "decay" and not 0.04 <= model.half_life <= 36500:
                raise ValidationError(
                    self.env._(
                        "The half-life of the attribution model “%(model)s” must be "
                        "between one hour (0.05 days) and 36,500 days.",
                        model=model.name,
                    )
                )
            if not 0 <= model.lookback_days <= 36500:
                raise ValidationError(
                    self.env._(
                        "The look-back window of the attribution model “%(model)s” "
                        "must be between 0 (no limit) and 36,500 days.",
                        model=model.name,
                    )
                )

    def _hundredths(self, name):
        return round(self[name] * HUNDREDTHS)

    @api.model_create_multi
    def create(self, vals_list):
        attribution_models = super().create(
            [
                {key: vals[key] for key in vals.keys() - {"version", "computed_at"}}
                for vals in vals_list
            ]
        )
        attribution_models._keep_version()
        return attribution_models

    def write(self, vals):
        was_archived = self.filtered(lambda model: not model.active)
        result = super().write(vals)
        if vals.keys() - {"version", "computed_at", "name", "sequence"}:
            self._keep_version(again=was_archived.filtered("active"))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Reports name the models that have given credit."""
        for model in self:
            if self.env.execute_query(
                SQL(
                    "SELECT FROM crm_attribution_credit WHERE model_id = %s LIMIT 1",
                    model.id,
                )
            ):
                raise UserError(
                    self.env._(
                        "The attribution model “%(model)s” cannot be deleted: "
                        "touches have credit under it. Archive it instead.",
                        model=model.name,
                    )
                )
