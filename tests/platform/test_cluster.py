"""The private PostgreSQL starts wherever the cache is and whatever a crash left."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from odoo_platform.cluster import LONGEST_SOCKET_FOLDER, PORT, ROLE
from odoo_platform.layout import Layout
from odoo_platform.lock import cache_lock


def _ask(cluster, query):
    return subprocess.run(
        ["psql", "-XAtq", "-d", "postgres", "-c", query],
        env={**os.environ, **cluster.environment()},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def _kill(cluster):
    """End the server as a crash of the machine would; its lock files stay."""
    pid = int((cluster.data / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}").exists() and cluster.is_running():
        time.sleep(0.05)


def test_it_listens_on_its_socket_only(layout, make_cluster):
    cluster = make_cluster(layout)
    assert not cluster.is_running()
    cluster.start()
    assert cluster.is_running()
    assert _ask(cluster, "SHOW listen_addresses") == ""
    assert _ask(cluster, "SELECT current_user") == ROLE != "postgres"
    assert cluster.socket.stat().st_mode & 0o077 == 0
    assert cluster.data.stat().st_mode & 0o077 == 0


def test_its_databases_are_there_after_a_stop(layout, make_cluster):
    cluster = make_cluster(layout)
    cluster.start()
    _ask(cluster, "CREATE DATABASE kept")
    assert cluster.stop()
    assert not cluster.is_running()
    cluster.start()
    query = "SELECT count(*) FROM pg_database WHERE datname = 'kept'"
    assert _ask(cluster, query) == "1"


@pytest.mark.parametrize("taken_over", [False, True], ids=["gone", "reused"])
def test_it_starts_after_a_crash(layout, make_cluster, taken_over):
    cluster = make_cluster(layout)
    cluster.start()
    _kill(cluster)
    if taken_over:
        # Another program has the number now, as after a restart of the machine.
        for lock in (
            cluster.data / "postmaster.pid",
            cluster.socket / f".s.PGSQL.{PORT}.lock",
        ):
            lines = lock.read_text().split("\n")
            lock.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    cluster.start()
    assert _ask(cluster, "SELECT 1") == "1"


def test_an_interrupted_creation_is_made_again(layout, make_cluster):
    cluster = make_cluster(layout)
    leftover = cluster.folder / "creating"
    leftover.mkdir(parents=True)
    (leftover / "PG_VERSION").touch()
    cluster.start()
    assert _ask(cluster, "SELECT 1") == "1"
    assert not leftover.exists()


def test_a_deep_cache_gets_a_short_socket(layout, make_cluster):
    deep = layout.cache.joinpath(*["a" * 40] * 3)
    deep.mkdir(parents=True)
    cluster = make_cluster(Layout(layout.root, deep))
    assert len(str(cluster.folder)) > 107
    assert len(str(cluster.socket)) <= LONGEST_SOCKET_FOLDER
    cluster.start()
    assert _ask(cluster, "SELECT 1") == "1"


def test_two_caches_have_clusters_of_their_own(layout, make_cluster):
    first = make_cluster(layout)
    second = make_cluster(Layout(layout.root, layout.cache / "second"))
    assert first.data != second.data
    assert first.socket != second.socket


def test_a_second_set_up_waits_for_the_first(layout):
    order = []

    def second():
        with cache_lock(layout.cache, shared=True):
            order.append("second")

    with cache_lock(layout.cache):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.3)
        order.append("first")
    waiting.join(timeout=10)
    assert order == ["first", "second"]
