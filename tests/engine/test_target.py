"""Targets: periods add up to the longer ones, whatever targets there are."""

import doctest
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import target
from sales_opportunity_plus.engine.allocate import allocate_units
from sales_opportunity_plus.engine.period import period_of
from sales_opportunity_plus.engine.target import (
    Target,
    amount_in,
    effective,
    steadied,
)

units = st.integers(0, 10**12)
months = st.integers(1, 12)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def test_examples():
    results = doctest.testmod(target)
    assert results.attempted and not results.failed


def of(period, number, **more):
    return Target(period.start, period.end, number, **more)


def amounts(periods, targets):
    return [amount_in(one.start, one.end, targets) for one in periods]


@given(units, days, months)
def test_a_year_alone_is_split_to_the_unit(number, day, first_month):
    year = period_of(day, "year", first_month)
    for kind in ("month", "quarter"):
        parts = amounts(year.parts(kind), [of(year, number)])
        assert sum(parts) == number
        for part, period in zip(parts, year.parts(kind), strict=True):
            assert abs(part * year.days - number * period.days) <= year.days


@given(st.lists(units, min_size=12, max_size=12), days, months)
def test_months_make_quarters_and_the_year(numbers, day, first_month):
    year = period_of(day, "year", first_month)
    targets = [
        of(one, number)
        for one, number in zip(year.parts("month"), numbers, strict=True)
    ]
    quarters = amounts(year.parts("quarter"), targets)
    assert quarters == [sum(numbers[n : n + 3]) for n in (0, 3, 6, 9)]
    assert amount_in(year.start, year.end, targets) == sum(numbers)


@given(units, st.dictionaries(st.integers(0, 11), units), days, months)
def test_what_some_months_leave_over_goes_to_the_others(total, some, day, first_month):
    year = period_of(day, "year", first_month)
    parts = year.parts("month")
    targets = [of(year, total), *(of(parts[n], number) for n, number in some.items())]
    found = amounts(parts, targets)
    for place, number in some.items():
        assert found[place] == number
    if len(some) < 12:
        assert sum(found) == max(total, sum(some.values()))
    assert sum(amounts(year.parts("quarter"), targets)) == sum(found)


@given(units, days, st.integers(0, 40), st.integers(0, 40))
def test_joiners_and_leavers_count_by_days(number, day, late, early):
    month = period_of(day, "month")
    first, last = month.start + timedelta(late), month.end - timedelta(early)
    one = of(month, number, first=first, last=last)
    there = max((last - first).days + 1, 0)
    counted = effective(one, [one])
    assert abs(counted * month.days - number * there) <= month.days / 2
    thirds = [month.start, month.start + timedelta(10), month.start + timedelta(20)]
    ends = [thirds[1] - timedelta(1), thirds[2] - timedelta(1), month.end]
    parts = [amount_in(a, b, [one]) for a, b in zip(thirds, ends, strict=True)]
    assert sum(parts) == counted


seasons = st.lists(st.integers(0, 100), min_size=12, max_size=12).filter(any)


@given(units, seasons, days, months, st.integers(0, 365), st.integers(0, 365))
def test_who_joins_a_split_year_has_the_season_that_is_left(
    number, season, day, first_month, joined, stayed
):
    """Of the months after, and of a part of two; all periods still add up to it."""
    year = period_of(day, "year", first_month)
    parts = year.parts("month")
    first = year.start + timedelta(min(joined, year.days - 1))
    last = min(first + timedelta(stayed), year.end)
    targets = [
        of(year, number, first=first, last=last),
        *(map(of, parts, allocate_units(number, season))),
    ]
    found = amounts(parts, targets)
    whole = amount_in(year.start, year.end, targets)
    assert sum(found) == whole
    assert sum(amounts(year.parts("quarter"), targets)) == whole
    for part, amount, whole_part in zip(parts, found, targets[1:], strict=True):
        there = (min(part.end, last) - max(part.start, first)).days + 1
        share = max(there, 0) * whole_part.units
        assert abs(amount * part.days - share) <= part.days / 2
    halves = [(year.start, first), (first + timedelta(1), year.end)]
    assert sum(amount_in(a, b, targets) or 0 for a, b in halves) == whole


@given(units, days, months, st.integers(0, 400))
def test_without_parts_that_fill_it_a_year_goes_by_days(
    number, day, first_month, joined
):
    year = period_of(day, "year", first_month)
    first = min(year.start + timedelta(joined), year.end)
    month = of(year.parts("month")[0], number)
    targets = [of(year, number, first=first), month]
    there = (year.end - first).days + 1
    counted = effective(targets[0], targets)
    assert abs(counted * year.days - number * there) <= year.days / 2


@given(units, units)
def test_dates_of_another_fiscal_year_count_by_days(before, after):
    """The company's year began in January and now begins in July."""
    old = of(period_of(date(2026, 5, 1), "year"), before, fits=False)
    new = of(period_of(date(2026, 8, 1), "year", 7), after)
    halves = period_of(date(2026, 5, 1), "year").parts("quarter")
    assert sum(amounts(new_quarters(new), [old, new])) == after
    first = sum(amounts(halves[:2], [old, new]))
    second = sum(amounts(halves[2:], [old, new]))
    assert first == max(before - second, 0)
    between = amount_in(date(2025, 7, 1), date(2026, 6, 30), [old])
    assert abs(between * old.days - before * 181) <= old.days


def new_quarters(one):
    return period_of(one.start, "year", 7).parts("quarter")


def test_no_target_is_not_a_target_of_zero():
    june = Target(date(2026, 6, 1), date(2026, 6, 30), 0)
    assert amount_in(june.start, june.end, [june]) == 0
    assert amount_in(june.start, june.start, [june]) == 0
    assert amount_in(date(2026, 7, 1), date(2026, 7, 31), [june]) is None


@given(st.lists(st.tuples(units, st.integers(0, 500)), min_size=1, max_size=12), units)
def test_split_by_what_was_won(history, total):
    won = [amount for amount, _deals in history]
    weights = steadied(won, [deals for _amount, deals in history])
    assert len(weights) == len(won) and all(weight > 0 for weight in weights)
    assert sum(allocate_units(total, weights)) == total
    order = sorted(range(len(won)), key=lambda n: won[n])
    shares = [weights[n] for n in order]
    assert shares == sorted(shares)
