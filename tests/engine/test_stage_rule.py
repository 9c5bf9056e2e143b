"""Properties of the decisions of stage rules."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine.stage_move import Position, StageOrder
from sales_opportunity_plus.engine.stage_rule import (
    Facts,
    Move,
    Rule,
    applicable,
    applies,
    decide,
    held_back,
    kinds_of_move,
)

TODAY = date(2024, 5, 5)
ORDER = StageOrder((1, 2, 3, 4), {3: frozenset({7})})
IDS = st.integers(1, 6)
SETS = st.frozensets(IDS, max_size=6)
POSITIONS = st.builds(
    Position,
    st.sampled_from((1, 2, 3, 4)),
    st.sampled_from(("open", "won", "lost", "archived")),
    st.sampled_from(("lead", "opportunity")),
)
RULES = st.lists(
    st.builds(
        Rule,
        id=IDS,
        severity=st.sampled_from(("block", "warn", "log")),
        has_domain=st.booleans(),
        requirements=st.lists(IDS, max_size=4, unique=True).map(tuple),
        restricted=st.booleans(),
        approval=st.booleans(),
    ),
    max_size=5,
    unique_by=lambda rule: rule.id,
)
FACTS = st.builds(
    Facts,
    in_domain=SETS,
    met=SETS,
    may_move=SETS,
    needs_approval=SETS,
    approved=SETS,
    waiting=SETS,
    may_bypass=SETS,
)


def allowed(rules, facts, override):
    return not held_back(decide(rules, facts, override))


@given(RULES, FACTS, st.booleans(), st.randoms())
def test_order_of_rules_does_not_matter(rules, facts, override, random):
    shuffled = list(rules)
    random.shuffle(shuffled)
    assert set(decide(rules, facts, override)) == set(decide(shuffled, facts, override))


@given(RULES, FACTS, st.booleans(), st.data())
def test_one_more_requirement_never_allows_more(rules, facts, override, data):
    if not rules:
        return
    place = data.draw(st.integers(0, len(rules) - 1))
    harder = list(rules)
    asked = harder[place].requirements
    harder[place] = replace(harder[place], requirements=(*asked, 99))
    if allowed(harder, facts, override):
        assert allowed(rules, facts, override)


@given(RULES, FACTS, st.booleans(), RULES)
def test_one_more_rule_never_allows_more(rules, facts, override, more):
    if allowed([*rules, *more], facts, override):
        assert allowed(rules, facts, override)


@given(RULES, FACTS, st.booleans(), SETS)
def test_one_more_fact_never_holds_back(rules, facts, override, met):
    if allowed(rules, facts, override):
        assert allowed(rules, facts.and_met(met), override)


@given(RULES, FACTS)
def test_a_reason_never_holds_back_and_is_no_right(rules, facts):
    if allowed(rules, facts, False):
        assert allowed(rules, facts, True)
    for decision in decide(rules, facts, True):
        if decision.result == "bypassed":
            assert decision.rule.id in facts.may_bypass
        assert decision.result != "unconfirmed"


@given(RULES, FACTS, st.booleans())
def test_everything_missing_is_named_once_and_in_order(rules, facts, override):
    for decision in decide(rules, facts, override):
        named = [one.requirement_id for one in decision.failures if one.requirement_id]
        missing = [n for n in decision.rule.requirements if n not in facts.met]
        assert named == missing
        assert (decision.result == "passed") == (not decision.failures)


@given(st.none() | POSITIONS, POSITIONS, st.sampled_from((None, 7, 8)))
def test_kinds_of_move(before, after, team_id):
    kinds = kinds_of_move(before, after, ORDER, team_id)
    assert bool(kinds) == (before != after)
    assert len(kinds & {"forward", "backward"}) <= 1
    assert "skip" not in kinds or "forward" in kinds
    if after.status != "open" and (before is None or before.status != after.status):
        assert after.status in kinds


@given(st.none() | POSITIONS, POSITIONS)
def test_a_rule_without_scope_is_about_every_move(before, after):
    kinds = kinds_of_move(before, after, ORDER)
    found = applicable([Rule(1, move="any")], Move(before, after, kinds), TODAY)
    assert bool(found) == bool(kinds)


def test_scope():
    before, after = Position(1), Position(2)
    kinds = kinds_of_move(before, after, ORDER)
    move = Move(before, after, kinds, team_id=7, company_id=3)
    for scope, expected in (
        ({"team_ids": frozenset({7})}, True),
        ({"team_ids": frozenset({8})}, False),
        ({"company_ids": frozenset({3})}, True),
        ({"company_ids": frozenset({4})}, False),
        ({"lead_type": "lead"}, False),
        ({"date_from": date(2024, 5, 6)}, False),
        ({"date_to": date(2024, 5, 4)}, False),
        ({"date_from": TODAY, "date_to": TODAY}, True),
        ({"from_stages": frozenset({2})}, False),
        ({"to_stages": frozenset({2}), "from_stages": frozenset({1})}, True),
        ({"move": "backward"}, False),
    ):
        assert applies(Rule(1, **scope), move, TODAY) is expected, scope


def test_losing_is_not_going_to_the_stage_one_is_in():
    before, after = Position(2), Position(2, "lost")
    move = Move(before, after, kinds_of_move(before, after, ORDER))
    assert not applies(Rule(1, move="any", to_stages=frozenset({2})), move, TODAY)
    assert applies(Rule(1, move="any", from_stages=frozenset({2})), move, TODAY)
    assert not applies(Rule(1, move="stage"), move, TODAY)
