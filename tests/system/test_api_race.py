"""The same call at the same instant, on threads and on workers."""

import threading

import pytest
from api_world import Caller, connectors, touches
from world import build

from testing import databases
from testing.odoo_log import provoking
from testing.odoo_process import serving

# Odoo logs the query that lost before it tries the call again.
CONFLICT = r"could not serialize|SERIALIZATION|already exists|transaction|odoo\.http"
CALLERS = 4
ROUNDS = 4


@pytest.fixture(scope="module", params=[0, 2], ids=["threads", "workers"])
def busy(request, addon_template, module_clone):
    world = build(module_clone(addon_template, f"api{request.param}"))
    made = connectors(world, race={}, limited={})
    with serving(world["database"], workers=request.param) as server:
        yield world, server, made


def at_once(call):
    barrier = threading.Barrier(CALLERS)
    answers = [None] * CALLERS

    def run(place):
        barrier.wait(30)
        answers[place] = call(place)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


@pytest.mark.parametrize("endpoint", ["touchpoints", "leads"])
@pytest.mark.parametrize("with_key", [True, False], ids=["key", "no key"])
def test_two_identical_calls(busy, endpoint, with_key):
    """Answered, all of them; recorded once; the same answer under the same key."""
    world, server, made = busy
    connector, key = made["race"]
    sender = Caller(server.url, key)
    for turn in range(ROUNDS):
        name = f"{endpoint}-{with_key}-{turn}"
        body = {
            "kind": "form",
            "external_key": name,
            "email": f"{name}@example.com",
            "source": f"Source {name}",
        }
        headers = {"Idempotency-Key": name} if with_key else {}
        before = len(touches(world["database"], connector))
        with provoking(server.log, CONFLICT):
            answers = at_once(lambda _n: sender.post(endpoint, body, **headers))  # noqa: B023
        assert [one.status_code for one in answers] == [200] * CALLERS
        assert len(touches(world["database"], connector)) == before + 1
        results = [one.json()["results"][0] for one in answers]
        assert len({result["id"] for result in results}) == 1
        statuses = sorted(result["status"] for result in results)
        if with_key:
            assert statuses == ["created"] * CALLERS
            replayed = [one.headers.get("Idempotent-Replayed") for one in answers]
            assert replayed.count(None) == 1
        else:
            assert statuses == ["created"] + ["duplicate"] * (CALLERS - 1)


@pytest.mark.parametrize("endpoint", ["touchpoints", "leads"])
def test_different_calls_for_one_unknown_person(busy, endpoint):
    """All are recorded; the person is created once."""
    world, server, made = busy
    connector, key = made["race"]
    sender = Caller(server.url, key)
    table, column = {
        "touchpoints": ("res_partner", "email_normalized"),
        "leads": ("crm_lead", "email_normalized"),
    }[endpoint]
    for turn in range(ROUNDS):
        email = f"new-{endpoint}-{turn}@example.com"
        before = len(touches(world["database"], connector))

        def call(place, email=email):
            body = {"kind": "form", "external_key": f"{email}-{place}", "email": email}
            return sender.post(endpoint, body)

        with provoking(server.log, CONFLICT):
            answers = at_once(call)
        assert [one.status_code for one in answers] == [200] * CALLERS
        assert len(touches(world["database"], connector)) == before + CALLERS
        created = databases.query(
            world["database"],
            f"SELECT id FROM {table} WHERE {column} = %s",  # noqa: S608
            (email,),
        )
        assert len(created) == 1


def test_the_limit_holds_whoever_counts(busy):
    world, server, made = busy
    connector, key = made["limited"]
    databases.query(
        world["database"],
        "UPDATE crm_connector SET rate_limit = 6 WHERE id = %s",
        (connector,),
    )
    sender = Caller(server.url, key)
    body = {"kind": "form", "external_key": "1", "email": "a@example.com"}
    codes = []
    with provoking(server.log, CONFLICT):
        for _turn in range(5):
            answers = at_once(lambda _n: sender.post("touchpoints", body))
            codes += [one.status_code for one in answers]
    minutes = databases.query(
        world["database"],
        "SELECT calls FROM crm_connector_traffic WHERE connector_id = %s",
        (connector,),
    )
    assert sum(calls for (calls,) in minutes) == len(codes) == 20
    assert codes.count(200) == sum(min(calls, 6) for (calls,) in minutes)
    assert set(codes) == {200, 429}
