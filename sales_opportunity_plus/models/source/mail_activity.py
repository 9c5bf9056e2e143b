from odoo import models

from .crm_lead_touch_mail import EventsDone


class MailActivity(models.Model):
    """Activities say which meeting they were when they are done."""

    _name = "mail.activity"
    _inherit = ["mail.activity"]

    def _action_done(self, feedback=False, attachment_ids=None):
        done = EventsDone(self.sudo())
        if done.events:
            self = self.with_context(source_events_done=done)
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
