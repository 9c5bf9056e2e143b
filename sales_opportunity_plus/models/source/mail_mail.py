from odoo import api, models
from odoo.tools import email_normalize_all


class MailMail(models.Model):
    """Emails that are sent to customers of opportunities without the chatter.

    From a template by an automation, or to many at once. Those of the mass mailing app
    have their own records there.
    """

    _name = "mail.mail"
    _inherit = ["mail.mail"]

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        sent = [
            mail
            for mail, vals in zip(mails.sudo(), vals_list, strict=True)
            if vals.get("model") == "crm.lead" and mail._source_goes_out(vals)
        ]
        if sent:
            self.browse().sudo()._source_record(sent)
        return mails

    def _source_goes_out(self, vals):
        return bool(
            vals.get("res_id")
            and not vals.get("mailing_id")
            and self.state == "outgoing"
            and self.message_type == "email_outgoing"
        )

    def _source_record(self, mails):
        """Record these emails, as far as they go to the customer."""
        leads = self.env["crm.lead"].browse({mail.res_id for mail in mails}).exists()
        touches = []
        for mail in mails:
            lead = leads.filtered(lambda one, lead_id=mail.res_id: one.id == lead_id)
            if lead and mail._source_reaches(lead):
                message = mail.mail_message_id
                touches.append(lead._source_touch_of_message("email_sent", message))
        self.env["crm.touchpoint"]._record(touches)

    def _source_reaches(self, lead):
        """Whether the customer of the opportunity gets this email."""
        if any(to.partner_share or to == lead.partner_id for to in self.recipient_ids):
            return True
        return lead.email_normalized in email_normalize_all(self.email_to or "")
