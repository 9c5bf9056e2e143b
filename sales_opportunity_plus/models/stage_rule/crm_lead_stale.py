from odoo import fields
from odoo.tools import SQL, format_date

from ..lead_part import LeadPart

#: System parameter: after so many days without anything an opportunity is stale.
STALE_DAYS_PARAMETER = "sales_opportunity_plus.stale_days"
_DEFAULT_DAYS = 30


class LeadStale(LeadPart):
    """Find opportunities that seem dead, and say why they do."""

    __slots__ = ()

    def _stage_rule_stale(self):
        """Reasons to close opportunities: a list of texts by lead id.

        Open ones only; those without any reason are left out. That nothing is
        planned is no reason by itself: it comes on top of another.
        """
        open_leads = self.filtered(
            lambda lead: lead.sudo()._stage_rule_position().status == "open"
        )
        touched, planned = open_leads._stage_rule_last_touch()
        late = open_leads._stage_rule_late_ids()
        today = fields.Date.context_today(self)
        days_allowed = self._stage_rule_stale_days()
        found = {}
        for lead in open_leads:
            reasons = []
            days = (self.env.cr.now() - touched[lead.id]).days
            if days >= days_allowed:
                reasons.append(self.env._("Nothing happened for %s days", days))
            if lead.date_deadline and lead.date_deadline < today:
                day = format_date(self.env, lead.date_deadline)
                reasons.append(self.env._("Closing was expected on %s", day))
            if lead.id in late or lead.is_rotting:
                reasons.append(self.env._("Too long in %s", lead.stage_id.name))
            if reasons and lead.id not in planned:
                reasons.append(self.env._("No activity planned"))
            if reasons:
                found[lead.id] = reasons
        return found

    def _stage_rule_stale_days(self):
        text = self.env["ir.config_parameter"].sudo().get_param(STALE_DAYS_PARAMETER)
        text = str(text or "").strip()
        return int(text) if text.isdecimal() else _DEFAULT_DAYS

    def _stage_rule_last_touch(self):
        """When something last happened by lead id, and ids with a planned activity.

        A message of a person, a mail, an activity done, a meeting held, a move.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead.id,
                       GREATEST(lead.create_date, lead.date_last_stage_update,
                           (SELECT MAX(entered_at) FROM crm_stage_history stay
                             WHERE stay.lead_id = lead.id),
                           (SELECT MAX(message.date) FROM mail_message message
                             WHERE message.model = 'crm.lead'
                               AND message.res_id = lead.id
                               AND (message.message_type <> 'notification'
                                    OR message.mail_activity_type_id IS NOT NULL)),
                           (SELECT MAX(meeting.stop) FROM calendar_event meeting
                             WHERE meeting.opportunity_id = lead.id
                               AND meeting.active AND meeting.stop <= %(now)s)),
                       EXISTS (SELECT FROM mail_activity plan
                                WHERE plan.res_model = 'crm.lead'
                                  AND plan.res_id = lead.id AND plan.active)
                  FROM crm_lead lead WHERE lead.id = ANY(%(ids)s)
                """,
                ids=self.ids,
                now=self.env.cr.now(),
            )
        )
        touched = {lead_id: last for lead_id, last, _planned in rows}
        return touched, {lead_id for lead_id, _last, planned in rows if planned}
