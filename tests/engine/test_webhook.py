"""Outgoing events: what a move is, when it is retried, where it may go."""

import doctest
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import web_address, webhook
from sales_opportunity_plus.engine.signature import is_signed
from sales_opportunity_plus.engine.web_address import WebAddress, check_address

MOVES = ["created", "converted", "forward", "skip", "backward", "won", "lost"]
MOVES += ["reopened", "archived", "team_change"]


@pytest.mark.parametrize("module", [webhook, web_address])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


@given(
    st.sampled_from(MOVES),
    st.sampled_from(["open", "won", "lost", "archived"]),
    st.integers(1, 3),
    st.integers(1, 3),
)
def test_events_of_a_move(move, status, before, after):
    events = webhook.events_of(move, status, before, after)
    assert len(set(events)) == len(events)
    assert ("created" in events) == (move == "created")
    assert ("stage_moved" in events) == (move != "created" and before != after)
    assert webhook.events_of(move, status, before, after, "lead") == ()


@given(st.floats(0, 1), st.integers(1, 30))
def test_waits_grow_and_end(chance, attempts):
    wait = webhook.retry_after(attempts, chance)
    assert (wait is None) == (attempts > 6)
    if wait is not None:
        least = webhook.BACK_OFF[attempts - 1]
        assert least <= wait <= least * 1.2 + 1
    pause = webhook.pause_after(attempts, chance)
    assert (pause is None) == (attempts < webhook.PATIENCE)
    assert pause is None or pause <= webhook.LONGEST_PAUSE * 1.2


def test_every_secret_signs():
    header = webhook.signatures(("new", "old"), 5, b"body")
    for secret, one in zip(("new", "old"), header.split(","), strict=True):
        assert is_signed([secret], 5, b"body", one)


@given(st.ip_addresses())
def test_private_addresses_are_private_however_they_are_written(address):
    host = f"[{address}]" if address.version == 6 else str(address)
    found = check_address(f"https://{host}/")
    if address.is_private or address.is_loopback or address.is_link_local:
        assert found == "private"
    if address.version == 4:
        number = check_address(f"https://{int(address)}/")
        mapped = check_address(f"https://[::ffff:{address}]/")
        assert (number == "private") == (found == "private")
        assert (mapped == "private") == (found == "private")


@pytest.mark.parametrize("network", ["224.0.0.0/4", "0.0.0.0/8", "100.64.0.0/10"])
def test_special_networks_are_refused(network):
    address = ipaddress.ip_network(network)[5]
    assert check_address(f"https://{address}/") == "private"


def test_the_own_machine_needs_permission_and_then_no_encryption():
    assert check_address("http://localhost:8080/x") == "private"
    allowed = check_address("http://localhost:8080/x", private_allowed=True)
    assert allowed == WebAddress("http", "localhost", 8080)
    assert check_address("http://10.0.0.1/", private_allowed=True) == "scheme"


@given(st.text(max_size=60))
def test_any_text_is_answered(text):
    assert check_address(text) is not None
    assert check_address("https://" + text) is not None
