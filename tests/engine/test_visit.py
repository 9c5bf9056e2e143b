"""Visits: whatever an address says, the cookie is small and reads back the same."""

import doctest
import json

from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import visit
from sales_opportunity_plus.engine.visit import (
    LONGEST,
    Visit,
    join,
    packed,
    unpacked,
    visit_of,
)

NOW = 1_714_550_000
TEXT = st.text(max_size=400)
PARAMETERS = st.dictionaries(st.sampled_from(sorted(visit.PARAMETERS)), TEXT)


def test_examples():
    assert doctest.testmod(visit) == (0, doctest.testmod(visit).attempted)


def test_no_campaign_is_no_visit():
    assert visit_of({"page": "2"}, "https://x.example/", "", NOW) is None
    assert visit_of({"utm_source": "  "}, "https://x.example/", "", NOW) is None


def test_first_and_last():
    first, second, third = (Visit(NOW + n, f"C{n}") for n in range(3))
    assert join([], first) == [first]
    assert join([first], second) == [first, second]
    assert join([first, second], third) == [first, third]
    assert join([first, second], second._replace(at=NOW + 9)) is None
    assert join([first, second], first._replace(at=NOW + 9)) == [
        first,
        first._replace(at=NOW + 9),
    ]


@given(PARAMETERS, TEXT, TEXT, PARAMETERS)
def test_any_visit_fits_and_reads_back(parameters, url, referrer, others):
    visits = []
    for given_ in (parameters, others):
        found = visit_of(given_, url, referrer, NOW)
        visits = (found and join(visits, found)) or visits
    rows = packed(visits)
    text = json.dumps(rows)
    assert len(text) <= LONGEST
    read = unpacked(json.loads(text), NOW)
    assert [list(one) for one in read] == rows
    for one, kept in zip(visits, read, strict=True):
        for was, now in zip(one[1:], kept[1:], strict=True):
            assert was.startswith(now)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_anything_else_is_no_visit(value):
    assert unpacked(value, NOW) == [] or all(
        isinstance(one, Visit) for one in unpacked(value, NOW)
    )


def test_visits_of_the_future_are_none():
    assert unpacked([[NOW + 3600, *"abcdef"]], NOW) == []
