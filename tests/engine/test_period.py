"""Periods leave no day out and no day twice, whatever the fiscal start."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine.period import KINDS, period_of

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
kinds = st.sampled_from(KINDS)
months = st.integers(1, 12)


@given(days, kinds, months)
def test_neighbours_touch(day, kind, first_month):
    period = period_of(day, kind, first_month)
    assert day in period
    assert period.following().start == period.end + timedelta(days=1)
    assert period.previous().end == period.start - timedelta(days=1)
    assert period.following().previous() == period


@given(days, kinds, months)
def test_every_day_of_a_period_is_in_the_same(day, kind, first_month):
    period = period_of(day, kind, first_month)
    assert period_of(period.start, kind, first_month) == period
    assert period_of(period.end, kind, first_month) == period


@given(days, months, st.sampled_from(["month", "quarter"]))
def test_parts_cover_the_year(day, first_month, kind):
    year = period_of(day, "year", first_month)
    parts = year.parts(kind)
    assert parts[0].start == year.start and parts[-1].end == year.end
    assert sum(part.days for part in parts) == year.days


@given(days)
def test_each_week_is_in_one_month(day):
    month = period_of(day, "month")
    weeks = [*month.parts("week"), *month.following().parts("week")]
    assert len(set(weeks)) == len(weeks)
    starts = [week.start for week in weeks]
    assert all(
        b - a == timedelta(weeks=1) for a, b in zip(starts, starts[1:], strict=False)
    )


def test_fiscal_year_from_july():
    period = period_of(date(2026, 8, 15), "quarter", 7)
    assert (period.start, period.end) == (date(2026, 7, 1), date(2026, 9, 30))
    assert period.year_before().start == date(2025, 7, 1)


@pytest.mark.parametrize(("kind", "month"), [("day", 1), ("year", 0), ("year", 13)])
def test_what_is_no_period(kind, month):
    with pytest.raises(ValueError, match="period|fiscal"):
        period_of(date(2026, 1, 1), kind, month)
