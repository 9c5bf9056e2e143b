"""Working time: the three questions agree, whatever the calendar looks like."""

import doctest
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import working_time
from sales_opportunity_plus.engine.working_time import (
    WallClock,
    WorkingTime,
    after_pauses,
)

MONDAY = datetime(2024, 3, 4)
HOUR = timedelta(hours=1)
ZERO = timedelta(0)


def office(low, high):
    """Monday to Friday from 9 to 17."""
    day = datetime(low.year, low.month, low.day)
    while day < high:
        start, stop = max(low, day + 9 * HOUR), min(high, day + 17 * HOUR)
        if day.weekday() < 5 and start < stop:
            yield start, stop
        day += timedelta(days=1)


CLOCKS = {"office": WorkingTime(office), "wall": WallClock()}
MOMENTS = st.integers(-400_000, 400_000).map(lambda n: MONDAY + timedelta(minutes=n))
SPANS = st.integers(1, 60_000).map(lambda n: timedelta(minutes=n))


def test_examples_of_the_documentation():
    result = doctest.testmod(working_time)
    assert result.attempted and not result.failed


def test_a_weekend_is_no_working_time():
    clock = WorkingTime(office)
    friday = MONDAY + timedelta(days=4, hours=15)
    assert clock.after(friday, 3 * HOUR) == MONDAY + timedelta(days=7, hours=10)
    assert clock.before(MONDAY + timedelta(days=7, hours=10), 3 * HOUR) == friday
    assert clock.elapsed(friday, MONDAY + timedelta(days=7, hours=10)) == 3 * HOUR


@pytest.mark.parametrize("name", CLOCKS)
@given(start=MOMENTS, end=MOMENTS, span=SPANS)
def test_the_three_questions_agree(name, start, end, span):
    clock = CLOCKS[name]
    used_up = start <= end and clock.elapsed(start, end) >= span
    assert (clock.after(start, span) <= end) == used_up
    assert (start <= clock.before(end, span)) == used_up


@given(start=MOMENTS, end=MOMENTS)
def test_working_time_is_counted_hour_by_hour(start, end):
    counted = sum((b - a for a, b in office(start, end)), ZERO) if start < end else ZERO
    assert CLOCKS["office"].elapsed(start, end) == counted
    # A clock that was asked nothing before says the same.
    assert WorkingTime(office).elapsed(start, end) == counted


def test_a_calendar_without_hours_is_never_through():
    clock = WorkingTime(lambda low, high: ())
    assert clock.after(MONDAY, HOUR) is None
    assert clock.before(MONDAY, HOUR) is None
    assert clock.elapsed(MONDAY, MONDAY + timedelta(days=9)) == ZERO
    assert after_pauses(clock, MONDAY, HOUR, [(MONDAY, MONDAY + HOUR)]) is None


def test_no_duration_is_used_up_at_once():
    assert CLOCKS["office"].after(MONDAY, ZERO) == MONDAY
    assert CLOCKS["office"].before(MONDAY, ZERO) == MONDAY


@given(start=MOMENTS, span=SPANS, cuts=st.lists(st.integers(0, 90_000), max_size=8))
def test_pauses_do_not_count(start, span, cuts):
    clock = CLOCKS["office"]
    edges = sorted({start + timedelta(minutes=cut) for cut in cuts})
    pauses = list(zip(edges[::2], edges[1::2], strict=False))
    due = after_pauses(clock, start, span, pauses)
    paused = sum((clock.elapsed(a, min(b, due)) for a, b in pauses if a < due), ZERO)
    assert clock.elapsed(start, due) - paused == span
    assert due >= clock.after(start, span)
