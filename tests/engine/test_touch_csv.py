"""Files of touches: any bytes give rows with problems, or say why there are none."""

import doctest
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import touch_check, touch_csv
from sales_opportunity_plus.engine.csv_table import FileError
from sales_opportunity_plus.engine.touch_csv import COLUMNS, read

NOW = datetime(2024, 6, 1, 12)
HEAD = "kind;happened_at;lead;cost;note\n"


def rows(text, zone=timezone.utc):
    data = text if isinstance(text, bytes) else text.encode()
    return list(read(data, zone, NOW))


@pytest.mark.parametrize("module", [touch_csv, touch_check], ids=lambda m: m.__name__)
def test_examples(module):
    assert doctest.testmod(module) == (0, doctest.testmod(module).attempted)


def test_moments_without_a_zone_are_the_users():
    [row] = rows(HEAD + "call;2024-05-01 10:30;1;;", ZoneInfo("America/New_York"))
    assert row.happened_at == datetime(2024, 5, 1, 14, 30)
    [row] = rows(HEAD + "call;2024-05-01T10:30Z;1;;", ZoneInfo("America/New_York"))
    assert row.happened_at == datetime(2024, 5, 1, 10, 30)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "UTC"])
def test_moments_out_of_time(zone):
    for moment, code in (("0001-01-01", "early"), ("9999-12-31T23:59", "future")):
        [row] = rows(HEAD + f"call;{moment};1;;", ZoneInfo(zone))
        assert [problem.code for problem in row.problems] == [code]


def test_clocks_may_be_a_day_apart():
    for ahead, problems in ((timedelta(hours=23), 0), (timedelta(hours=25), 1)):
        [row] = rows(HEAD + f"call;{(NOW + ahead).isoformat()};1;;")
        assert len(row.problems) == problems


@pytest.mark.parametrize("cost", ["0", "12", "12.5", "12,50", "1234.5678", "+1"])
def test_amounts(cost):
    [row] = rows(HEAD + f"call;2024-05-01;1;{cost};")
    assert not row.problems
    assert row.cost == float(cost.replace(",", "."))


@pytest.mark.parametrize(
    "cost", ["NaN", "inf", "-1", "1e5", "1,234", "1.234,56", "1'000", "٣", "€5", "0x1"]
)
def test_amounts_that_are_none(cost):
    [row] = rows(HEAD + f"call;2024-05-01;1;{cost};")
    assert [problem.code for problem in row.problems] == ["cost"]
    assert row.cost is None


def test_same_line_has_the_same_fingerprint():
    first, other, same = rows(
        HEAD + "call;2024-05-01;1;;a\ncall;2024-05-01;1;;b\n call;2024-05-01 ;1;;a"
    )
    assert first.fingerprint == same.fingerprint != other.fingerprint
    [elsewhere] = rows("note;lead;kind;happened_at\na;1;call;2024-05-01")
    assert elsewhere.fingerprint == first.fingerprint


def test_lines_are_counted_as_a_spreadsheet_does():
    found = rows(HEAD + "\ncall;2024-05-01;1;;\n;;;;\ncall;;1;;")
    assert [row.number for row in found] == [3, 5]


@given(st.binary(max_size=400))
def test_any_bytes(data):
    try:
        rows(HEAD.encode() + data)
    except FileError as error:
        assert error.args[0] in {"encoding", "broken"}


@given(st.lists(st.text(max_size=40), min_size=5, max_size=5))
def test_any_text_is_right_or_explained(cells):
    quoted = ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    try:
        found = rows((HEAD + quoted).encode("utf-8", "replace"))
    except FileError:
        return
    for row in found:
        assert row.values.keys() <= set(COLUMNS)
        assert row.problems or row.happened_at
        assert not any("\x00" in value for value in row.values.values())
