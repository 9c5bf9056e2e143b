"""Decide what the stage rules say about a move.

Facts and rules come in, decisions come out; where the facts were found and what is
done about a decision is not known here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from .stage_move import Cause, Position, StageOrder, direction

#: What a rule is about. ``stage`` is any change of stage, creation included.
RuleMove = Literal[
    "stage",
    "created",
    "forward",
    "skip",
    "backward",
    "won",
    "lost",
    "reopened",
    "archived",
    "any",
]
Severity = Literal["block", "warn", "log"]
#: What came of a rule on a move. ``unconfirmed`` is a warning that nobody has
#: answered yet: it holds the move like ``blocked``.
Result = Literal["passed", "logged", "warned", "unconfirmed", "bypassed", "blocked"]
HOLDING: frozenset[Result] = frozenset({"blocked", "unconfirmed"})


@dataclass(frozen=True, slots=True)
class Move:
    """One opportunity on its way from ``before`` (``None``: created) to ``after``.

    ``kinds`` says all that the move is at once: a deal won from the first stage is
    *won*, *forward* and *skip*.
    """

    before: Position | None
    after: Position
    kinds: frozenset[str]
    team_id: int | None = None
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the registry keeps it; empty sets and ``None`` mean *any*.

    ``requirements`` are ids in the order in which they are shown.
    """

    id: int
    version_id: int | None = None
    severity: Severity = "block"
    move: RuleMove = "stage"
    from_stages: frozenset[int] = frozenset()
    to_stages: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    company_ids: frozenset[int] = frozenset()
    lead_type: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    has_domain: bool = False
    requirements: tuple[int, ...] = ()
    restricted: bool = False
    approval: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of one opportunity and of who moves it, as ids of rules.

    ``met`` holds ids of requirements. ``in_domain``: the rule's own domain holds;
    ``may_move``: the user is one of those who may; ``needs_approval``,
    ``approved`` and ``waiting``: where approval stands; ``may_bypass``: the user
    is in a group that may.
    """

    in_domain: frozenset[int] = frozenset()
    met: frozenset[int] = frozenset()
    may_move: frozenset[int] = frozenset()
    needs_approval: frozenset[int] = frozenset()
    approved: frozenset[int] = frozenset()
    waiting: frozenset[int] = frozenset()
    may_bypass: frozenset[int] = frozenset()

    def and_met(self, requirements: Iterable[int]) -> "Facts":
        """The same facts, with these requirements met as well."""
        return replace(self, met=self.met | frozenset(requirements))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a rule does not hold: a requirement, the person, or an approval."""

    kind: Literal["requirement", "who", "approval"]
    requirement_id: int | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What one rule says about one move, with everything that is missing."""

    rule: Rule
    result: Result
    failures: tuple[Failure, ...] = ()
    may_bypass: bool = False

    @property
    def holds_back(self) -> bool:
        return self.result in HOLDING


def kinds_of_move(
    before: Position | None,
    after: Position,
    order: StageOrder,
    team_id: int | None = None,
    cause: Cause = "set",
) -> frozenset[str]:
    """All that a move is at once; empty when nothing moved.

    >>> order = StageOrder((1, 2, 3), {})
    >>> sorted(kinds_of_move(Position(1), Position(3, "won"), order))
    ['forward', 'skip', 'stage', 'won']
    >>> sorted(kinds_of_move(Position(2), Position(2, "lost"), order))
    ['lost']
    >>> sorted(kinds_of_move(None, Position(1), order))
    ['created', 'stage']
    """
    if before == after:
        return frozenset()
    kinds: set[str] = set()
    if before is None:
        kinds |= {"created", "stage"}
    elif before.stage_id != after.stage_id:
        way = direction(order, team_id, before.stage_id, after.stage_id)
        kinds |= {"stage", way}
        if way == "skip":
            kinds.add("forward")
        if cause == "recomputed":
            kinds.add("team_change")
    if before is None or before.status != after.status:
        if after.status != "open":
            kinds.add(after.status)
        elif before is not None:
            kinds |= {"reopened", "stage"}
        if after.status == "won":
            kinds.add("stage")
    if before is not None and before.lead_type != after.lead_type:
        kinds |= {"converted", "stage"}
    return frozenset(kinds)


def applies(rule: Rule, move: Move, today: date) -> bool:
    """Whether a rule is about a move, its domain left aside.

    A stage to go to is meant when it is entered or reopened in, a stage to come
    from when it is left or the opportunity ends there.

    >>> order = StageOrder((1, 2), {})
    >>> before, after = Position(1), Position(2)
    >>> move = Move(before, after, kinds_of_move(before, after, order), team_id=7)
    >>> [applies(Rule(1, to_stages=frozenset({n})), move, date(2024, 1, 1))
    ...  for n in (1, 2)]
    [False, True]
    """
    before, after = move.before, move.after
    if rule.move != "any" and rule.move not in move.kinds:
        return False
    if rule.to_stages and not (
        after.stage_id in rule.to_stages
        and move.kinds & {"stage", "reopened"}
        and after.status in ("open", "won")
    ):
        return False
    if rule.from_stages and not (before and before.stage_id in rule.from_stages):
        return False
    return (
        (not rule.team_ids or move.team_id in rule.team_ids)
        and (not rule.company_ids or move.company_id in rule.company_ids)
        and (rule.lead_type is None or rule.lead_type == after.lead_type)
        and (rule.date_from is None or rule.date_from <= today)
        and (rule.date_to is None or today <= rule.date_to)
    )


def applicable(rules: Iterable[Rule], move: Move, today: date) -> tuple[Rule, ...]:
    """The rules that are about a move, their domains left aside, in order."""
    if not move.kinds:
        return ()
    return tuple(rule for rule in rules if applies(rule, move, today))


def failures_of(rule: Rule, facts: Facts) -> tuple[Failure, ...]:
    """Everything that a rule misses: the person, the requirements, the approval."""
    missing = []
    if rule.restricted and rule.id not in facts.may_move:
        missing.append(Failure("who"))
    missing += [
        Failure("requirement", requirement)
        for requirement in rule.requirements
        if requirement not in facts.met
    ]
    if rule.approval and rule.id in facts.needs_approval - facts.approved:
        missing.append(Failure("approval", waiting=rule.id in facts.waiting))
    return tuple(missing)


def decide(
    rules: Sequence[Rule], facts: Facts, override: bool = False
) -> tuple[Decision, ...]:
    """A decision per rule whose domain holds, in the order of the rules.

    :param rules: the rules that are about the move, see ``applicable``
    :param override: a person gave a reason to move all the same: it confirms
        warnings, and bypasses blocks where he may

    >>> [d.result for d in decide([Rule(1, requirements=(5,))], Facts())]
    ['blocked']
    >>> [d.result for d in decide([Rule(1, severity="warn", requirements=(5,))],
    ...                           Facts(), override=True)]
    ['warned']
    """
    return tuple(
        _decide_one(rule, facts, override)
        for rule in rules
        if not rule.has_domain or rule.id in facts.in_domain
    )


def _decide_one(rule: Rule, facts: Facts, override: bool) -> Decision:
    missing = failures_of(rule, facts)
    may_bypass = rule.id in facts.may_bypass
    result: Result
    if not missing:
        result = "passed"
    elif rule.severity == "log":
        result = "logged"
    elif rule.severity == "warn":
        result = "warned" if override else "unconfirmed"
    else:
        result = "bypassed" if override and may_bypass else "blocked"
    return Decision(rule, result, missing, may_bypass)


def held_back(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions that keep the opportunity where it is."""
    return tuple(decision for decision in decisions if decision.holds_back)
