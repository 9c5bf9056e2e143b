"""Circles of rules: found where there is one, and only there."""

import doctest
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import stage_action, stage_cycle
from sales_opportunity_plus.engine.stage_cycle import find_cycle
from sales_opportunity_plus.engine.stage_rule import Rule

STAGES = range(1, 6)
TEAMS = range(1, 4)
stage_sets = st.frozensets(st.sampled_from(STAGES), min_size=1, max_size=3)
rules = st.lists(
    st.builds(
        Rule,
        id=st.integers(1, 99),
        from_stages=stage_sets,
        to_stages=st.sampled_from(STAGES).map(lambda stage: frozenset({stage})),
        team_ids=st.frozensets(st.sampled_from(TEAMS), max_size=2),
        lead_type=st.sampled_from((None, "lead", "opportunity")),
    ),
    max_size=6,
)


def test_examples_of_the_documentation():
    for module in (stage_cycle, stage_action):
        results = doctest.testmod(module)
        assert results.attempted and not results.failed


def goes_round(found, team, lead_type):
    """Whether an opportunity can go on for ever: by walking, not by looking back."""
    ways = {
        (source, target)
        for rule in found
        for source in rule.from_stages
        for target in rule.to_stages
        if (not rule.team_ids or team in rule.team_ids)
        and rule.lead_type in (None, lead_type)
    }
    alive = set(STAGES)
    for _ in STAGES:
        alive = {stage for stage in alive if any((stage, to) in ways for to in alive)}
    return bool(alive)


@given(rules)
def test_a_cycle_is_found_where_an_opportunity_could_go_round(found):
    possible = any(
        goes_round(found, team, lead_type)
        for team in (None, *TEAMS)
        for lead_type in ("lead", "opportunity")
    )
    assert bool(find_cycle(found)) == possible


@given(rules)
def test_what_is_named_is_a_way_round(found):
    cycle = find_cycle(found)
    if cycle:
        assert cycle.stages[0] == cycle.stages[-1]
        assert len(cycle.rules) == len(cycle.stages) - 1
        for (here, there), rule in zip(
            pairwise(cycle.stages), cycle.rules, strict=True
        ):
            assert here in rule.from_stages and there in rule.to_stages
