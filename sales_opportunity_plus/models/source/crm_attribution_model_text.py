from datetime import datetime, timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL, formatLang
from odoo.tools.i18n import format_list

from ...engine.attribution import DATA_DRIVEN, Deal, Touch, credit
from .attribution_rule import MILESTONES, Rule
from .crm_attribution_version import COUNTED

_VALUE, _TOUCHES = 1000, 4


class CrmAttributionModel(models.Model):
    """What a model says, in words and by an example that the engine computes."""

    _name = "crm.attribution.model"
    _inherit = ["crm.attribution.model"]

    sentence = fields.Text("What It Says", compute="_compute_sentence")
    example = fields.Text(
        compute="_compute_sentence", help="What four touches get of a deal of 1,000."
    )
    progress = fields.Text(
        compute="_compute_progress", help="Whether the credits are up to date."
    )

    @api.depends_context("lang")
    @api.depends(
        "shape",
        "half_life",
        "lookback_days",
        "kind_ids",
        *(f"{name}_weight" for name in MILESTONES),
    )
    def _compute_sentence(self):
        for model in self:
            model.sentence = model._sentence()
            model.example = model._example()

    def _sentence(self):
        """The model in plain words."""
        self.ensure_one()
        parts = [self._sentence_of_shape()]
        if self.lookback_days:
            parts.append(
                self.env._(
                    "Touches more than %s days before the closing get nothing.",
                    self.lookback_days,
                )
            )
        if self.kind_ids:
            names = [f"“{kind.name}”" for kind in self.sudo().kind_ids]
            parts.append(
                self.env._("Only these kinds count: %s.", format_list(self.env, names))
            )
        return " ".join(parts)

    def _sentence_of_shape(self):
        if self.shape == "position":
            return self._sentence_of_weights()
        if self.shape == "decay":
            return self.env._(
                "Every touch gets something, the later the more: a touch that is "
                "%(days)s days older than the last one counts half of it.",
                days=f"{self.half_life:g}",
            )
        return {
            "first": self.env._("The whole deal to its first touch."),
            "last": self.env._("The whole deal to the last touch before it closed."),
            "last_non_direct": self.env._(
                "The whole deal to the last touch that was not direct; to the last "
                "one where all were direct."
            ),
            "linear": self.env._("The same to every touch."),
            "markov": self.env._(
                "Learns from closed deals what share of the won ones would be lost "
                "without a channel, and shares deals out in that proportion."
            ),
            "shapley": self.env._(
                "Learns from won deals: each counts equally for every channel that had "
                "a part in it, and deals are shared out in that proportion."
            ),
        }[self.shape or "linear"]

    def _sentence_of_weights(self):
        said = {
            "first": self.env._("to the first touch"),
            "lead": self.env._("to the touch that made it a lead"),
            "opportunity": self.env._("to the touch that made it an opportunity"),
            "last": self.env._("to the last touch before it closed"),
            "middle": self.env._("shared equally by all others"),
        }
        parts = [
            # A no-break space: the number stays with its sign.
            f"{self[f'{name}_weight']:g}\u00a0% {said[name]}"
            for name in MILESTONES
            if self[f"{name}_weight"]
        ]
        return format_list(self.env, parts) + "." if parts else ""

    def _example(self):
        """What the engine gives four touches, a week apart."""
        if not self.shape or self.shape in DATA_DRIVEN or not self._is_sound():
            return ""
        start = datetime(2024, 1, 1)
        kind = (self._settings()["kinds"] or [0])[0]
        days = [start + timedelta(weeks=week) for week in range(_TOUCHES)]
        touches = [Touch(place, day, kind) for place, day in enumerate(days)]
        deal = Deal(Decimal(_VALUE), created=days[1], converted=days[2], closed=days[3])
        rule = Rule.from_settings(self._settings(), model_id=0, version_id=0, version=0)
        got = {
            part.touch_id: float(part.amount)
            for part in credit(touches, deal, rule.engine_model())
        }
        amounts = [
            formatLang(self.env, got.get(place, 0.0), digits=2)
            for place in range(_TOUCHES)
        ]
        return self.env._(
            "For example, a deal of %(value)s with four touches, a week apart: the "
            "second made it a lead, the third an opportunity. They get %(amounts)s.",
            value=formatLang(self.env, _VALUE, digits=0),
            amounts=" · ".join(amounts),
        )

    def _is_sound(self):
        """Whether there is something to show; a form shows half-typed models too."""
        if self.shape == "decay" and not 0.04 <= self.half_life <= 36500:
            return False
        weights = [self[f"{name}_weight"] for name in MILESTONES]
        return min(weights) >= 0 and 0 <= self.lookback_days <= 36500

    def _compute_progress(self):
        query = SQL(
            "SELECT count(*) FROM (SELECT FROM crm_attribution_stale LIMIT %s) mark",
            COUNTED,
        )
        waiting = self.env.execute_query(query)[0][0]
        for model in self:
            model.progress = " ".join(
                part for part in model._progress_parts(waiting) if part
            )

    def _progress_parts(self, waiting):
        version = self._version()
        if not version:
            return []
        return [version._sample_text(), version._computed_text(waiting, self.active)]
