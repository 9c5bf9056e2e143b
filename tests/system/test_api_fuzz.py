"""Whatever is sent: no error of ours, no touch lost and none doubled.

The document is held against the same server: making one takes longer than the calls.
"""

import json

import pytest
from api_world import ROOT, SECRET, Caller, connectors, touches
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis_venv import hold_against

from testing import databases

EXAMPLES = 40
DOCUMENT_EXAMPLES = 8


def json_values(numbers):
    return st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | numbers
        | st.text(st.characters(codec=None), max_size=40),
        lambda inner: st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=12,
    )


# NaN and infinite numbers are no JSON: a whole call is refused for one.
anything = json_values(st.floats())
words = st.sampled_from(
    [
        *("100%", "a_b", "%", "_", "\\", "İ", "ﬁ", "\u202eevil", "\u0000", "\ud800"),
        *("x" * 10_000, "שלום", " ", "'; DROP TABLE crm_lead; --", "{{7*7}}", "a\nb"),
    ]
)
texts = words | st.text(st.characters(codec=None), max_size=30)
moments = st.sampled_from(
    [
        *("2026-03-10T10:00:00Z", "0001-01-01T00:00:00Z", "2026-03-10", "now"),
        *("9999-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z", "2020-01-01T00:00Z"),
    ]
)
emails = st.sampled_from(
    ["a@example.com", "A@EXAMPLE.com", "b_c@example.com", "é@ex.com", "no", "@", "a@b"]
)
items = st.fixed_dictionaries(
    {"external_key": st.sampled_from(["1", "2", "lead:1", "touch:1", "é"])},
    optional={
        "kind": st.sampled_from(["form", "call", "nonsense"]),
        "happened_at": moments,
        "email": emails,
        "phone": st.sampled_from(["+32470123456", "0470", "٠٤٧٠١٢٣٤٥٦"]) | texts,
        "campaign": texts,
        "medium": texts,
        "source": texts,
        "note": texts,
        "landing_page": texts,
        "cost": st.floats(-1, 1e13) | st.integers(-1, 10**30) | st.booleans(),
        "currency": st.sampled_from(["EUR", "eur", "ZZZ", "€€€"]),
        "lead_external_key": st.sampled_from(["1", "nobody"]),
        "consent": st.sampled_from(["contract", "yes"]),
    },
) | json_values(st.floats(allow_nan=False, allow_infinity=False))


@pytest.fixture(scope="module")
def made(world):
    return connectors(world, fuzz={}, document={})


@pytest.fixture(scope="module")
def caller(server, made):
    connector_id, key = made["fuzz"]
    return Caller(server.url, key), connector_id


def fuzzed(test):
    quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=quiet)(
        test
    )


@fuzzed
@given(
    endpoint=st.sampled_from(["touchpoints", "leads"]), body=anything | st.lists(items)
)
def test_any_json(caller, endpoint, body):
    answer = caller[0].post(endpoint, json.dumps(body).encode())
    assert answer.status_code in (200, 207, 400, 422), answer.text
    content = answer.json()
    if "results" in content:
        sent = body if isinstance(body, list) else [body]
        assert len(content["results"]) == len(sent)


@fuzzed
@given(endpoint=st.sampled_from(["touchpoints", "leads"]), body=st.binary(max_size=200))
def test_any_bytes(caller, endpoint, body):
    answer = caller[0].post(endpoint, body)
    assert answer.status_code in (200, 400, 422), answer.text


@fuzzed
@given(batch=st.lists(items, min_size=1, max_size=6))
def test_what_is_said_to_be_recorded_is_recorded_once(world, caller, batch):
    sender, connector = caller
    before = {key for key, _lead in touches(world["database"], connector)}
    results = sender.post("touchpoints", batch).json()["results"]
    after = touches(world["database"], connector)
    keys = [key for key, _lead in after]
    assert len(keys) == len(set(keys))
    created = [result for result in results if result["status"] == "created"]
    assert len(after) - len(before) == len(created)
    again = sender.post("touchpoints", batch).json()["results"]
    for first, second in zip(results, again, strict=True):
        expected = "rejected" if first["status"] == "rejected" else "duplicate"
        assert second["status"] == expected
    assert touches(world["database"], connector) == after


def test_names_that_an_item_brings(caller):
    """Headers are bytes: none of them makes an error of ours."""
    sender, _connector = caller
    for name in ("X-SOP-Connector", "X-SOP-Signature", "X-SOP-Timestamp"):
        for value in (b"\xe9\xff", b"'", b"%s", b"0" * 500, b"-1", b"v1=", b""):
            answer = sender.post("touchpoints", {}, **{name: value})
            assert answer.status_code == 401, (name, value, answer.text)
    answer = sender.post("touchpoints", {}, **{"Idempotency-Key": b"\xe9"})
    assert answer.status_code == 400


def test_ten_megabytes_and_ten_thousand_items(caller):
    sender, _connector = caller
    answer = sender.post("touchpoints", [{"kind": "form"}] * 10_000)
    assert answer.status_code == 422
    try:
        answer = sender.post("touchpoints", b" " * 10_000_000)
    except OSError:
        # The server does not read it: where the sender goes on writing, it may find
        # the connection closed before it reads the answer.
        return
    assert answer.status_code == 413


def test_the_document_is_true(server, world, made, tmp_path):
    """Schemathesis finds no answer that the OpenAPI document does not name."""
    connector_id, key = made["document"]
    url = f"{server.url}{ROOT}/openapi.json"
    told = hold_against(url, key, SECRET, tmp_path, DOCUMENT_EXAMPLES)
    assert "2 selected / 2 total" in told.replace("\n", " "), told
    (calls,) = databases.query(
        world["database"],
        "SELECT SUM(calls) FROM crm_connector_traffic WHERE connector_id = %s",
        (connector_id,),
    )
    assert calls[0] > 100, "the calls were not signed as a connector's"
