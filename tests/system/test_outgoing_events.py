"""Events on their way while the server is killed, and while two servers send."""

import json
import threading
import time
from collections import Counter
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from clients import Json2
from world import build

from testing import databases
from testing.odoo_process import Server, serving, shell

LEADS = 200
CRON = ("--max-cron-threads=1",)
SETTING = """
env["ir.config_parameter"].set_param(
    "sales_opportunity_plus.webhook_private_addresses", "True")
env["crm.webhook"].create({{
    "name": "System test", "url": "http://127.0.0.1:{port}/", "company_id": {company}}})
env["ir.cron"].search(
    [("id", "!=", env.ref("sales_opportunity_plus.ir_cron_webhook").id)]
).active = False
env.cr.commit()
"""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append(body)
        time.sleep(0.01)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args):
        """Keep the log of the tests quiet."""


@pytest.fixture(scope="module")
def receiver():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.received = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def world(addon_template, module_clone, receiver):
    made = build(module_clone(addon_template, "events"))
    company = made["companies"]["home"]
    port = receiver.server_port
    shell(made["database"], SETTING.format(port=port, company=company))
    return made


def make_events(server, world):
    """Two events for each of many opportunities, in two transactions."""
    client = Json2(server.url, world, "manager")
    values = {
        "type": "opportunity",
        "stage_id": world["stages"][0],
        "company_id": world["companies"]["home"],
    }
    batch = [{**values, "name": f"Event {number}"} for number in range(LEADS)]
    leads = client.call("crm.lead", "create", vals_list=batch)
    stage = world["stages"][1]
    client.call("crm.lead", "write", leads, vals={"stage_id": stage})
    return leads


def states(world):
    sql = "SELECT state, COUNT(*) FROM crm_webhook_delivery GROUP BY state"
    return dict(databases.query(world["database"], sql))


def wait_for(condition):
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.1)


def let_leases_end(world):
    """What the time that a killed server's events are kept for would do."""
    sql = """
        UPDATE crm_webhook_delivery SET next_try_at = happened_at
         WHERE state <> 'sent' RETURNING id"""
    return databases.query(world["database"], sql)


def check_told(leads, received, repeated):
    """Each event was received, in order, and few of them more than once."""
    told = Counter(body["event_id"] for body in received)
    assert sum(told.values()) - len(told) <= repeated
    events = {}
    for body in received:
        seen = events.setdefault(body["opportunity"]["id"], [])
        if body["event"] not in seen:
            seen.append(body["event"])
    assert events == {lead: ["created", "stage_moved"] for lead in leads}


def test_killed_while_sending(world, receiver):
    receiver.received.clear()
    server = Server(world["database"], options=CRON).start()
    try:
        leads = make_events(server, world)
        wait_for(lambda: len(receiver.received) > LEADS // 2)
    finally:
        server.kill()
    assert states(world).get("waiting"), "it was too late to kill it"
    let_leases_end(world)
    with serving(world["database"], options=CRON):
        wait_for(lambda: set(states(world)) == {"sent"})
    # One at a time is on its way to a receiver.
    check_told(leads, receiver.received, repeated=2)


def test_two_servers_send_nothing_twice(world, receiver):
    receiver.received.clear()
    with ExitStack() as stack:
        servers = [
            stack.enter_context(serving(world["database"], options=CRON))
            for _number in range(2)
        ]
        leads = make_events(servers[0], world)
        wait_for(lambda: set(states(world)) == {"sent"})
    check_told(leads, receiver.received, repeated=0)
