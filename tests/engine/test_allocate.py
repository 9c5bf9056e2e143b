"""Sharing out: nothing is lost, nothing is added, nobody waits for a whole unit."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import allocate
from sales_opportunity_plus.engine.allocate import (
    allocate_in_order,
    allocate_units,
    by_remainder,
)

weights = st.lists(st.integers(0, 2**33), min_size=1, max_size=12)
amounts = st.decimals(
    min_value=-(10**15), max_value=10**15, places=4, allow_nan=False
) | st.sampled_from([Decimal(0), Decimal("0.005"), Decimal("1e22"), Decimal("-0.01")])
roundings = st.sampled_from([Decimal(x) for x in ("0.01", "1", "0.001", "0.05", "10")])


def test_examples_of_the_documentation():
    results = doctest.testmod(allocate)
    assert results.attempted and not results.failed


@given(st.integers(-(10**20), 10**20), weights)
def test_units_add_up(total, shares):
    assert sum(allocate_units(total, shares)) == total
    assert sum(allocate_in_order(abs(total), shares)) == abs(total)


@given(amounts, weights, roundings)
def test_amounts_add_up(value, shares, rounding):
    parts = allocate.allocate(value, shares, rounding)
    assert sum(map(allocate._EXACT.create_decimal, parts), Decimal(0)) == value


@given(st.integers(0, 10**20), weights)
def test_no_part_is_a_whole_unit_away_from_its_share(total, shares):
    whole = sum(shares)
    for part, share in zip(allocate_units(total, shares), shares, strict=True):
        if whole:
            assert abs(part * whole - total * share) < whole


@given(st.integers(0, 10**12), weights)
def test_a_larger_weight_never_gets_less(total, shares):
    got = sorted(zip(shares, allocate_units(total, shares), strict=True))
    assert [part for _share, part in got] == sorted(part for _share, part in got)


@given(st.integers(0, 10**6), weights, st.integers(0, 2**20))
def test_what_weighs_nothing_gets_nothing_and_changes_nothing(total, shares, at):
    if not any(shares):
        return
    at %= len(shares) + 1
    got = allocate_units(total, [*shares[:at], 0, *shares[at:]])
    assert got.pop(at) == 0
    assert got == allocate_units(total, shares)


def test_equal_parts_that_are_left_over_go_by_order():
    assert allocate_units(101, [1, 1, 1, 1]) == [26, 25, 25, 25]
    assert by_remainder(5, [1, 3, 0]) == [1, 0]


def test_what_is_less_than_a_unit_goes_along_with_the_first_unit_left():
    parts = allocate.allocate(Decimal("10.005"), [1, 1, 1], Decimal("0.01"))
    assert parts == [Decimal("3.345"), Decimal("3.33"), Decimal("3.33")]


@pytest.mark.parametrize(("shares", "rounding"), [([-1, 2], "0.01"), ([1], "0")])
def test_what_makes_no_sense_is_refused(shares, rounding):
    with pytest.raises(ValueError):
        allocate.allocate(Decimal(1), shares, Decimal(rounding))
