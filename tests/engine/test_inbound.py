"""Bodies, items, paths and mappings of the API: what is taken, and nothing breaks."""

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import field_path, inbound
from sales_opportunity_plus.engine.field_mapping import Line, mapped
from sales_opportunity_plus.engine.json_body import BodyError, items_of
from sales_opportunity_plus.engine.plain_text import clean
from sales_opportunity_plus.engine.refusal import Refusal

NOW = datetime(2026, 3, 10, 10)
TERMS = inbound.Terms(NOW, {"form", "call"})
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
DOCUMENT = {
    "a": {"b": [{"type": "x", "v": 1}, {"type": "y", "v": {"0": "zero"}}]},
    "with blank": "here",
    "ok": True,
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.b[0].v", 1),
        ("a.b.0.v", 1),
        ("a.b[type=y].v.0", "zero"),
        ("a.b[v.0=zero].type", "y"),
        ("with blank", "here"),
        ("a.b[7].v", field_path.MISSING),
        ("a.b[type=z]", field_path.MISSING),
        ("a.b.c", field_path.MISSING),
        ("ok.b", field_path.MISSING),
        ("[0]", field_path.MISSING),
    ],
)
def test_paths(path, found):
    assert field_path.find(DOCUMENT, path) == found


@pytest.mark.parametrize("path", ["", "a..b", "a[", "a]", "a[b]", ".", "a[b[0]=1]"])
def test_what_is_no_path(path):
    with pytest.raises(field_path.PathError):
        field_path.steps(path)


@given(anything, st.text(max_size=20))
def test_a_path_finds_or_says_that_it_is_none(document, path):
    try:
        field_path.find(document, path)
    except field_path.PathError:
        assert True


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-10T10:00:00Z", datetime(2026, 3, 10, 10)),
        ("2026-03-10 12:00+0200", datetime(2026, 3, 10, 10)),
        (
            "2026-03-10T10:00:00.123456789-01:30",
            datetime(2026, 3, 10, 11, 30, 0, 123456),
        ),
        ("2026-03-10T10:00:00", None),
        ("2026-03-10", None),
        ("2026-02-30T10:00:00Z", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("2026-03-10T10:00:60Z", None),
        ("2026-03-10T10:00:00+99:00", None),
    ],
)
def test_moments(written, moment):
    assert inbound.parsed_moment(written) == moment


@given(st.datetimes(timezones=st.timezones()))
def test_moments_that_python_writes(moment):
    read = inbound.parsed_moment(moment.replace(fold=0).isoformat())
    assert read is None or read.year >= 1


@given(
    anything | st.dictionaries(st.sampled_from(sorted(inbound.LEAD_FIELDS)), anything)
)
def test_an_item_is_taken_or_refused_with_a_reason(item):
    for is_lead in (False, True):
        terms = inbound.Terms(NOW, {"form"}, "form", is_lead)
        try:
            taken = inbound.checked(item, terms)
        except Refusal as refusal:
            assert refusal.code and refusal.reason
        else:
            assert taken.external_key and len(taken.external_key) <= 200


def test_an_item_without_key_names_itself():
    item = {"kind": "form", "email": "a@b.c", "happened_at": "2026-03-10T10:00:00Z"}
    first = inbound.checked(item, TERMS).external_key
    assert inbound.checked(dict(reversed(item.items())), TERMS).external_key == first
    assert inbound.checked({**item, "note": "x"}, TERMS).external_key != first


@given(st.text(st.characters(codec=None)), st.integers(1, 50))
def test_clean_texts_stay_as_they_are(text, longest):
    once = clean(text, longest)
    assert clean(once, longest) == once
    assert len(once) <= longest
    once.encode()


@given(st.binary(max_size=100))
def test_any_body_is_items_or_an_error(body):
    try:
        assert isinstance(items_of(body), list)
    except BodyError as error:
        assert error.status in (400, 422)


def test_items_inside_a_body():
    body = json.dumps({"events": [1, 2]}).encode()
    assert items_of(body, "events") == [1, 2]
    with pytest.raises(BodyError):
        items_of(body, "nothing")


def test_a_mapping():
    lines = [
        Line("kind", "path", "event", translation={"click": "email_click"}),
        Line("happened_at", "path", "at", "seconds", required=True),
        Line("name", "text", "{first} {last}"),
        Line("note", "path", "none"),
        Line("note", "constant", "fixed"),
        Line("cost", "path", "price", "number"),
        Line("phone", "path", "phone"),
    ]
    payload = {"event": "click", "at": 1773137550, "first": "Ann", "price": "1.5"}
    assert mapped(lines, {**payload, "phone": 32470}) == {
        "kind": "email_click",
        "happened_at": "2026-03-10T10:12:30+00:00",
        "name": "Ann",
        "note": "fixed",
        "cost": 1.5,
        "phone": "32470",
    }
    for broken in ({"at": None}, {"at": "x"}, {"at": 1e300}, {"at": []}, {"at": "nan"}):
        with pytest.raises(Refusal):
            mapped(lines, {**payload, **broken})


@given(anything)
def test_a_mapping_of_anything(payload):
    conversions = ("as_is", "number", "utc", "seconds", "milliseconds")
    for convert in conversions:
        try:
            mapped([Line("cost", "path", "a", convert)], {"a": payload})
        except Refusal as refusal:
            assert refusal.reason
