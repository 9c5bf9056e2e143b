"""Fixtures for the tests of the set-up: no network, nothing of the real cache."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from odoo_platform.cluster import Cluster
from odoo_platform.layout import Layout

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def layout():
    """A cache that PostgreSQL's account may enter, unlike pytest's own folders."""
    folder = Path(tempfile.mkdtemp(prefix="sop-test-"))
    folder.chmod(0o755)
    yield Layout(ROOT, folder)
    shutil.rmtree(folder)


@pytest.fixture
def make_cluster(monkeypatch):
    """make_cluster(layout): its cluster, stopped and removed after the test."""
    monkeypatch.delenv("PGHOST", raising=False)
    made = []

    def make(layout):
        made.append(Cluster(layout))
        return made[-1]

    yield make
    for cluster in made:
        cluster.stop()
        shutil.rmtree(cluster.folder, ignore_errors=True)
        shutil.rmtree(cluster.socket, ignore_errors=True)


@pytest.fixture
def script(layout):
    """script("run", PORT="1"): outcome of a script of tools/ on an empty cache."""

    def run(name, *arguments, **variables):
        environment = {**os.environ, "SOP_CACHE": str(layout.cache), **variables}
        return subprocess.run(
            [ROOT / "tools" / name, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run
