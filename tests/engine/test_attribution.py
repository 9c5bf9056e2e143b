"""Attribution by rules: definitions for few touches, ties, milestones, windows."""

import doctest
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import attribution
from sales_opportunity_plus.engine.attribution import (
    SCALE,
    Deal,
    Model,
    Touch,
    counted,
    credit,
)

DAY0 = datetime(2024, 3, 1, 9)
U = Model("position", first=4000, middle=2000, last=4000)
W = Model("position", first=3000, lead=3000, opportunity=3000, middle=1000)
FULL = Model(
    "position", first=2250, lead=2250, opportunity=2250, last=2250, middle=1000
)
RULES = [Model(shape) for shape in attribution.RULES if shape != "position"]
MODELS = [*RULES, U, W, FULL]
days = st.integers(0, 400)
touches = st.lists(
    st.tuples(days, st.integers(1, 3), st.booleans(), st.integers(0, 3)), max_size=9
).map(
    lambda rows: [
        Touch(n, at(day), kind, direct, channel)
        for n, (day, kind, direct, channel) in enumerate(rows, 1)
    ]
)
deals = st.builds(
    Deal,
    value=st.decimals(-(10**9), 10**9, places=2, allow_nan=False),
    created=days.map(lambda day: at(day)),
    converted=st.none() | days.map(lambda day: at(day)),
    closed=st.none() | days.map(lambda day: at(day)),
)
models = st.sampled_from(MODELS) | st.builds(
    Model,
    st.sampled_from(attribution.RULES + attribution.DATA_DRIVEN),
    half_life=st.sampled_from([0.01, 3.5, 7.0, 30.0]),
    first=st.integers(0, 5000),
    lead=st.integers(0, 5000),
    opportunity=st.integers(0, 5000),
    last=st.integers(0, 5000),
    middle=st.integers(0, 5000),
    lookback=st.sampled_from([0, 1, 30, 200]),
    kinds=st.none() | st.frozensets(st.integers(1, 3)),
    channels=st.dictionaries(st.integers(0, 3), st.integers(0, SCALE), max_size=3),
)


def at(day):
    return DAY0 + timedelta(days=day)


def journey(*at_days, **more):
    return [Touch(n, at(day), **more) for n, day in enumerate(at_days, 1)]


def shares(found, deal, model):
    parts = {part.touch_id: part.amount for part in credit(found, deal, model)}
    return [float(parts.get(touch.id, 0)) for touch in found]


def deal(value=100, created=0, converted=0, closed=None):
    return Deal(
        Decimal(value),
        at(created),
        None if converted is None else at(converted),
        None if closed is None else at(closed),
    )


def test_examples_of_the_documentation():
    results = doctest.testmod(attribution)
    assert results.attempted and not results.failed


@given(touches, deals, models)
def test_credits_add_up_exactly(found, sold, model):
    parts = credit(found, sold, model)
    if counted(found, sold, model):
        assert sum(part.fraction for part in parts) == 1
        assert sum(part.amount for part in parts) == sold.value
    else:
        assert parts == []


@given(touches, deals, models, st.randoms())
def test_the_order_in_which_touches_are_told_does_not_matter(
    found, sold, model, chance
):
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert credit(shuffled, sold, model) == credit(found, sold, model)


@given(touches, deals, models)
def test_one_touch_gets_everything(found, sold, model):
    parts = credit(found[:1], sold, model)
    assert [part.fraction for part in parts] in ([], [Decimal(1)])


@given(st.lists(days, min_size=2, max_size=8), st.floats(0.5, 60))
def test_a_later_touch_never_decays_more(on_days, half_life):
    found = journey(*sorted(on_days))
    parts = shares(found, deal(10**6), Model("decay", half_life=half_life))
    # Largest remainders may put a cent before its time, never two.
    assert all(b - a > -0.011 for a, b in zip(parts, parts[1:], strict=False))


def test_no_touch_gets_nothing():
    assert credit([], deal(), U) == []
    assert credit(journey(5), deal(closed=4), Model("linear")) == []


@pytest.mark.parametrize("model", [U, FULL], ids=["U", "full"])
def test_two_touches_get_half_each_between_first_and_last(model):
    assert shares(journey(0, 9), deal(created=0, converted=9), model) == [50, 50]


def test_w_shape_follows_the_milestones():
    found = journey(0, 2, 4, 6, 8)
    assert shares(found, deal(created=3, converted=7), W) == [30, 30, 5, 30, 5]
    # A milestone before every touch credits the first one.
    assert shares(found, deal(created=-5, converted=7), W)[0] == 60
    # Nothing in between: the others share the ten percent.
    parts = shares(journey(0, 2, 4), deal(created=2, converted=5), W)
    assert parts == [33.34, 33.33, 33.33]


def test_a_lead_has_no_milestone_of_an_opportunity():
    found = journey(0, 2, 4)
    # 30, 30 and 10 for what is in between are shared in proportion.
    assert shares(found, deal(created=2, converted=None), W) == [42.86, 42.86, 14.28]
    only = Model("position", opportunity=10000)
    assert shares(found, deal(converted=None), only) == [33.34, 33.33, 33.33]


def test_a_milestone_without_weight_takes_no_touch_out_of_the_middle():
    assert shares(journey(0, 2, 4), deal(created=2), U) == [40, 20, 40]


def test_last_non_direct_falls_back_to_the_last():
    found = [Touch(1, at(0)), Touch(2, at(1), is_direct=True)]
    assert shares(found, deal(), Model("last_non_direct")) == [100, 0]
    assert shares(journey(0, 1, is_direct=True), deal(), Model("last_non_direct")) == [
        0,
        100,
    ]


def test_touches_at_the_same_moment_are_in_order_of_their_ids():
    for found in permutations(journey(3, 3, 3)):
        first = credit(found, deal(), Model("first"))
        last = credit(found, deal(), Model("last"))
        assert (first[0].touch_id, last[0].touch_id) == (1, 3)


def test_decay_halves():
    model = Model("decay", half_life=7)
    assert shares(journey(0, 7, 14), deal(700), model) == [100, 200, 400]
    # Far away is nothing, not a rounding.
    parts = credit(journey(0, 400), deal(), model)
    assert [part.touch_id for part in parts] == [2]


def test_the_window_ends_with_the_closing_or_the_last_touch():
    model = Model("linear", lookback=10)
    found = journey(0, 5, 12)
    assert shares(found, deal(), model) == [0, 50, 50]
    assert shares(found, deal(closed=20), model) == [0, 0, 100]
    assert shares(found, deal(closed=40), model) == [0, 0, 0]


def test_a_channel_of_a_data_driven_model_shares_among_its_touches():
    found = [Touch(1, at(0), channel=7), Touch(2, at(1), channel=8)]
    found.append(Touch(3, at(2), channel=7))
    model = Model("markov", channels={7: SCALE, 8: SCALE // 2})
    assert shares(found, deal(300), model) == [100, 100, 100]
    # A channel that nobody has seen gets nothing, unless there are no others.
    assert shares(found, deal(300), Model("markov", channels={8: 1})) == [0, 300, 0]
    assert shares(found, deal(300), Model("shapley")) == [100, 100, 100]
