"""Kinds of move: what must hold for every order of stages and every two positions."""

import doctest
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import stage_move
from sales_opportunity_plus.engine.stage_move import (
    Position,
    StageOrder,
    classify,
    direction,
)

IDS = range(1, 8)
TEAMS = (None, 1, 2, 3)
MOVES = set(stage_move.Move.__args__)
stage_ids = st.none() | st.sampled_from(IDS)
teams = st.sampled_from(TEAMS)
orders = st.builds(
    StageOrder,
    stages=st.permutations(IDS).map(tuple),
    teams=st.dictionaries(
        st.sampled_from(IDS),
        st.frozensets(st.sampled_from(TEAMS[1:]), min_size=1),
    ),
)
positions = st.builds(
    Position,
    stage_id=stage_ids,
    status=st.sampled_from(stage_move.Status.__args__),
    lead_type=st.sampled_from(("lead", "opportunity")),
)
causes = st.sampled_from(stage_move.Cause.__args__)


def test_examples_of_the_documentation():
    result = doctest.testmod(stage_move)
    assert result.attempted and not result.failed


@given(positions, positions, orders, teams, causes)
def test_no_move_exactly_where_nothing_changed(before, after, order, team, cause):
    move = classify(before, after, order, team, cause)
    assert (move is None) == (before == after)
    assert move is None or move in MOVES - {"created"}


@given(positions, orders, teams, causes)
def test_a_beginning_is_always_created(after, order, team, cause):
    assert classify(None, after, order, team, cause) == "created"


@given(positions, positions, orders, teams, causes)
def test_outcome_counts_before_all_else(before, after, order, team, cause):
    move = classify(before, after, order, team, cause)
    if before.status != after.status:
        assert move == ("reopened" if after.status == "open" else after.status)
    elif before.lead_type != after.lead_type:
        assert move == "converted"
    elif before.stage_id != after.stage_id and cause == "recomputed":
        assert move == "team_change"


@given(orders, teams, st.sampled_from(IDS), st.sampled_from(IDS))
def test_the_way_back_is_backward(order, team, one, other):
    there = direction(order, team, one, other)
    back = direction(order, team, other, one)
    if one != other:
        assert (there == "backward") != (back == "backward")


@given(orders, teams, stage_ids, stage_ids)
def test_skip_where_another_stage_of_the_team_lies_between(order, team, one, other):
    own = order.of_team(team)
    at = {None: -1} | {stage: place for place, stage in enumerate(order.stages)}
    between = [stage for stage in own if at[one] < at[stage] < at[other]]
    expected = "backward" if at[other] < at[one] else "skip" if between else "forward"
    assert direction(order, team, one, other) == expected


@given(orders, teams)
def test_next_stage_of_the_team_is_forward(order, team):
    own = order.of_team(team)
    assert all(direction(order, team, a, b) == "forward" for a, b in pairwise(own))
    assert list(own) == [
        stage
        for stage in order.stages
        if stage not in order.teams or team in order.teams[stage]
    ]


def test_no_stage_comes_before_every_stage():
    order = StageOrder((5, 3, 9), {})
    assert direction(order, None, None, 5) == "forward"
    assert direction(order, None, None, 3) == "skip"
    assert direction(order, None, 5, None) == "backward"


def test_a_stage_that_is_gone_comes_before_every_stage():
    order = StageOrder((5, 3, 9), {})
    assert direction(order, None, 77, 5) == "forward"
    assert direction(order, None, 9, 77) == "backward"


def test_values_cannot_be_changed():
    for value, name in ((Position(1), "stage_id"), (StageOrder((1,), {}), "stages")):
        with pytest.raises(AttributeError):
            setattr(value, name, None)
