"""The waterfall closes to zero for every scope, and its parts add up to the whole."""

import doctest
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import waterfall as module
from sales_opportunity_plus.engine.waterfall import (
    BARS,
    Deal,
    Rates,
    Scope,
    place,
    steps,
    value,
    waterfall,
)

CATEGORIES = ("omitted", "pipeline", "best_case", "commit")
DAYS = [None, *(date(2024, month, day) for month in (3, 4, 5, 6) for day in (1, 15))]
RATES = Rates({1: Decimal(1), 2: Decimal("0.27")}, {1: Decimal(1), 2: Decimal("0.3")})
cents = st.integers(-(10**4), 10**14).map(lambda n: Decimal(n) / 100)
deals = st.builds(
    Deal,
    status=st.sampled_from(["open"] * 4 + ["won", "lost", "archived"]),
    amount=cents,
    currency=st.sampled_from([1, 2, 3]),
    probability=st.integers(0, 10000).map(lambda n: Decimal(n) / 100),
    category=st.sampled_from(CATEGORIES),
    company=st.integers(1, 2),
    team=st.integers(0, 2),
    person=st.integers(0, 2),
    deadline=st.sampled_from(DAYS),
    closed=st.sampled_from(DAYS),
)
pairs = st.lists(st.tuples(st.none() | deals, st.none() | deals), max_size=8)
some = st.none() | st.frozensets(st.integers(0, 2), max_size=2)
scopes = st.builds(
    Scope,
    companies=some,
    teams=some,
    persons=some,
    categories=st.none() | st.frozensets(st.sampled_from(CATEGORIES), max_size=3),
    first=st.sampled_from(DAYS),
    last=st.sampled_from(DAYS),
    split=st.sampled_from(["none", "company", "team", "person", "category", "month"]),
    measure=st.sampled_from(["amount", "weighted"]),
    digits=st.sampled_from([0, 2, 3]),
)


def test_examples_of_the_documentation():
    results = doctest.testmod(module)
    assert results.attempted and not results.failed


def pipeline(some_deals, rates, scope):
    """The same from the definition: what the open deals of a day are worth, by part."""
    total = {}
    for deal in some_deals:
        if deal and deal.status == "open" and place(deal, scope).inside:
            here = place(deal, scope)
            total[here] = total.get(here, Decimal(0)) + value(deal, rates, scope)
    return total


@given(pairs, scopes)
def test_nothing_is_left_over_in_any_part(changes, scope):
    totals = waterfall(changes, RATES, scope)
    opening = pipeline([before for before, _after in changes], RATES.before, scope)
    closing = pipeline([after for _before, after in changes], RATES.after, scope)
    for here in {part for part, _bar in totals} | opening.keys() | closing.keys():
        bars = {bar: worth for (part, bar), worth in totals.items() if part == here}
        assert bars.pop("closing", 0) == closing.get(here, 0)
        assert bars.get("opening", 0) == opening.get(here, 0)
        assert sum(bars.values()) == closing.get(here, 0)


@given(pairs, scopes)
def test_parts_add_up_to_the_whole(changes, scope):
    """All but what moved between the parts, which cancels out."""
    whole = waterfall(changes, RATES, replace(scope, split="none"))
    split = waterfall(changes, RATES, scope)

    def total(totals, bar):
        return sum(worth for (_part, one), worth in totals.items() if one == bar)

    moves = "owner_in owner_out pushed_in pushed_out pulled_in pulled_out".split()
    for bar in set(BARS) - {*moves, "category"}:
        assert total(split, bar) == total(whole, bar)
    among = [*moves, "category"]
    assert sum(total(split, bar) for bar in among) == sum(
        total(whole, bar) for bar in among
    )


@given(pairs, scopes)
def test_unchanged_deals_are_in_opening_and_closing_only(changes, scope):
    same = Rates(RATES.before, RATES.before)
    kept = [(before, before) for before, _after in changes]
    bars = {bar for _part, bar in waterfall(kept, same, scope)}
    assert bars <= {"opening", "closing"}


@given(st.none() | deals, st.none() | deals, scopes)
def test_a_bar_comes_once_per_part(before, after, scope):
    found = [(bar, here) for bar, here, _v in steps(before, after, RATES, scope)]
    # Category is a move, and a change of what counts.
    found = [one for one in found if one[0] != "category"]
    assert len(found) == len(set(found))


DEAL = Deal("open", Decimal(100), 1, Decimal(40), "commit", 1, 1, 1, date(2024, 4, 15))
APRIL = Scope(first=date(2024, 4, 1), last=date(2024, 4, 30))


def bars(before, after, scope=APRIL):
    found = {}
    for bar, _here, worth in steps(before, after, RATES, scope):
        found[bar] = found.get(bar, 0) + worth
    return found


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({}, {"closing": 100}),
        ({"amount": Decimal(130)}, {"amount_up": 30, "closing": 130}),
        ({"amount": Decimal(70)}, {"amount_down": -30, "closing": 70}),
        ({"deadline": date(2024, 5, 1)}, {"pushed_out": -100}),
        ({"deadline": None}, {"pushed_out": -100}),
        ({"deadline": date(2024, 3, 1)}, {"pulled_out": -100}),
        ({"status": "lost"}, {"lost": -100}),
        ({"status": "archived"}, {"removed": -100}),
        ({"status": "won", "closed": date(2024, 4, 20)}, {"won": -100}),
        # Won earlier than expected: it left April, and was won in March.
        ({"status": "won", "closed": date(2024, 3, 1)}, {"pulled_out": -100}),
        (
            {"status": "won", "amount": Decimal(90), "closed": date(2024, 4, 20)},
            {"amount_down": -10, "won": -90},
        ),
        (
            {"currency": 2, "amount": Decimal(400)},
            {"currency": 20, "closing": 120},
        ),
    ],
)
def test_what_becomes_of_a_deal(after, expected):
    assert bars(DEAL, replace(DEAL, **after)) == {"opening": 100, **expected}


def test_deals_that_come():
    may = replace(DEAL, deadline=date(2024, 5, 1))
    assert bars(None, DEAL) == {"new": 100, "closing": 100}
    assert bars(replace(DEAL, status="lost"), DEAL) == {"reopened": 100, "closing": 100}
    assert bars(may, replace(DEAL, amount=Decimal(120))) == {
        "pulled_in": 100,
        "amount_up": 20,
        "closing": 120,
    }
    won = replace(DEAL, status="won", closed=date(2024, 4, 3))
    assert bars(None, won) == {"new": 100, "won": -100}
    assert bars(may, won) == {"pulled_in": 100, "won": -100}
    assert bars(won, won) == {}


def test_handed_over_and_then_won():
    """One person's owner out is another's owner in; the win is of who won it."""
    won = replace(
        DEAL, status="won", person=2, amount=Decimal(150), closed=date(2024, 4, 20)
    )
    first, second = (replace(APRIL, persons=frozenset({one})) for one in (1, 2))
    assert bars(DEAL, won, first) == {"opening": 100, "owner_out": -100}
    assert bars(DEAL, won, second) == {"owner_in": 100, "amount_up": 50, "won": -150}
    assert bars(DEAL, won) == {"opening": 100, "amount_up": 50, "won": -150}


def test_a_weighted_deal():
    weighted = replace(APRIL, measure="weighted")
    surer = replace(DEAL, probability=Decimal(60))
    assert bars(DEAL, surer, weighted) == {
        "opening": 40,
        "probability": 20,
        "closing": 60,
    }
    omitted = replace(surer, category="omitted")
    assert bars(DEAL, omitted, weighted) == {
        "opening": 40,
        "probability": 20,
        "category": -60,
        "closing": 0,
    }
    # An outcome is no change of the probability: what was weighted leaves.
    lost = replace(DEAL, status="lost", probability=Decimal(0), category="omitted")
    assert bars(DEAL, lost, weighted) == {"opening": 40, "lost": -40}


def test_a_currency_without_rate_counts_nothing():
    unknown = replace(DEAL, currency=9)
    assert bars(unknown, unknown) == {"opening": 0, "closing": 0}
    assert bars(unknown, DEAL) == {"opening": 0, "currency": 100, "closing": 100}
