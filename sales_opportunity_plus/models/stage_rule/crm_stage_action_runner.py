import logging
from typing import NamedTuple

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import clean_context

_logger = logging.getLogger(__name__)

#: Server actions that Odoo runs record by record itself and that touch nothing but
#: the database: a batch that fails can be taken back and tried one by one.
_BATCH_STATES = {
    "object_write",
    "next_activity",
    "mail_post",
    "followers",
    "remove_followers",
}


class RunError(NamedTuple):
    """Why a run failed; only some of these texts are made for every reader."""

    text: str
    for_users: bool


class CrmStageAction(models.Model):
    """How an action runs, and what becomes of one that fails."""

    _name = "crm.stage.action"
    _inherit = ["crm.stage.action"]

    def _run_on(self, leads):
        """Run this action on opportunities; a ``RunError`` by lead id.

        All at once where that is the same as one after the other; when that fails,
        one after the other, so that only those that fail are left out.
        """
        self.ensure_one()
        if len(leads) > 1 and self._runs_in_batches() and not self._try_on(leads):
            return {}
        failures = {}
        for lead in leads:
            if error := self._try_on(lead):
                failures[lead.id] = error
        if failures:
            _logger.warning(
                "Stage action %r (id %s) failed for %s of %s opportunities: %s",
                *(self.name, self.id, len(failures), len(leads)),
                next(iter(failures.values())).text,
            )
        return failures

    def _try_on(self, leads):
        """Run on opportunities in a savepoint; what went wrong, or ``None``."""
        try:
            with self.env.cr.savepoint():
                getattr(self, f"_run_{self.kind}")(leads)
        except (OperationalError, ConcurrencyError):
            # Odoo repeats the whole transaction, the move included.
            raise
        except Exception as error:  # pylint: disable=broad-exception-caught
            _logger.debug("Stage action %s failed", self.id, exc_info=True)
            if isinstance(error, UserError):
                return RunError(str(error), True)
            # It may quote the code of the action.
            return RunError(f"{type(error).__name__}: {error}", False)
        return None

    def _runs_in_batches(self):
        if self.kind != "server":
            return True
        action = self.server_action_id
        if action.state == "code":
            # Code that knows of several opportunities takes them as Odoo's Action
            # menu hands them over; any other is written for one at a time, which
            # is how an automation rule calls it.
            names = compile((action.code or "").strip(), "code", "exec").co_names
            return "records" in names
        return action.state in _BATCH_STATES

    def _run_server(self, leads):
        """As if the user chose it in the Action menu of these opportunities.

        It is called in the environment of who moves them, not as the superuser:
        Odoo checks its groups, or else that the user may write the opportunities,
        and code runs with his rights. (An automation rule runs its code as the
        superuser; code that needs more than the user has says ``sudo()``, which is
        for the administrator to decide who writes it.) Odoo itself runs actions
        that only set fields as the superuser, here as everywhere.
        """
        action = _plain(leads).env["ir.actions.server"].browse(self.server_action_id.id)
        action.with_context(
            active_model=leads._name,
            active_id=leads[:1].id,
            active_ids=leads.ids,
            # What the action moves, it moves itself.
            stage_rule_automatic=None,
        ).run()

    def _run_template(self, leads):
        """Queue the mail; it stays in the chatter when it was sent."""
        template = _plain(leads).env["mail.template"].browse(self.template_id.id)
        mails = template.send_mail_batch(
            leads.ids, email_values={"is_notification": True}
        )
        for mail in mails.sudo():
            if not mail.email_to and not mail.recipient_ids:
                raise UserError(
                    self.env._(
                        "The email “%(template)s” has nobody to go to: give the "
                        "opportunity “%(lead)s” a customer or an email address.",
                        template=template.name,
                        lead=leads.browse(mail.res_id).display_name,
                    )
                )

    def _run_plan(self, leads):
        """Schedule the activities of the plan, as the wizard of Odoo would."""
        today = fields.Date.context_today(leads)
        leads = _plain(leads)
        for step in self.plan_id.template_ids:
            for user, assigned in self._plan_people(step, leads).items():
                assigned.activity_schedule(
                    activity_type_id=step.activity_type_id.id,
                    summary=step.summary,
                    note=step.note,
                    user_id=user.id,
                    date_deadline=step._get_date_deadline(today),
                )

    def _plan_people(self, step, leads):
        """Opportunities by the person who gets this step of the plan."""
        people = {}
        for lead in leads:
            # Whom to ask is the salesperson; without one, who moves the opportunity.
            on_demand = lead.sudo().user_id or self.env.user
            answer = step._determine_responsible(on_demand, lead)
            if answer["error"]:
                raise UserError(answer["error"])
            user = answer["responsible"]
            people[user] = people.get(user, leads.browse()) | lead
        return people


def _plain(leads):
    """The opportunities without the defaults that a screen put in the context."""
    return leads.with_env(leads.env(context=clean_context(leads.env.context)))
