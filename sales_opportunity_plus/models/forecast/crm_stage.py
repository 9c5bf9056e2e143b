from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..selections import FORECAST_CATEGORIES


class CrmStage(models.Model):
    _name = "crm.stage"
    _inherit = ["crm.stage"]

    forecast_category = fields.Selection(
        FORECAST_CATEGORIES,
        compute="_compute_forecast_category",
        store=True,
        readonly=False,
        help="The forecast category of the opportunities in this stage, until a "
        "person chooses another one on the opportunity.",
    )

    forecast_probability = fields.Float(
        "Fixed Probability (%)",
        aggregator=None,
        help="Percent of the opportunities in this stage that are won. Counts in the "
        "forecast of teams that let it count; 0 means that none is fixed.",
    )

    _forecast_probability_is_a_percentage = models.Constraint(
        "CHECK(forecast_probability BETWEEN 0 AND 100)",
        "The fixed probability of a stage is a percentage from 0 to 100.",
    )

    @api.depends("is_won")
    def _compute_forecast_category(self):
        """A won stage is closed; any other keeps what was chosen for it."""
        for stage in self:
            if stage.is_won:
                stage.forecast_category = "closed"
            elif stage.forecast_category in (False, "closed"):
                stage.forecast_category = "pipeline"

    @api.constrains("forecast_category", "is_won")
    def _check_forecast_category(self):
        for stage in self:
            if (stage.forecast_category == "closed") != bool(stage.is_won):
                raise ValidationError(
                    self.env._(
                        "The stage “%(stage)s” cannot be in the forecast category "
                        "“%(category)s”: “Closed” is for won stages, and for them "
                        "only. Choose another category or change “Is Won Stage?”.",
                        stage=stage.display_name,
                        category=dict(FORECAST_CATEGORIES).get(
                            stage.forecast_category, ""
                        ),
                    )
                )
