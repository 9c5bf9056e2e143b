"""Data-driven attribution: exact, and as others compute it."""

import csv
import doctest
import os
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import attribution_data
from sales_opportunity_plus.engine.attribution import OTHERS, SCALE
from sales_opportunity_plus.engine.attribution_data import (
    LOST,
    START,
    WON,
    Sample,
    as_weights,
    fold,
    removal_effects,
    shapley,
)
from testing.paths import ROOT

walks = st.lists(
    st.tuples(
        st.lists(st.integers(0, 4), min_size=1, max_size=5),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=8,
)


def steps_of(paths):
    steps = Counter()
    for path, won, lost in paths:
        states = [START, *path]
        for step in pairwise(states):
            steps[step] += won + lost
        steps[states[-1], WON] += won
        steps[states[-1], LOST] += lost
    return steps


def conversions_of(paths):
    counts = Counter()
    for path, won, _lost in paths:
        for channel in set(path):
            counts[channel, len(set(path))] += won
    return [(channel, distinct, n) for (channel, distinct), n in counts.items()]


def chance_of_winning(steps, without=None):
    """By walking on and on, not by solving."""
    leaving = Counter()
    for (origin, _target), count in steps.items():
        leaving[origin] += count
    here, won = {START: 1.0}, 0.0
    for _turn in range(3000):
        there = Counter()
        for (origin, target), count in steps.items():
            mass = count and here.get(origin, 0) * count / leaving[origin]
            if mass and target == WON:
                won += mass
            elif mass and target not in (LOST, without):
                there[target] += mass
        here = there
        if sum(here.values()) < 1e-13:
            break
    return won


def test_examples_of_the_documentation():
    results = doctest.testmod(attribution_data)
    assert results.attempted and not results.failed


@given(walks)
def test_removal_effects_are_what_walking_without_a_channel_loses(paths):
    steps = steps_of(paths)
    total = chance_of_winning(steps)
    for channel, effect in removal_effects(steps).items():
        lost = 1 - chance_of_winning(steps, channel) / total if total else 0
        assert effect == pytest.approx(lost, abs=1e-7)


@given(walks)
def test_shapley_values_add_up_to_the_conversions(paths):
    assert sum(shapley(conversions_of(paths)).values()) == sum(
        won for _, won, _ in paths
    )


def test_no_conversion_no_weights():
    steps = steps_of([([1, 2], 0, 5)])
    assert removal_effects(steps) == {1: 0.0, 2: 0.0}
    assert as_weights(removal_effects(steps)) == {}
    assert removal_effects({}) == {}


def test_weights_are_whole_and_the_largest_is_the_scale():
    assert as_weights({1: Fraction(3), 2: Fraction(1)}) == {
        1: SCALE,
        2: round(SCALE / 3),
    }


def test_the_rarest_channels_are_put_together():
    steps = steps_of([([1, 2], 5, 0), ([1, 3], 1, 0), ([4], 1, 1)])
    folded, kept = fold(steps, 2)
    assert kept == {1, 2}
    assert sum(n for (origin, _), n in folded.items() if origin == START) == 8
    assert folded[START, OTHERS] == 2 and folded[1, OTHERS] == 1
    assert fold(steps, 9)[0] == {step: n for step, n in steps.items()}


@pytest.mark.parametrize(
    ("shape", "won", "lost", "enough"),
    [
        ("markov", 100, 100, True),
        ("markov", 100, 99, False),
        ("shapley", 100, 0, True),
        ("shapley", 99, 500, False),
    ],
)
def test_needed_sample(shape, won, lost, enough):
    assert Sample(shape, won, lost).is_enough is enough


# ----------------------------------------------------------------------------
# The published sample of the package ChannelAttribution
# ----------------------------------------------------------------------------

#: Conversions per channel: Markov chain of order 1 solved exactly, and Shapley.
PUBLISHED = {
    "alpha": (5345.0, 7627.9),
    "iota": (3884.6, 3505.0),
    "eta": (3340.9, 3613.7),
    "beta": (2527.4, 1982.7),
    "theta": (1971.9, 1191.0),
    "lambda": (1282.9, 987.8),
}


@pytest.fixture(scope="module")
def published_paths():
    given_folder = os.environ.get("SOP_REAL_DATA") or ROOT.parent / "shared" / "data"
    path = Path(given_folder) / "channel_attribution" / "paths.csv"
    if not path.is_file():
        pytest.skip(
            f"the sample of ChannelAttribution is not at {path}: put it there, or name "
            "the folder that holds it in SOP_REAL_DATA"
        )
    names = {}
    with open(path, newline="") as handle:
        return names, [
            (
                [
                    names.setdefault(name, len(names))
                    for name in row["path"].split(" > ")
                ],
                int(row["total_conversions"]),
                int(row["total_null"]),
            )
            for row in csv.DictReader(handle, delimiter=";")
        ]


@pytest.mark.parametrize("column", [0, 1], ids=["markov", "shapley"])
def test_same_shares_and_ranking_as_published(published_paths, column):
    names, paths = published_paths
    total = sum(won for _path, won, _lost in paths)
    if column:
        values = shapley(conversions_of(paths))
    else:
        values = removal_effects(steps_of(paths))
    factor = total / float(sum(values.values()))
    ours = {name: float(values[number]) * factor for name, number in names.items()}
    for name, published in PUBLISHED.items():
        assert ours[name] == pytest.approx(published[column], rel=0.01)
    ranked = sorted(PUBLISHED, key=lambda name: -PUBLISHED[name][column])
    assert sorted(ours, key=lambda name: -ours[name])[: len(ranked)] == ranked
