import math

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..lead_part import LeadPart

#: What a person says of an opportunity: always together.
SAID = {
    "forecast_manual_probability",
    "forecast_manual_reason",
    "forecast_manual_until",
}
#: Written by the addon beside it, by nobody else.
SAID_BY = {"forecast_manual_user_id", "forecast_manual_date"}


class LeadManual(LeadPart):
    """A probability by hand: who, when, why, until when."""

    __slots__ = ()

    def _forecast_stamp_manual(self, vals):
        """Complete what is said of the probability, or refuse half of it."""
        if not SAID & vals.keys():
            return vals
        said = {name: vals.get(name) for name in SAID}
        reason = (said["forecast_manual_reason"] or "").strip()
        value = said["forecast_manual_probability"]
        if not reason:
            self._forecast_refuse_without_reason(said)
            if "forecast_manual_probability" not in vals:
                # An import sends empty columns: nothing was said.
                return {name: vals[name] for name in vals.keys() - SAID}
            return {**vals, **dict.fromkeys(SAID | SAID_BY, False)}
        self._forecast_refuse_no_percentage(value)
        self._forecast_refuse_past_day(said["forecast_manual_until"])
        return {
            **vals,
            "forecast_manual_probability": value,
            "forecast_manual_reason": reason,
            "forecast_manual_until": said["forecast_manual_until"],
            "forecast_manual_user_id": self.env.uid,
            "forecast_manual_date": fields.Datetime.now(),
        }

    def _forecast_refuse_without_reason(self, said):
        if said["forecast_manual_probability"] or said["forecast_manual_until"]:
            raise UserError(
                self.env._(
                    "A probability entered by hand (%(value)s %%) needs a reason: say "
                    "why you know better, so that others can follow it.",
                    value=said["forecast_manual_probability"] or 0,
                )
            )

    def _forecast_refuse_no_percentage(self, value):
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not (math.isfinite(value) and 0 <= value <= 100)
        ):
            raise UserError(
                self.env._(
                    "“%(value)s” is no probability: enter a percentage from 0 to 100.",
                    value=value,
                )
            )

    def _forecast_refuse_past_day(self, until):
        day = fields.Date.to_date(until)
        if day and day < fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "%(day)s has passed: choose a day from today on, or none.",
                    day=format_date(self.env, day),
                )
            )

    def action_forecast_set_probability(self, percent=None, reason=None, days=None):
        """Ask for a probability by hand and its reason, in a dialog.

        A step of an automation gives them, and for how many days it counts.
        """
        self.check_access("write")
        if percent is not None:
            until = fields.Date.context_today(self)
            return self.write(
                {
                    "forecast_manual_probability": percent,
                    "forecast_manual_reason": reason,
                    "forecast_manual_until": days and fields.Date.add(until, days=days),
                }
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Probability by Hand"),
            "res_model": "crm.forecast.manual",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": "crm.lead", "active_ids": self.ids},
        }

    def action_forecast_clear_probability(self):
        """Take a probability by hand back; the discussion keeps what it was."""
        self.check_access("write")
        self.write({"forecast_manual_probability": 0, "forecast_manual_reason": False})
