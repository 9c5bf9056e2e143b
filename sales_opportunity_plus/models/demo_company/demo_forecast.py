from datetime import datetime, time

from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL

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
        """A note for each expected closing that was moved, on the day it was.

        With what changed, as Odoo tracks it: the pipeline history is rebuilt from it.
        """
        note = self._demo_ref("mail.mt_note")
        users = self.env["res.users"]
        author = {
            person.key: users.browse(self._demo_id(person.key)).partner_id
            for person in firm.people
        }
        body = Markup("<p>Expected closing moved: %s.</p>")
        slips = [(deal, slip) for deal in firm.deals for slip in deal.slips]
        notes = self.env["mail.message"].create(
            [
                {
                    "model": "crm.lead",
                    "res_id": self._demo_id(deal.key),
                    "message_type": "comment",
                    "subtype_id": note,
                    "author_id": author[slip.person].id,
                    "email_from": author[slip.person].email_formatted,
                    "date": slip.when,
                    "body": body % slip.reason,
                }
                for deal, slip in slips
            ]
        )
        self._demo_track_slips(notes, [slip for _deal, slip in slips])

    @api.model
    def _demo_track_slips(self, notes, slips):
        deadline = self.env["ir.model.fields"]._get("crm.lead", "date_deadline")
        tracked = self.env["mail.tracking.value"].create(
            [
                {
                    "mail_message_id": note.id,
                    "field_id": deadline.id,
                    "old_value_datetime": datetime.combine(slip.before, time()),
                    "new_value_datetime": datetime.combine(slip.after, time()),
                }
                for note, slip in zip(notes, slips, strict=True)
            ]
        )
        tracked.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mail_tracking_value tracked SET create_date = message.date
                  FROM mail_message message
                 WHERE message.id = tracked.mail_message_id AND tracked.id = ANY(%s)
                """,
                tracked.ids,
            )
        )
        tracked.invalidate_recordset(["create_date"])
