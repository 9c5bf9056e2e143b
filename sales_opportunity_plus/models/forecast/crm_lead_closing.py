from odoo import fields

from ..lead_part import LeadPart


class LeadClosing(LeadPart):
    """Why an expected closing passed: a sentence, and the day on which it was said."""

    __slots__ = ()

    def _forecast_stamp_closing(self, vals):
        if "forecast_closing_reason" not in vals:
            return vals
        reason = (vals["forecast_closing_reason"] or "").strip()
        return {
            **vals,
            "forecast_closing_reason": reason or False,
            "forecast_closing_reason_date": reason and fields.Datetime.now(),
        }
