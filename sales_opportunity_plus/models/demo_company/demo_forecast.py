from markupsafe import Markup

from odoo import api, models

from ..forecast.crm_lead import KEEP_STAMPS


class CrmDemoCompany(models.AbstractModel):
    """What people promised: forecast categories, and closings that slipped."""

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_overrides(self, firm):
        leads = self.env["crm.lead"].with_context(forecast_keep_stamps=KEEP_STAMPS)
        for deal in firm.deals:
            if deal.override:
                leads.browse(self._demo_id(deal.key)).write(
                    {
                        "forecast_category_override": deal.override.category,
                        "forecast_category_user_id": self._demo_id(
                            deal.override.person
                        ),
                        "forecast_category_date": deal.override.when,
                    }
                )

    @api.model
    def _build_slips(self, firm):
        """A note for each expected closing that was moved, on the day it was."""
        note = self._demo_ref("mail.mt_note")
        users = self.env["res.users"]
        author = {
            person.key: users.browse(self._demo_id(person.key)).partner_id
            for person in firm.people
        }
        body = Markup("<p>Expected closing moved from %s to %s. %s.</p>")
        self.env["mail.message"].create(
            [
                {
                    "model": "crm.lead",
                    "res_id": self._demo_id(deal.key),
                    "message_type": "comment",
                    "subtype_id": note,
                    "author_id": author[slip.person].id,
                    "email_from": author[slip.person].email_formatted,
                    "date": slip.when,
                    "body": body % (slip.before, slip.after, slip.reason),
                }
                for deal in firm.deals
                for slip in deal.slips
            ]
        )
