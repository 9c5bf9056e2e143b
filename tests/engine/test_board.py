"""The board: each row is the sum of its rows, whatever the tree."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import board, board_outlook
from sales_opportunity_plus.engine.board import (
    Adjusted,
    Figures,
    adjustments,
    figures_of,
    placed,
    rows_of,
    summed,
)
from sales_opportunity_plus.engine.cumulants import of_deal

ids = st.integers(0, 6)
scopes = st.tuples(ids, ids)
money = st.decimals(-(10**9), 10**9, places=2)
lines = st.fixed_dictionaries(
    {
        **dict.fromkeys(board.AMOUNTS, money),
        **dict.fromkeys(board.COUNTS, st.integers(0, 1000)),
        **{f"k{order}": st.floats(0, 1e12) for order in (1, 2, 3, 4)},
        "top_lead_id": st.integers(1, 99),
        "top_share": st.floats(0, 1),
    }
)
leaves = st.dictionaries(scopes, lines.map(figures_of), max_size=15)
parents = st.dictionaries(ids.filter(bool), ids, max_size=6)


def test_examples():
    assert not doctest.testmod(board).failed
    assert not doctest.testmod(board_outlook).failed


def children(rows, row):
    return [one for one in rows if one.parent == row.key]


@given(leaves, parents)
def test_parent_is_the_sum_of_its_children(leaves, parents):
    rows = rows_of(leaves, parents)
    for row in rows:
        if row.user is None:
            total = sum((one.figures for one in children(rows, row)), Figures())
            assert row.figures == total
        else:
            assert row.figures == leaves[row.team, row.user]


@given(leaves, parents)
def test_all_is_the_sum_of_the_leaves_and_every_leaf_is_there_once(leaves, parents):
    rows = rows_of(leaves, parents)
    assert rows[0].figures == sum(leaves.values(), Figures())
    people = [(row.team, row.user) for row in rows if row.user is not None]
    assert sorted(people) == sorted(leaves)
    assert len({row.key for row in rows}) == len(rows)


@given(leaves, parents)
def test_a_parent_comes_before_its_children(leaves, parents):
    seen = {}
    for row in rows_of(leaves, parents):
        assert row.parent in seen if row.parent else row.key == "all"
        seen[row.key] = row
        if row.parent:
            assert row.depth == seen[row.parent].depth + 1


@given(leaves, parents, st.dictionaries(scopes, money.map(float)))
def test_given_or_the_sum_below(leaves, parents, values):
    rows = rows_of(leaves, parents)
    found = summed(rows, values)
    for row in rows:
        below = [found[one.key] for one in children(rows, row)]
        known = [value for value in below if value is not None]
        if row.scope in values:
            assert found[row.key] == values[row.scope]
        elif known:
            assert abs(found[row.key] - sum(known)) <= 1e-3
        else:
            assert found[row.key] is None


@given(leaves, parents, st.dictionaries(scopes, money.map(float)))
def test_adjustments_add_up(leaves, parents, signed):
    rows = rows_of(leaves, parents)
    given_ = {scope: {"commit": Adjusted(value)} for scope, value in signed.items()}
    deltas = adjustments(rows, given_)
    whole = sum(signed.get(row.scope, 0.0) for row in rows if row.scope)
    assert abs(deltas["all"].get("commit", 0.0) - whole) <= 1e-3


def test_an_amount_instead_replaces_what_is_below():
    leaves = {
        (3, 7): figures_of({"commit": 100}),
        (3, 8): figures_of({"commit": 50}),
        (4, 9): figures_of({"commit": 10}),
    }
    deltas = adjustments(
        rows_of(leaves, {}),
        {
            (3, 7): {"commit": Adjusted(20.0)},
            (3, 8): {"commit": Adjusted(0.0, 80.0)},
            (4, 9): {"commit": Adjusted(5.0)},
            (4, 0): {"commit": Adjusted(1.0, 40.0)},
        },
    )
    assert deltas["team-3"] == {"commit": 50.0}
    assert deltas["team-4"] == {"commit": 31.0}
    assert deltas["all"] == {"commit": 81.0}


def test_a_tree_of_teams_with_a_circle():
    leaves = {(1, 7): figures_of({"closed": 1}), (2, 8): figures_of({"closed": 2})}
    rows = {row.key: row for row in rows_of(leaves, {1: 2, 2: 1})}
    assert rows["team-1"].parent == "team-2"
    assert rows["team-2"].parent == "all"
    assert rows["team-2"].figures.number("closed") == 3
    rows = {row.key: row for row in rows_of({}, {1: 5}, empty=[1])}
    assert (rows["team-1"].parent, rows["team-5"].parent) == ("team-5", "all")


def test_rows_in_the_order_asked_for_and_none_last():
    leaves = {(t, u): Figures() for t in (0, 1, 2) for u in (0, 5, 6)}
    keys = [row.key for row in rows_of(leaves, {}, [2, 1], [6, 5])]
    assert keys[1:5] == ["team-2", *(f"team-2-user-{u}" for u in (6, 5, 0))]
    assert keys[-4:] == ["team-0", *(f"team-0-user-{u}" for u in (6, 5, 0))]


def test_nobody_has_a_target_of_his_own():
    rows = rows_of({(0, 0): Figures(), (3, 0): Figures()}, {})
    found = summed(rows, {(0, 0): 9.0, (3, 0): 4.0})
    assert found == {
        "all": 9.0,
        "team-3": 4.0,
        "team-3-user-0": None,
        "team-0": None,
        "team-0-user-0": None,
    }


def test_a_target_whatever_the_team():
    assert placed({(0, 7): 1.0}, [(3, 7), (4, 7)]) == {(0, 7): 1.0}
    assert placed({(0, 7): 1.0, (3, 7): 2.0}, [(3, 7)]) == {(0, 7): 1.0, (3, 7): 2.0}


def test_cumulative_and_the_largest_deal():
    one, other = of_deal(0.5, 100), of_deal(0.5, 300)
    figures = figures_of(
        {"closed": 1, "commit": 10, "most_likely": 100, "best_case": 1000}
    )
    assert [figures.cumulative(c) for c in board.CATEGORIES] == [11, 111, 1111, 1111]
    total = Figures({}, one, (one.second, 1)) + Figures({}, other, (other.second, 2))
    assert (total.top[1], total.top_share) == (2, 0.9)


def test_an_outlook_adds_numbers_and_the_rows_that_only_it_has():
    def row(key, parent, depth, **values):
        return {"key": key, "parent": parent, "depth": depth, "values": values}

    first = {
        "rows": [
            row("all", None, 0, closed=5),
            row("team-1", "all", 1, closed=5),
            row("team-1-user-7", "team-1", 2, closed=5),
            row("team-2", "all", 1, closed=0),
        ],
        "notes": ["overdue"],
    }
    outlook = {
        "rows": [
            row("all", None, 0, closed=0, projection=9),
            row("team-1", "all", 1, closed=0, projection=9),
            row("team-1-user-8", "team-1", 2, closed=0, projection=9),
        ],
        "names": ["projection"],
        "notes": ["bias"],
    }
    whole = board_outlook.with_outlook(first, outlook)
    assert [(r["key"], r["values"]) for r in whole["rows"]] == [
        ("all", {"closed": 5, "projection": 9}),
        ("team-1", {"closed": 5, "projection": 9}),
        ("team-1-user-7", {"closed": 5}),
        ("team-1-user-8", {"closed": 0, "projection": 9}),
        ("team-2", {"closed": 0}),
    ]
    assert whole["notes"] == ["overdue", "bias"]
    assert first["rows"][0]["values"] == {"closed": 5}
