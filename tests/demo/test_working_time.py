"""Moments, paths and amounts, for whatever the dice say."""

from datetime import date, datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.demo.amounts import rounded
from sales_opportunity_plus.demo.catalogue import STAGES
from sales_opportunity_plus.demo.path import OPEN, path
from sales_opportunity_plus.demo.working_time import (
    CLOSES,
    OPENS,
    is_working_day,
    moment,
    next_working_day,
    quarter_end,
    spread,
    working_days,
)

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
ZONES = st.sampled_from(["Europe/Berlin", "Europe/London", "America/New_York"])
DICE = st.integers(0, 10**6).map(Random)


@given(DAYS, ZONES, DICE, st.integers(-20, 20 * 24))
def test_a_moment_is_at_work_and_after_the_one_before(day, zone, rng, hours):
    after = datetime(day.year, day.month, day.day) + timedelta(hours=hours)
    when = moment(day, zone, rng, after)
    local = when.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
    assert is_working_day(local.date())
    assert OPENS <= local.time() <= CLOSES
    assert when > after
    assert local.date() >= day


@given(DAYS)
def test_the_next_working_day_skips_no_working_day(day):
    following = next_working_day(day)
    assert is_working_day(following)
    assert working_days(day, following) == []


@given(DAYS)
def test_a_quarter_ends_on_the_last_day_of_its_third_month(day):
    end = quarter_end(day)
    assert end >= day
    assert end.month in (3, 6, 9, 12)
    assert (end + timedelta(days=1)).day == 1
    assert (end - day).days < 92


@given(DAYS, DICE, st.integers(0, 50))
def test_days_are_drawn_only_where_there_is_weight(start, rng, count):
    days = [start + timedelta(days=n) for n in range(10)]
    weights = [0.0, 1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    drawn = spread(days, weights, rng, count)
    assert len(drawn) == count
    assert drawn == sorted(drawn)
    assert set(drawn) <= {days[1], days[3], days[7]}


@given(st.floats(0, 1), st.sampled_from(OPEN), DICE)
def test_a_path_goes_step_by_step_to_an_outcome(win_rate, start, rng):
    steps = path(win_rate, start, rng)
    order = [stage.key for stage in STAGES]
    assert (steps[0].stage, steps[0].status) == (start, "open")
    assert steps[-1].status in ("won", "lost")
    assert sum(step.status != "open" for step in steps) <= 2
    for before, after in zip(steps, steps[1:], strict=False):
        assert before != after
        if after.status == "lost":
            assert after.stage == before.stage
        elif before.status == "open":
            gap = order.index(after.stage) - order.index(before.stage)
            assert gap in (-1, 1, 2)


@given(st.floats(1, 1e7), st.floats(1, 1e7))
def test_rounding_keeps_the_order_and_the_size_of_amounts(one, other):
    low, high = sorted((one, other))
    assert 0 < rounded(low) <= rounded(high)
    assert abs(rounded(high) - high) <= max(50, 0.07 * high)
