from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ...engine.stage_rule import Rule
from ..lead_domain import parse_lead_domain
from .rule_set import RequirementSpec, RuleEntry, RuleSet


class CrmStageRule(models.Model):
    """The rules in the registry cache, which every change of a rule clears."""

    _name = "crm.stage.rule"
    _inherit = ["crm.stage.rule"]

    @api.model
    @ormcache()
    def _rule_set(self):
        """Every active rule of every company: a ``RuleSet``."""
        rules = self.sudo().with_context(active_test=True, lang=None)
        rules = rules.search(Domain.TRUE)
        # A requirement may name an archived stage, person or reason all the same.
        entries = [rule._rule_entry() for rule in rules.with_context(active_test=False)]
        mode = dict(zip(rules.ids, rules.mapped("mode"), strict=True))
        return RuleSet.of(
            guards=[e for e in entries if mode[e.rule.id] == "guard"],
            movers=[e for e in entries if mode[e.rule.id] == "move"],
        )

    def _rule_entry(self):
        """This rule as plain objects, whether it is active or not."""
        self.ensure_one()
        requirements = tuple(
            requirement._requirement_spec()
            for requirement in self.requirement_ids
            if requirement.active
        )
        domain = self._parse_domain("domain")
        return RuleEntry(
            rule=self._engine_rule(requirements, bool(domain)),
            requirements=requirements,
            domain=domain,
            approval_domain=self._parse_domain("approval_domain"),
            who_owner=self.who_owner,
            who_leader=self.who_leader,
            who_groups=frozenset(self.who_group_ids.ids),
            who_users=frozenset(self.who_user_ids.ids),
            bypass_groups=frozenset(self.bypass_group_ids.ids),
        )

    def _engine_rule(self, requirements, has_domain):
        return Rule(
            id=self.id,
            version_id=self.version_id.id or None,
            severity=self.severity,
            move=self.move,
            from_stages=frozenset(self.from_stage_ids.ids),
            to_stages=frozenset(self.to_stage_ids.ids),
            team_ids=frozenset(self.team_ids.ids),
            company_ids=frozenset(self.company_ids.ids),
            lead_type=self.lead_type or None,
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            has_domain=has_domain,
            requirements=tuple(requirement.id for requirement in requirements),
            restricted=bool(
                self.who_owner
                or self.who_leader
                or self.who_group_ids
                or self.who_user_ids
            ),
            approval=self.approval,
        )

    def _parse_domain(self, name):
        """The domain of a field, or ``None`` where it lets everything through."""
        return parse_lead_domain(self, name)

    @api.constrains("domain", "approval_domain")
    def _check_domains(self):
        for rule in self:
            rule._parse_domain("domain")
            rule._parse_domain("approval_domain")


class CrmStageRuleRequirement(models.Model):
    _name = "crm.stage.rule.requirement"
    _inherit = ["crm.stage.rule.requirement"]

    def _requirement_spec(self):
        """This requirement as a plain object."""
        self.ensure_one()
        return RequirementSpec(self.id, self.kind, self._requirement_values())

    def _requirement_values(self):
        """What the SQL of this kind needs to know; override for kinds of your own.

        The values are kept in the registry cache: no records, nothing translated.
        """
        hours = self.duration * (24 if self.duration_unit == "days" else 1)
        return {
            "field": self.field_id.name or self.field_name or None,
            "property": self.property_name or None,
            "domain": parse_lead_domain(self, "domain"),
            "activity_type_id": self.activity_type_id.id or None,
            "since_stage": self.since_stage,
            "document_pattern": self.document_pattern or None,
            "document_type": self.document_type or None,
            "hours": hours,
            "reason_ids": frozenset(self.reason_ids.ids),
        }
