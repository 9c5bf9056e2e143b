"""Find rules that would move an opportunity in a circle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .stage_rule import Rule


@dataclass(frozen=True, slots=True)
class _Scope:
    """What opportunities several rules have in common; ``None`` means any."""

    team_ids: frozenset[int] | None = None
    company_ids: frozenset[int] | None = None
    lead_type: str | None = None
    date_from: date = date.min
    date_to: date = date.max

    def narrowed(self, rule: Rule) -> "_Scope | None":
        """The part of it that a rule is about, or ``None`` where there is none."""
        lead_type = self.lead_type or rule.lead_type
        scope = _Scope(
            _common(self.team_ids, rule.team_ids),
            _common(self.company_ids, rule.company_ids),
            lead_type,
            max(self.date_from, rule.date_from or date.min),
            min(self.date_to, rule.date_to or date.max),
        )
        possible = (
            scope.team_ids != frozenset()
            and scope.company_ids != frozenset()
            and rule.lead_type in (None, lead_type)
            and scope.date_from <= scope.date_to
        )
        return scope if possible else None


def _common(ids: frozenset[int] | None, more: frozenset[int]) -> frozenset[int] | None:
    if not more:
        return ids
    return more if ids is None else ids & more


@dataclass(frozen=True, slots=True)
class Cycle:
    """Stages in their order, the first one again at the end; a rule for each step."""

    stages: tuple[int, ...]
    rules: tuple[Rule, ...]


def find_cycle(rules: Sequence[Rule]) -> Cycle | None:
    """A way on which these rules bring an opportunity back, the shortest of a rule.

    Teams, companies, types and dates count: rules that have no opportunity in
    common make no circle. What the rules ask for does not count: today it may keep
    an opportunity from running in a circle, but nobody sees that from the rules.

    >>> there = Rule(1, from_stages=frozenset({10}), to_stages=frozenset({20}))
    >>> back = Rule(2, from_stages=frozenset({20}), to_stages=frozenset({10}))
    >>> find_cycle([there])
    >>> find_cycle([there, back]).stages
    (10, 20, 10)
    >>> north = Rule(1, team_ids=frozenset({7}), from_stages=frozenset({10}),
    ...              to_stages=frozenset({20}))
    >>> south = Rule(2, team_ids=frozenset({8}), from_stages=frozenset({20}),
    ...              to_stages=frozenset({10}))
    >>> find_cycle([north, south])
    """
    for rule in rules:
        scope = _Scope().narrowed(rule)
        for stage in sorted(rule.to_stages) if scope else ():
            if cycle := _way_back(rule, stage, scope, rules):
                return cycle
    return None


def _way_back(
    first: Rule, stage: int, scope: _Scope | None, rules: Iterable[Rule]
) -> Cycle | None:
    """The shortest way from ``stage`` to where ``first`` begins, rule by rule."""
    assert scope is not None
    rules = tuple(rules)
    waiting: list[tuple[int, _Scope, tuple[int, ...], tuple[Rule, ...]]] = [
        (stage, scope, (stage,), (first,))
    ]
    seen = {(stage, scope)}
    for here, common, stages, used in waiting:
        if here in first.from_stages:
            return Cycle((here, *stages), used)
        for rule in rules:
            narrowed = common.narrowed(rule) if here in rule.from_stages else None
            for there in sorted(rule.to_stages) if narrowed else ():
                if narrowed and (there, narrowed) not in seen:
                    seen.add((there, narrowed))
                    waiting.append((there, narrowed, (*stages, there), (*used, rule)))
    return None
