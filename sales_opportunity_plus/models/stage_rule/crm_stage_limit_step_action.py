from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError


class CrmStageLimitStep(models.Model):
    """The actions of the ladder: a method ``_escalate_<action>`` for each."""

    _name = "crm.stage.limit.step"
    _inherit = ["crm.stage.limit.step"]

    def _escalate(self, lead):
        """Do what the step says for one opportunity; a failure raises."""
        self.ensure_one()
        getattr(self, f"_escalate_{self.action}")(lead)

    def _escalate_activity_owner(self, lead):
        self._schedule_activity(lead, lead.user_id or lead.team_id.user_id)

    def _escalate_activity_leader(self, lead):
        self._schedule_activity(lead, lead.team_id.user_id)

    def _schedule_activity(self, lead, user):
        if not user:
            raise UserError(
                self.env._(
                    "There is nobody to remind of “%(lead)s”: it has no salesperson "
                    "or its sales team has no team leader. Assign one.",
                    lead=lead.display_name,
                )
            )
        step = self.with_context(lang=user.lang or self.env.lang)
        lead = lead.with_context(lang=step.env.context["lang"])
        lead.activity_schedule(
            activity_type_id=step.activity_type_id.id
            or self.env.ref("mail.mail_activity_data_todo").id,
            user_id=user.id,
            summary=step.env._(
                "%(percent)s %% of the time limit in %(stage)s used up",
                percent=step.percent,
                stage=lead.stage_id.display_name,
            ),
            note=Markup("<br/>").join(
                filter(None, (step.note, step.limit_id.display_name))
            ),
        )

    def _escalate_mail(self, lead):
        self.template_id.send_mail(lead.id)

    def _escalate_server_action(self, lead):
        self.server_action_id.with_context(
            active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
        ).run()
