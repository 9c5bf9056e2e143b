from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL


class CrmDemoCompany(models.AbstractModel):
    """What people did and plan to do: meetings and next activities."""

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_activities(self, firm):
        lead_model = self.env["ir.model"]._get_id("crm.lead")
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": lead_model,
                    "res_id": self._demo_id(deal.key),
                    "activity_type_id": self._demo_ref(deal.activity.kind),
                    "summary": deal.activity.summary,
                    "date_deadline": deal.activity.due,
                    "user_id": self._demo_id(deal.activity.person),
                }
                for deal in firm.deals
                if deal.activity
            ]
        )

    @api.model
    def _build_meetings(self, firm):
        """Meetings to come bring their activity; those of the past bring nothing.

        Creating an event of an opportunity plans an activity and logs the meeting
        as arranged today, so the past ones are tied to theirs afterwards.
        """
        morning = datetime.combine(firm.today, time())
        lead_model = self.env["ir.model"]._get_id("crm.lead")
        coming, past, lead_of = {}, {}, {}
        for deal in firm.deals:
            for meeting in deal.meetings:
                values = self._demo_meeting_values(deal, meeting)
                if meeting.start >= morning:
                    lead_id = self._demo_id(deal.key)
                    values.update(
                        opportunity_id=lead_id, res_model_id=lead_model, res_id=lead_id
                    )
                    coming[meeting.key] = values
                else:
                    past[meeting.key] = values
                    lead_of[meeting.key] = self._demo_id(deal.key)
        self._demo_create("calendar.event", coming)
        events = self._demo_create("calendar.event", past)
        self._demo_tie_meetings(events, lead_model, list(lead_of.values()))

    @api.model
    def _demo_meeting_values(self, deal, meeting):
        user = self.env["res.users"].browse(self._demo_id(meeting.person))
        partners = [user.partner_id.id, self._demo_id(deal.contact)]
        return {
            "name": f"{meeting.name}: {deal.name}",
            "start": meeting.start,
            "stop": meeting.start + timedelta(hours=meeting.hours),
            "user_id": user.id,
            "partner_ids": [Command.set(partners)],
        }

    @api.model
    def _demo_tie_meetings(self, events, lead_model, lead_ids):
        events.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE calendar_event
                   SET opportunity_id = tie.lead_id,
                       res_id = tie.lead_id,
                       res_model_id = %(lead_model)s,
                       res_model = 'crm.lead'
                  FROM unnest(%(event_ids)s, %(lead_ids)s) AS tie(event_id, lead_id)
                 WHERE calendar_event.id = tie.event_id
                """,
                lead_model=lead_model,
                event_ids=events.ids,
                lead_ids=lead_ids,
            )
        )
        events.invalidate_recordset()
