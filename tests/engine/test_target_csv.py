"""Files of targets: any bytes give rows with problems, or say why there are none."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import target_csv
from sales_opportunity_plus.engine.csv_table import FileError
from sales_opportunity_plus.engine.period import period_of
from sales_opportunity_plus.engine.target_csv import number_of, period_named, read

HEAD = "team;salesperson;period;target;counts_from\n"


def problems(text):
    return [
        (row.number, problem.code, problem.column)
        for row in read((HEAD + text).encode())
        for problem in row.problems
    ]


def test_examples():
    results = doctest.testmod(target_csv)
    assert results.attempted and not results.failed


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("1234", 1234),
        ("1234.5", 1234.5),
        ("1234,50", 1234.5),
        ("1 234 567,5", 1234567.5),
        ("1'234.50", 1234.5),
        ("1.234,50", 1234.5),
        ("1,234.50", 1234.5),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
    ],
)
def test_amounts(text, number):
    assert number_of(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "-1", "1,234", "1.234", "1e9", "nan", "inf", "12.34.56", "1,2,3", "٣", "€5"],
)
def test_amounts_that_are_none(text):
    assert number_of(text) is None


@given(st.dates(), st.integers(1, 12), st.sampled_from(["month", "quarter", "year"]))
def test_periods_are_called_what_they_are_called(day, first_month, kind):
    if not 1972 <= day.year <= 2196:
        return
    period = period_of(day, kind, first_month)
    year = period_of(day, "year", first_month)
    number = (period.start.month - first_month) % 12 // 3 + 1
    name = {
        "month": f"{period.start.year}-{period.start.month:02}",
        "quarter": f"{year.end.year}-Q{number}",
        "year": f"FY{year.end.year}",
    }[kind]
    assert period_named(name, first_month) == period


def test_what_is_wrong_with_lines():
    assert problems("DACH;ann;2026-07;100;\n\nDACH;bob;2026-Q1;1,5;2026-01-05") == []
    text = "DACH;ann;July;100;\n;;;;5.1.2026\n;;2026;1,234;;x"
    assert problems(text) == [
        (2, "period", "period"),
        (3, "needed", "period"),
        (3, "needed", "target"),
        (3, "day", "counts_from"),
        (4, "cells", ""),
        (4, "amount", "target"),
    ]


def test_files_that_are_none():
    for data, code in (
        (b"", "empty"),
        (b"team;period\n", "missing"),
        (b"period;target;colour\n", "unknown"),
        (b"period;target;period\n", "twice"),
        (b"\xff\xfe", "encoding"),
    ):
        with pytest.raises(FileError) as error:
            list(read(data))
        assert error.value.args[0] == code


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    try:
        for row in read(b"period;target\n" + data):
            assert row.problems or row.amount is not None
    except FileError as error:
        assert error.args[0] in {"encoding", "broken"}
