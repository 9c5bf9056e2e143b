"""Seasons that come again are seen, others are not; and the clock by season."""

import doctest
import json
import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import monthly_counts, season
from sales_opportunity_plus.engine.monthly_counts import MonthlyCounts, month_of
from sales_opportunity_plus.engine.season import season_of
from sales_opportunity_plus.engine.stage_clock import StageClock, learn_clock
from sales_opportunity_plus.engine.stage_hazard import HazardCounts
from sales_opportunity_plus.engine.stage_stay import ENTRY, LOST, WON, day_stays

FIRST = date(2024, 1, 1).toordinal()
LAST = date(2025, 3, 31).toordinal()


def simulated(rates, count=4000, seed=5):
    """Deals of one stage: won by the rate of the month of the quarter, lost by .02."""
    draw = random.Random(seed)
    for _deal in range(count):
        day = came = draw.randrange(FIRST, LAST)
        closed = None
        while closed is None and day < LAST:
            day += 1
            chance = draw.random()
            if chance < rates[season_of(day)]:
                closed = (day, WON)
            elif chance > 0.98:
                closed = (day, LOST)
        yield from day_stays([(came, "New")], closed, LAST)


@pytest.fixture(scope="module")
def seasonal():
    return learn_clock(MonthlyCounts().add(simulated((0.01, 0.01, 0.05))))


@pytest.mark.parametrize("module", [monthly_counts, season])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


def test_a_season_is_seen(seasonal):
    before, inside = date(2025, 4, 1), date(2025, 5, 31)
    low = seasonal.won_within("New", 3, 30, before.toordinal())
    high = seasonal.won_within("New", 3, 30, inside.toordinal())
    assert high > 2 * low > 0
    middle = seasonal.won_within("New", 3, 30)
    assert low < middle < high


def test_no_season_is_seen_where_there_is_none():
    clock = learn_clock(MonthlyCounts().add(simulated((0.02, 0.02, 0.02))))
    chances = [
        clock.won_within("New", 3, 30, date(2025, month, 1).toordinal())
        for month in (4, 5, 6)
    ]
    assert max(chances) < 1.15 * min(chances)


def test_months_add_up_to_the_whole():
    stays = list(simulated((0.01, 0.01, 0.05), count=300))
    monthly = MonthlyCounts().add(stays)
    assert monthly.total() == HazardCounts().add(stays)
    halves = MonthlyCounts().add(stays[::2]).plus(MonthlyCounts().add(stays[1::2]))
    assert halves.total() == monthly.total()


def test_days_before_outcomes_were_kept_do_not_count():
    stays = [
        stay
        for k in range(200)
        for stay in day_stays([(FIRST, "New")], (FIRST + 200 + k % 50, WON), LAST)
    ]
    complete = MonthlyCounts().add(stays).complete()
    first = month_of(FIRST + 200)[0]
    assert min(month for month, _stage in complete.days) == first
    assert MonthlyCounts().complete() == MonthlyCounts()


def test_goes_through_json_and_reads_what_was_kept_before(seasonal):
    kept = json.loads(json.dumps(seasonal.as_json()))
    again = StageClock.from_json(kept)
    assert again.seasons == seasonal.seasons
    assert again.won_within("New", 4, 30, LAST) == seasonal.won_within(
        "New", 4, 30, LAST
    )
    del kept["seasons"]
    assert StageClock.from_json(kept).seasons == ()


@given(st.sampled_from(["New", ENTRY]), st.integers(-5, 900), st.integers(0, 10**7))
def test_more_days_bring_more(seasonal, stage, age, today):
    chances = [seasonal.won_within(stage, age, days, today) for days in (0, 1, 7, 40)]
    assert chances == sorted(chances)
    assert chances[0] == 0.0 and chances[-1] <= 1.0


@given(st.integers(0, 400), st.integers(0, 10**6))
def test_deals_to_come_are_counted_by_season(seasonal, days, today):
    found = seasonal.won_from_new(2.0, days, today)
    assert 0.0 <= found <= 2.0 * days
    # Nobody is won on the day of coming here.
    assert (found > 0.0) == (days > 1)


stays = st.lists(
    st.tuples(st.integers(-5, 4000), st.integers(1, 900), st.booleans()), max_size=20
)


@given(stays, st.integers(-10, 5000))
def test_any_deals_teach_chances(deals, today):
    counts = MonthlyCounts()
    for came, days, won in deals:
        end = (came + days, WON if won else LOST)
        counts.add(day_stays([(came, "New")], end, 6000))
    clock = learn_clock(counts)
    chance = clock.won_within("New", 3, 30, today)
    assert (chance is None and not clock.knows("New")) or 0.0 <= chance <= 1.0
