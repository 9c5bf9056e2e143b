from markupsafe import Markup

from odoo import models
from odoo.tools.mail import html_sanitize, is_html_empty

from ...exceptions import StageRuleError
from ..lead_part import LeadPart


class CrmLeadLost(models.TransientModel):
    """The wizard of a loss: what was written in it survives a refusal."""

    _name = "crm.lead.lost"
    _inherit = ["crm.lead.lost"]

    def action_lost_reason_apply(self):
        try:
            return super().action_lost_reason_apply()
        except StageRuleError as error:
            replay = error.context.get("replay") or {}
            if replay.get("method") == "action_set_lost":
                if not is_html_empty(self.lost_feedback):
                    replay["values"]["lost_feedback"] = self.lost_feedback
            raise


class LeadLost(LeadPart):
    __slots__ = ()

    def action_set_lost(self, **additional_values):
        """A loss that is tried again brings the closing note of the wizard."""
        feedback = additional_values.pop("lost_feedback", None)
        if not is_html_empty(feedback):
            self._track_set_log_message(
                Markup("<p>%s</p>%s")
                % (self.env._("Closing note:"), html_sanitize(feedback))
            )
        return super().action_set_lost(**additional_values)
