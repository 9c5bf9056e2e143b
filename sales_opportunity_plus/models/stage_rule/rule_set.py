"""The stage rules as the registry keeps them: plain objects, no records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...engine.stage_rule import Rule


@dataclass(frozen=True, slots=True)
class RequirementSpec:
    """A requirement: its kind, and what the SQL of that kind needs to know."""

    id: int
    kind: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule with what the engine does not need: domains, people, requirements."""

    rule: Rule
    requirements: tuple[RequirementSpec, ...] = ()
    domain: Any = None
    approval_domain: Any = None
    who_owner: bool = False
    who_leader: bool = False
    who_groups: frozenset[int] = frozenset()
    who_users: frozenset[int] = frozenset()
    bypass_groups: frozenset[int] = frozenset()

    def may_move(self, uid, group_ids, owner_id, leader_id):
        """Whether a user is one of those who may; every user where none is named."""
        return (
            not self.rule.restricted
            or (self.who_owner and uid == owner_id)
            or (self.who_leader and uid == leader_id)
            or uid in self.who_users
            or not self.who_groups.isdisjoint(group_ids)
        )


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The active rules: those that guard moves, and those that move."""

    guards: tuple[RuleEntry, ...] = ()
    movers: tuple[RuleEntry, ...] = ()
    entries: Mapping[int, RuleEntry] = field(default_factory=dict)

    guard_rules: tuple[Rule, ...] = ()
    #: Kinds of requirements that a guard asks for.
    asked_kinds: frozenset[str] = frozenset()
    by_company: bool = False
    by_date: bool = False

    @classmethod
    def of(cls, guards, movers):
        rules = tuple(entry.rule for entry in guards)
        every = [entry.rule for entry in (*guards, *movers)]
        return cls(
            guards=tuple(guards),
            movers=tuple(movers),
            entries={entry.rule.id: entry for entry in (*guards, *movers)},
            guard_rules=rules,
            asked_kinds=frozenset(
                spec.kind for entry in guards for spec in entry.requirements
            ),
            by_company=any(rule.company_ids for rule in every),
            by_date=any(rule.date_from or rule.date_to for rule in every),
        )
