"""The first start of all: no database, and a power cut in the middle."""

import json
import os
import signal
import urllib.request

import pytest
from container import Container, wait_until

from testing import databases
from testing.templates import CLONES

# Named like a clone of this process: what a killed run leaves is found and dropped.
NAME = f"{CLONES}{os.getpid()}_docker_first"
MARK = """
    SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s
"""


@pytest.fixture
def container(tmp_path):
    databases.drop(NAME)
    yield Container(NAME, tmp_path)
    databases.drop(NAME)


def mark():
    rows = databases.query("postgres", MARK, (NAME,))
    return rows[0][0] if rows else None


def has_tables():
    if not mark():
        return False
    (row,) = databases.query(NAME, "SELECT to_regclass('public.ir_module_module')")
    return row != (None,)


def login(url, password):
    """The user's id, or None when Odoo refuses."""
    call = {"db": NAME, "login": "admin", "password": password}
    request = urllib.request.Request(
        f"{url}/web/session/authenticate",
        data=json.dumps({"jsonrpc": "2.0", "params": call}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer).get("result", {}).get("uid")


def serves(container, process):
    assert process.poll() is None, process.stderr.read()
    return container.answers()


def test_a_first_start_that_was_cut_short_is_made_whole(container):
    killed = container.start("odoo")
    try:
        wait_until(has_tables, 120, "the tables of Odoo")
    finally:
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
    # No jobs: the test ends in the middle of one, which Odoo's log would call an error.
    process = container.start("odoo", "--max-cron-threads=0")
    try:
        wait_until(lambda: serves(container, process), 300, "/web/health")
        assert mark() is None
        assert login(container.url, container.environment["ADMIN_PASSWORD"])
        assert not login(container.url, "admin")
    finally:
        process.terminate()
        process.wait(30)
    said = process.stderr.read()
    assert "was cut short: beginning again" in said
    assert container.environment["ADMIN_PASSWORD"] not in said
