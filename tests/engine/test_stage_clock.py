"""The stage clock against simulated deals, and where there is nothing to go by."""

import doctest
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import stage_hazard, stage_stay
from sales_opportunity_plus.engine.stage_clock import FARTHEST, StageClock
from sales_opportunity_plus.engine.stage_hazard import HazardCounts, learn_hazards
from sales_opportunity_plus.engine.stage_stay import ENTRY, LOST, WON, day_stays


def clock_of(stays):
    return StageClock(learn_hazards(HazardCounts().add(stays)))


def simulated(count, until=400, seed=3):
    """A day in New: on .1, lost .1; a day in Offer: won .05, lost .05."""
    draw = random.Random(seed)
    for _deal in range(count):
        day = came = draw.randrange(300)
        moves, closed, stage = [(came, "New")], None, "New"
        while closed is None and day < 2000:
            day += 1
            chance = draw.random()
            if stage == "New" and chance < 0.1:
                stage = "Offer"
                moves.append((day, stage))
            elif chance < (0.2 if stage == "New" else 0.05):
                closed = (day, LOST)
            elif stage == "Offer" and chance < 0.1:
                closed = (day, WON)
        yield from day_stays(moves, closed, until)


@pytest.fixture(scope="module")
def clock():
    return clock_of(simulated(6000))


@pytest.mark.parametrize("module", [stage_hazard, stage_stay])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


def test_agrees_with_the_exact_chances(clock):
    assert clock.won_ever("Offer", 3) == pytest.approx(0.5, abs=0.04)
    assert clock.won_ever("New", 3) == pytest.approx(0.25, abs=0.04)
    exact = 0.5 * (1 - 0.9**10)
    assert clock.won_within("Offer", 2, 10) == pytest.approx(exact, abs=0.04)


@given(st.sampled_from(["New", "Offer", ENTRY]), st.integers(-5, 900))
def test_more_days_bring_more_and_never_more_than_ever(clock, stage, age):
    chances = [clock.won_within(stage, age, days) for days in (0, 1, 7, 30, 90, 366)]
    assert chances == sorted(chances) and chances[0] == 0.0
    assert chances[-1] <= clock.won_ever(stage, age) + 1e-9 <= 1.0 + 2e-9
    assert clock.won_within(stage, age, 10**6) == clock.won_within(stage, age, FARTHEST)


def test_goes_through_json(clock):
    again = StageClock.from_json(json.loads(json.dumps(clock.as_json())))
    assert again.hazards == clock.hazards
    assert again.won_within("New", 4, 30) == clock.won_within("New", 4, 30)


def test_counts_of_folds_add_up():
    stays = list(simulated(200))
    halves = HazardCounts().add(stays[::2]).plus(HazardCounts().add(stays[1::2]))
    assert halves == HazardCounts().add(stays)


def test_windows_of_time_add_up():
    stays = list(simulated(200))
    early, late = HazardCounts().add(stays, until=150), HazardCounts()
    assert early.plus(late.add(stays, since=150)) == HazardCounts().add(stays)


def test_nothing_to_go_by():
    empty = clock_of([])
    assert empty.won_within("New", 0, 30) is None
    assert empty.won_ever("New", 0) is None
    assert empty.won_from_new(3.0, 30) == 0.0


def test_stages_that_only_lead_to_each_other_win_nothing():
    moves = [(day, "ab"[day % 2]) for day in range(100)]
    assert clock_of(day_stays(moves, None, 100)).won_ever("a", 0) == 0.0


def test_a_dead_deal_fades():
    moves = [day_stays([(0, "New")], (5, WON), 400) for _ in range(50)]
    moves += [day_stays([(0, "New")], None, 300) for _ in range(50)]
    clock = clock_of(stay for deal in moves for stay in deal)
    assert clock.won_within("New", 200, 30) < 0.1 < clock.won_within("New", 0, 30)


def test_deals_to_come(clock):
    assert clock.won_from_new(2.0, 0) == 0.0
    # All but the youngest of 2 a day, a quarter of which is won.
    assert clock.won_from_new(2.0, 365) == pytest.approx(2 * 0.25 * 340, rel=0.15)


def test_a_deal_closed_on_the_day_it_came():
    (stay,) = day_stays([(4, "New"), (4, "Offer")], (4, LOST), 10)
    assert (stay.stage, stay.event, stay.left - stay.entered) == (ENTRY, LOST, 1)
    assert list(day_stays([(40, "New")], None, 10)) == []
