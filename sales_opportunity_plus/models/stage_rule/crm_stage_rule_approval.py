from datetime import timedelta

from odoo import api, models

_PEOPLE = {"approver_leader", "approver_group_ids", "approver_user_ids"}
_ENDING = {"active", "approval", "mode", "severity"}


class CrmStageRule(models.Model):
    """What a change of a rule does to the requests that wait for it."""

    _name = "crm.stage.rule"
    _inherit = ["crm.stage.rule"]

    def write(self, vals):
        result = super().write(vals)
        if _ENDING & vals.keys():
            self._cancel_requests()
        if _PEOPLE & vals.keys():
            self._open_requests()._refresh_people()
        return result

    def _open_requests(self):
        return (
            self.env["crm.stage.approval"]
            .sudo()
            .search([("rule_id", "in", self.ids), ("state", "=", "open")])
        )

    def _cancel_requests(self):
        """A rule that asks for no approval any more lets nobody wait for one."""
        for rule in self:
            if (
                rule.active
                and rule.approval
                and rule.mode == "guard"
                and (rule.severity != "log")
            ):
                continue
            rule._open_requests()._end(
                "cancelled",
                self.env._(
                    "%(user)s switched the rule “%(rule)s” off: move the opportunity "
                    "again.",
                    user=self.env.user.name,
                    rule=rule.name,
                ),
            )

    def _approval_expiry(self):
        """Until when a request or an approval of this rule stands, from now."""
        days = self.sudo().approval_days
        return self.env.cr.now() + timedelta(days=days) if days > 0 else False

    @api.model
    def _asks_approval(self):
        """Whether any active rule asks for approval; no query."""
        return any(rule.approval for rule in self._rule_set().guard_rules)
