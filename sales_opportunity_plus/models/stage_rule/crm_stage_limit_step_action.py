from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError


class CrmStageLimitStep(models.Model):
    """The actions of the ladder: a method ``_escalate_<action>`` for each."""

    _name = "crm.stage.limit.step"
    _inherit = ["crm.stage.limit.step"]

    def _escalate(self, leads):
        """Do what the step says for opportunities; a failure raises."""
        self.ensure_one()
        getattr(self, f"_escalate_{self.action}")(leads)

    def _escalate_activity_owner(self, leads):
        self._schedule_activities(
            leads.grouped(lambda lead: lead.user_id or lead.team_id.user_id)
        )

    def _escalate_activity_leader(self, leads):
        self._schedule_activities(leads.grouped(lambda lead: lead.team_id.user_id))

    def _schedule_activities(self, leads_by_user):
        for user, leads in leads_by_user.items():
            if not user:
                raise UserError(
                    self.env._(
                        "There is nobody to remind of “%(lead)s”: it has no "
                        "salesperson or its sales team has no team leader. Assign "
                        "one.",
                        lead=leads[0].display_name,
                    )
                )
            lang = user.lang or self.env.lang
            self.with_context(lang=lang)._schedule_activity(leads, user)

    def _schedule_activity(self, leads, user):
        """An activity for each of the opportunities, in the words of the user."""
        limit = self.limit_id
        leads.with_context(lang=self.env.context["lang"]).activity_schedule(
            activity_type_id=self.activity_type_id.id
            or self.env.ref("mail.mail_activity_data_todo").id,
            user_id=user.id,
            summary=self.env._(
                "%(percent)s %% of the time limit in %(stage)s used up",
                percent=self.percent,
                stage=limit.stage_id.display_name,
            ),
            note=Markup("<br/>").join(filter(None, (self.note, limit.display_name))),
        )

    def _escalate_mail(self, leads):
        self.template_id.send_mail_batch(leads.ids)

    def _escalate_server_action(self, leads):
        for lead in leads:
            self.server_action_id.with_context(
                active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
            ).run()
