from odoo import api, models

from .domain_words import domain_words

_MOVES_WITHOUT_STAGES = {"won", "lost", "archived"}


class CrmStageRule(models.Model):
    """A rule as a sentence, on its form, in lists and in the dialog."""

    _name = "crm.stage.rule"
    _inherit = ["crm.stage.rule"]

    @api.depends(
        "mode",
        "severity",
        "move",
        "from_stage_ids.name",
        "to_stage_ids.name",
        "team_ids.name",
        "company_ids.name",
        "domain",
        "lead_type",
        "requirement_ids.display_name",
        "requirement_ids.item_ids.name",
        "requirement_ids.active",
        "who_owner",
        "who_leader",
        "who_group_ids.name",
        "who_user_ids.name",
        "approval",
        "approval_domain",
        "approver_leader",
        "approver_group_ids.name",
        "approver_user_ids.name",
    )
    @api.depends_context("lang")
    def _compute_sentence(self):
        for rule in self:
            rule = rule.sudo().with_context(active_test=False)
            scope = [rule._sentence_move(), *rule._sentence_scope()]
            needs = rule._sentence_needs() or [self.env._("nothing yet")]
            rule.sentence = self.env._(
                "%(scope)s: %(verb)s %(needs)s.",
                scope=", ".join(scope),
                verb=rule._sentence_verb(),
                needs=", ".join(needs),
            )

    def _sentence_verb(self):
        if self.mode == "move":
            return self.env._("moves by itself once")
        return {
            "warn": self.env._("should have"),
            "log": self.env._("is watched for"),
        }.get(self.severity, self.env._("needs"))

    def _sentence_move(self):
        before = self._names(self.from_stage_ids) or self.env._("any stage")
        after = self._names(self.to_stage_ids) or self.env._("any stage")
        if self.move == "created":
            return self.env._("Created in %s", after)
        moves = dict(self._fields["move"]._description_selection(self.env))
        if self.move in _MOVES_WITHOUT_STAGES:
            return self.env._(
                "%(move)s from %(before)s", move=moves[self.move], before=before
            )
        sentence = self.env._(
            "From %(before)s to %(after)s", before=before, after=after
        )
        if self.move == "stage":
            return sentence
        return f"{sentence} ({moves[self.move]})"

    def _sentence_scope(self):
        scope = []
        if self.team_ids:
            scope.append(self.env._("for team %s", self._names(self.team_ids)))
        if self.company_ids:
            scope.append(self.env._("in %s", self._names(self.company_ids)))
        if self.lead_type == "lead":
            scope.append(self.env._("leads only"))
        if self._parse_domain_quietly("domain"):
            condition = domain_words(self.env, self.domain)
            scope.append(self.env._("where %s", condition))
        return scope

    def _sentence_needs(self):
        needs = [one._get_phrase() for one in self.requirement_ids if one.active]
        if who := self._names_of_who():
            needs.append(self.env._("to be moved by %s", who))
        if self.approval:
            approval = self.env._(
                "approval by %s", self._names_of_approvers() or self.env._("nobody yet")
            )
            if self._parse_domain_quietly("approval_domain"):
                approval = self.env._(
                    "%(approval)s where %(condition)s",
                    approval=approval,
                    condition=domain_words(self.env, self.approval_domain),
                )
            needs.append(approval)
        return needs

    def _parse_domain_quietly(self, name):
        """Whether the field holds a condition, be it a wrong one."""
        return (self[name] or "").strip() not in ("", "[]")

    def _names(self, records):
        return ", ".join(records.mapped("display_name"))

    def _names_of_who(self):
        return self._people(
            self.who_owner and self.env._("the salesperson"),
            self.who_leader and self.env._("the team leader"),
            self._names(self.who_group_ids),
            self._names(self.who_user_ids),
        )

    def _names_of_approvers(self):
        return self._people(
            self.approver_leader and self.env._("the team leader"),
            self._names(self.approver_group_ids),
            self._names(self.approver_user_ids),
        )

    def _people(self, *names):
        return self.env._(" or ").join(filter(None, names))

    def _who_message(self):
        return self.env._(
            "Only %s may do this. Ask one of them.",
            self._names_of_who() or self.env._("nobody"),
        )

    def _approval_message(self, waiting):
        approvers = self._names_of_approvers() or self.env._("a sales manager")
        if waiting:
            return self.env._("Approval by %s is asked for and open.", approvers)
        return self.env._("Needs approval by %s.", approvers)
