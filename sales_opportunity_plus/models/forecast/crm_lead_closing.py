from odoo import fields

from ..lead_part import LeadPart

#: The kind of requirement that also asks when only the day is written.
ASKED_ON_SAVE = "closing_reason_saved"


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

    def _forecast_before_write(self, vals):
        """Let the rules answer when a passed closing is moved on without a reason.

        Nothing is read or asked where no rule asks for one.
        """
        if (
            "date_deadline" not in vals
            or vals.get("forecast_closing_reason")
            or not self._stage_rule_asks(ASKED_ON_SAVE)
        ):
            return
        postponed = self._forecast_postponed(fields.Date.to_date(vals["date_deadline"]))
        if postponed:
            # Nobody reads in a refusal what he may not write.
            postponed.check_access("write")
            replay = {"ids": self.ids, "method": "write", "values": vals}
            postponed._stage_rule_guard_standing(ASKED_ON_SAVE, "postponed", replay)

    def _forecast_postponed(self, day):
        """The open ones whose expected closing has passed and would be later, or none.

        :param day: the expected closing that is written, or ``None``
        """
        today = fields.Date.today()
        return (
            self.sudo()
            .filtered(
                lambda lead: lead.active
                and lead.won_status == "pending"
                and lead.date_deadline
                and lead.date_deadline < today
                and (not day or day > lead.date_deadline)
            )
            .with_env(self.env)
        )

    def _forecast_keep_closing(self, opportunities):
        """Values with the reason of the newest merged one, if this one has none."""
        said = opportunities.filtered("forecast_closing_reason_date")
        if self.forecast_closing_reason or not said:
            return {}
        newest = said.sorted("forecast_closing_reason_date")[-1]
        return {
            name: newest[name]
            for name in ("forecast_closing_reason", "forecast_closing_reason_date")
        }
