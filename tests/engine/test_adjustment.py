"""Adjustments roll up to the cent, whoever said what of whom."""

import doctest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import adjustment
from sales_opportunity_plus.engine.adjustment import (
    NOTHING,
    Said,
    roll_up,
    verdict,
    what_counts,
)

amounts = st.decimals(-(10**12), 10**12, places=2)
places = st.tuples(st.integers(0, 3), st.integers(0, 3))
bases = st.dictionaries(places, amounts)
added = st.dictionaries(places, st.builds(Said, amounts))
said = st.dictionaries(places, st.builds(Said, amounts, st.none() | amounts))


def test_examples():
    assert doctest.testmod(adjustment).failed == 0


@given(bases, added)
def test_what_is_added_anywhere_is_in_the_company(base, more):
    found = roll_up(base, more)
    assert found.company.base == sum(base.values(), NOTHING)
    assert found.company.total == found.company.base + sum(
        (one.added for one in more.values()), NOTHING
    )


@given(bases, said)
def test_each_level_is_the_sum_of_the_one_below_and_what_was_said_of_it(base, more):
    found = roll_up(base, more)
    for one in (found.company, *found.teams.values(), *found.people.values()):
        assert one.base + one.indirect + one.direct == one.total
    assert found.company.below == sum(
        (team.total for team in found.teams.values()), NOTHING
    )
    for name, team in found.teams.items():
        members = [one for place, one in found.people.items() if place[0] == name]
        assert team.base == sum((one.base for one in members), NOTHING)
        assert team.below == sum((one.total for one in members), NOTHING)


@given(bases, said)
def test_nothing_is_taken_away_from_those_below(base, more):
    """Who replaces the figure of a team leaves those of its salespersons alone."""
    people = {place: one for place, one in more.items() if place[1]}
    assert roll_up(base, more).people == roll_up(base, people).people


@given(bases, said, amounts)
def test_replacing_a_team_is_exact(base, more, amount):
    found = roll_up(base, {**more, (2, 0): Said(override=amount)})
    assert found.teams[2].total == amount


@given(bases)
def test_without_a_word_figures_stay(base):
    found = roll_up(base, {})
    assert found.company.total == found.company.base
    assert not found.company.direct and not found.company.indirect
    assert {place: one.total for place, one in found.people.items()} == base


@given(st.lists(st.tuples(st.booleans(), amounts)), amounts)
def test_the_last_word_that_replaces_counts_and_what_came_after(lines, below):
    found = what_counts(lines)
    since = lines
    for number, (replaces, _amount) in enumerate(lines):
        if replaces:
            since, below = lines[number + 1 :], lines[number][1]
    assert found.of(below) == below + sum((amount for _, amount in since), NOTHING)


@given(amounts, amounts, amounts)
def test_a_verdict_is_the_same_from_both_sides(one, other, actual):
    turned = {"closer": "farther", "farther": "closer", "same": "same"}
    assert verdict(one, other, actual) == turned[verdict(other, one, actual)]


def test_an_amount_of_nothing_is_said_all_the_same():
    zero = roll_up({(1, 1): Decimal(5)}, {(1, 1): Said(override=NOTHING)})
    assert zero.company.total == 0
