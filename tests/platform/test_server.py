"""Running servers are told from other programs, and one database is served once."""

import os
import signal
import subprocess
import sys

import pytest

from odoo_platform import process
from odoo_platform.errors import PlatformError

DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"


@pytest.fixture
def program():
    """A process with the argument `served`, as Odoo has its database's name.

    It ignores a request to end, and is past its start when the test begins.
    """
    code = f"{DEAF}; import time; print('up', flush=True); time.sleep(60)"
    command = [sys.executable, "-c", code, "served"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        yield child
        child.kill()


def test_a_server_is_found_while_it_lives(layout, program):
    layout.servers.mkdir()
    server = process.Server("served", program.pid, 8069, "/checkout")
    process.save(layout, server)
    assert process.living(layout) == [server]
    program.kill()
    program.wait()
    assert process.living(layout) == []


def test_another_program_with_the_same_number_is_not_ours(layout):
    layout.servers.mkdir()
    process.save(layout, process.Server("served", os.getpid(), 8069, "/checkout"))
    assert process.living(layout) == []


def test_a_broken_state_file_is_no_server(layout):
    layout.servers.mkdir()
    process.state_file(layout, "served").write_text("{")
    assert process.living(layout) == []


def test_a_server_that_ignores_the_request_is_ended(monkeypatch, program):
    monkeypatch.setattr(process, "STOP_TIMEOUT", 1)
    process.Server("served", program.pid, 8069, "/checkout").stop()
    assert program.wait(timeout=5) == -signal.SIGKILL


def test_a_database_is_served_by_one(layout):
    with process.only_one(layout, "served"):
        with pytest.raises(PlatformError, match="make stop"):
            with process.only_one(layout, "served"):
                pass
        with process.only_one(layout, "other"):
            pass
