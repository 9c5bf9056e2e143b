"""Which limit holds, and how an opportunity stands to it."""

import doctest
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import stage_limit
from sales_opportunity_plus.engine.stage_limit import (
    Limit,
    Step,
    governing,
    rivals,
    state,
)

NOW = datetime(2024, 3, 4)
LIMITS = st.lists(
    st.builds(
        Limit,
        id=st.integers(1, 50),
        stage_id=st.integers(1, 2),
        clock=st.sampled_from(["stage", "activity", "reply"]),
        unit=st.just("days"),
        duration=st.just(1.0),
        team_ids=st.frozensets(st.integers(1, 3), max_size=2),
        company_id=st.none() | st.integers(1, 2),
    ),
    unique_by=lambda limit: limit.id,
    max_size=8,
)


def test_examples_of_the_documentation():
    result = doctest.testmod(stage_limit)
    assert result.attempted and not result.failed


def test_team_before_company_before_general():
    general = Limit(1, 5, "stage", "days", 1)
    company = Limit(2, 5, "stage", "days", 1, company_id=7)
    team = Limit(3, 5, "stage", "days", 1, team_ids=frozenset({8}))
    both = Limit(4, 5, "stage", "days", 1, team_ids=frozenset({8}), company_id=7)
    for order in permutations([general, company, team, both]):
        assert governing(order, 5, 8, 7) == (both,)
        assert governing(order, 5, 8, 6) == (team,)
        assert governing(order, 5, 9, 7) == (company,)
        assert governing(order, 5, None, None) == (general,)
        assert governing(order, 6, 8, 7) == ()


@given(LIMITS, st.none() | st.integers(1, 3), st.none() | st.integers(1, 2))
def test_rivals_leave_an_opportunity_to_its_governing_limit(limits, team, company):
    """What the scheduled check asks limit by limit is what a single one is told."""
    for stage in (1, 2):
        alone = [
            limit
            for limit in limits
            if limit.stage_id == stage
            and limit.covers(team, company)
            and not any(rival.covers(team, company) for rival in rivals(limit, limits))
        ]
        assert sorted(limit.id for limit in alone) == sorted(
            limit.id for limit in governing(limits, stage, team, company)
        )


def test_span_and_soon():
    steps = (Step(1, 50, NOW), Step(2, 100, NOW))
    assert Limit(1, 5, "stage", "hours", 8, steps=steps).soon_percent == 50
    assert Limit(1, 5, "stage", "hours", 8).soon_percent == 80
    assert Limit(1, 5, "stage", "hours", 8).span(150) == timedelta(hours=12)
    assert Limit(1, 5, "stage", "days", 2).span() == timedelta(days=2)


@pytest.mark.parametrize(
    ("soon", "due", "expected"),
    [(-2, -1, "late"), (-1, 0, "late"), (0, 1, "soon"), (1, 2, "ok")],
)
def test_state(soon, due, expected):
    day = timedelta(days=1)
    assert state(NOW, NOW + soon * day, NOW + due * day) == expected
    assert state(NOW, None, None) == "ok"
