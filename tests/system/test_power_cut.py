"""The server is killed in the middle of its work: nothing is lost, nothing doubled."""

import threading
import time

import pytest
import requests
from clients import Json2, Refused
from world import build, history, inconsistencies

from testing import databases
from testing.odoo_process import Server

# Before, while and after the server writes the batch.
DELAYS = (0.05, 0.15, 0.3, 0.6, 1.0)
LEADS = 300


@pytest.fixture(scope="module")
def world(addon_template, module_clone):
    return build(module_clone(addon_template, "powercut"))


def many_leads(server, world):
    client = Json2(server.url, world, "manager")
    values = {
        "type": "opportunity",
        "stage_id": world["stages"][0],
        "company_id": world["companies"]["home"],
    }
    batch = [{**values, "name": f"Batch {number}"} for number in range(LEADS)]
    return client.call("crm.lead", "create", vals_list=batch)


def move_back_and_forth(server, world, leads, done):
    """Batches of moves until the server is gone; count those that it confirmed."""
    client = Json2(server.url, world, "manager")
    for turn in range(1000):
        stage = world["stages"][1 + turn % 2]
        try:
            client.call("crm.lead", "write", leads, vals={"stage_id": stage})
        except (requests.RequestException, Refused):
            return
        done.append(stage)


@pytest.mark.parametrize("delay", DELAYS)
def test_kill_in_the_middle_of_a_batch(world, delay):
    server = Server(world["database"]).start()
    try:
        leads = many_leads(server, world)
        done = []
        thread = threading.Thread(
            target=move_back_and_forth, args=(server, world, leads, done)
        )
        thread.start()
        while not done:
            time.sleep(0.01)
        time.sleep(delay)
    finally:
        server.kill()
    thread.join(60)
    assert not thread.is_alive()
    wait_until_nobody_writes(world["database"])
    assert inconsistencies(world["database"]) == []
    # A confirmed batch is there for each lead; at most one more was unconfirmed.
    rows = history(world["database"], leads)
    per_lead = {lead: 0 for lead in leads}
    for row in rows:
        per_lead[row["lead_id"]] += 1
    assert len(set(per_lead.values())) == 1, "a batch was done by halves"
    assert per_lead[leads[0]] - 1 - len(done) in (0, 1)


def wait_until_nobody_writes(database):
    """PostgreSQL notices a dead client when it next talks to it."""
    sql = """
        SELECT count(*) FROM pg_stat_activity
         WHERE datname = %s AND pid <> pg_backend_pid()"""
    deadline = time.monotonic() + 30
    while databases.query("postgres", sql, (database,)) != [(0,)]:
        assert time.monotonic() < deadline, "a connection of the dead server stays"
        time.sleep(0.1)


def test_the_server_carries_on(world):
    server = Server(world["database"]).start()
    try:
        lead = world["leads"]["seller"][0]
        before = len(history(world["database"], [lead]))
        stage = world["stages"][0]
        Json2(server.url, world, "seller").call(
            "crm.lead", "write", [lead], vals={"stage_id": stage}
        )
    finally:
        server.stop()
    assert len(history(world["database"], [lead])) == before + 1
    assert inconsistencies(world["database"]) == []
