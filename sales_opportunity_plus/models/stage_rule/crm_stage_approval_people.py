from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_amount

from ...engine.approval import find_approvers

ACTIVITY = "sales_opportunity_plus.mail_activity_type_approve_move"


class CrmStageApproval(models.Model):
    """Who decides: the people of the rule, who stands in for them, their activities."""

    _name = "crm.stage.approval"
    _inherit = ["crm.stage.approval"]

    @api.model
    def _refresh_open(self):
        """Ask the right people again: an absence began or ended, a group changed."""
        self.sudo().search([("state", "=", "open")])._refresh_people()

    def _refresh_people(self):
        """Find who may decide on these requests now, and ask who was not asked."""
        deputies = self.env["crm.stage.approval.delegation"]._standing()
        managers = self._sales_managers()
        for approval in self.sudo():
            found, warning = approval._find_people(deputies, managers)
            may, asked = sorted(found.may), sorted(found.asked)
            if may != sorted(approval.approver_ids.ids) or (
                warning != (approval.warning or None)
            ):
                approval._set({"approver_ids": [(6, 0, may)], "warning": warning})
            if asked != sorted(approval.asked_ids.ids):
                before, now = approval.asked_ids, self.env["res.users"].browse(asked)
                approval._set({"asked_ids": [(6, 0, asked)]})
                approval._close_activities(before - now)
                approval._ask(now - before)

    def _find_people(self, deputies, managers):
        """(engine ``Approvers``, warning or ``None``) of one request, as of now.

        :param deputies: ids of delegates by id of who is away
        :param managers: who stands in where the rule reaches nobody
        """
        self.ensure_one()
        named = self._reachable(self._named())
        managers = self._reachable(managers)
        users = self.env["res.users"].sudo()
        reached = {
            person: frozenset(self._reachable(users.browse(others)).ids)
            for person, others in deputies.items()
        }
        found = find_approvers(named.ids, managers.ids, self.requester_id.id, reached)
        if found.origin == "named":
            return found, None
        return found, self._people_warning(found, named)

    def _named(self):
        """Everybody whom the rule names as approver, in reach or not."""
        rule = self.rule_id.sudo()
        people = rule.approver_user_ids | rule.approver_group_ids.all_user_ids
        if rule.approver_leader:
            people |= self.lead_id.team_id.user_id
        return people

    @api.model
    def _sales_managers(self):
        return self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids

    def _reachable(self, users):
        """Those who work here and in the company of the opportunity."""
        company = (
            self.company_id
            or self.lead_id.team_id.company_id
            or self.requester_id.company_id
        )
        return users.sudo().filtered(
            lambda user: user.active
            and not user.share
            and (not company or company in user.company_ids)
        )

    def _people_warning(self, found, named):
        reasons = self._unreached(named)
        values = {
            "rule": self.rule_id.name,
            "reasons": " ".join(reasons),
            "people": ", ".join(
                self.env["res.users"].sudo().browse(sorted(found.asked)).mapped("name")
            ),
        }
        if found.origin == "self":
            return self.env._(
                "%(people)s decides on a request of his own: nobody else can approve "
                "by the rule “%(rule)s”. %(reasons)s Name somebody else as approver on "
                "the rule.",
                **values,
            )
        if found.origin == "fallback":
            return self.env._(
                "A sales manager decides, because the rule “%(rule)s” reaches no "
                "approver: %(reasons)s Asked: %(people)s. To change that, name other "
                "approvers on the rule.",
                **values,
            )
        return self.env._(
            "Nobody can decide by the rule “%(rule)s”: %(reasons)s There is no sales "
            "manager of this company either. Name an approver on the rule: the request "
            "goes there by itself.",
            **values,
        )

    def _unreached(self, named):
        """Why the rule reaches nobody but the requester, a sentence per cause."""
        rule, reasons = self.rule_id.sudo(), []
        if named:
            reasons.append(self.env._("%s asks and cannot approve it.", named[:1].name))
        for group in rule.approver_group_ids.filtered(lambda one: not one.all_user_ids):
            reasons.append(self.env._("Nobody is in the group “%s”.", group.name))
        if rule.approver_leader and not self.lead_id.team_id.user_id:
            team = self.lead_id.team_id
            reasons.append(
                self.env._("The sales team “%s” has no leader.", team.name)
                if team
                else self.env._("The opportunity has no sales team.")
            )
        out_of_reach = self._named() - named
        if out_of_reach:
            reasons.append(
                self.env._(
                    "Archived or without access to the company: %s.",
                    ", ".join(out_of_reach[:5].mapped("name")),
                )
            )
        return reasons or [self.env._("The rule names no approver.")]

    # ------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------

    def _ask(self, users):
        """Plan an activity for each of these people."""
        for user in users:
            request = self.sudo().with_context(lang=user.lang)
            request.activity_schedule(
                ACTIVITY,
                user_id=user.id,
                summary=request._ask_summary(),
                note=Markup("<p>%s</p><p>%s</p><p>%s</p>")
                % (
                    request._ask_text(),
                    request.note or "",
                    request.env._("Open the request to approve or refuse it."),
                ),
            )

    def _ask_summary(self):
        return self.env._("Approve %s?", self.display_name)

    def _ask_text(self):
        """What is asked, in a sentence: who, which deal, how much, by which rule."""
        return self.env._(
            "%(requester)s asks to move “%(lead)s” to %(target)s (%(amount)s). "
            "The rule “%(rule)s” wants it approved.",
            requester=self.requester_id.name,
            lead=self.lead_name,
            target=self._target_text(),
            amount=self._amount_text(self.amount),
            rule=self.rule_id.name,
        )

    def _amount_text(self, amount, currency=None):
        currency = currency or self.currency_id
        return format_amount(self.env, amount, currency) if currency else str(amount)

    def _activities(self, users=None):
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("automated", "=", True),
        ]
        if users is not None:
            domain.append(("user_id", "in", users.ids))
        return self.env["mail.activity"].sudo().search(domain)

    def _close_activities(self, users=None):
        """Take back what is not to be decided any more, from some people or all."""
        if self and (users is None or users):
            self._activities(users).unlink()

    def _finish_activities(self, feedback):
        """Who decided has done it; the others need not any more."""
        own = self._activities(self.env.user)
        if own:
            own.action_feedback(feedback=feedback or False)
        self._close_activities()
