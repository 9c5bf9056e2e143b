"""What a command sees through tools/with-platform."""

import importlib.metadata
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from odoo_platform.debian import dangling_links, require_no_dangling_link
from odoo_platform.errors import PlatformError

ROOT = Path(__file__).resolve().parents[2]
WITH_PLATFORM = ROOT / "tools" / "with-platform"


def _run(*command):
    return subprocess.run(
        [WITH_PLATFORM, *command], capture_output=True, text=True, timeout=120
    )


def test_it_names_everything_of_the_contract():
    lines = _run("env").stdout.splitlines()
    seen = dict(line.split("=", 1) for line in lines if "=" in line)
    assert Path(seen["SOP_ROOT"]) == ROOT
    assert (Path(seen["SOP_ODOO"]) / "odoo" / "release.py").exists()
    assert (Path(seen["SOP_CACHE"]) / "lock").exists()
    assert str(ROOT) in Path(seen["ODOO_RC"]).read_text()
    assert seen["PGHOST"] and seen["PATH"]
    assert "PYTHONPATH" not in seen


@pytest.mark.parametrize("command", ["odoo", "python", "pytest"])
def test_the_environment_s_commands_come_first(command):
    found = Path(_run("sh", "-c", f"command -v {command}").stdout.strip())
    assert found.parent == Path(sys.prefix) / "bin"


@pytest.mark.parametrize("command", ["psql", "createdb", "dropdb", "pg_dump"])
def test_postgresql_s_commands_reach_the_server(command):
    options = {"psql": ["-c", "SELECT 1"], "pg_dump": ["--schema-only"]}
    extra = options.get(command, ["--version"])
    connect = ["-d", "postgres"] if command in options else []
    outcome = _run(command, *connect, *extra)
    assert outcome.returncode == 0, outcome.stderr


def test_the_command_s_exit_code_and_arguments_go_through():
    outcome = _run("sh", "-c", 'echo "$1"; exit 7', "sh", "two words")
    assert (outcome.returncode, outcome.stdout) == (7, "two words\n")


def test_an_unknown_command_is_one_line():
    outcome = _run("no-such-command")
    assert outcome.returncode == 1
    assert outcome.stderr == "Error: no-such-command: no such command\n"


def test_odoo_starts():
    assert _run("odoo", "--version").stdout.startswith("Odoo Server 19.0")


def test_pip_sees_odoo():
    assert importlib.metadata.version("odoo") == "19.0"


def test_a_ready_platform_costs_almost_nothing():
    def seconds():
        started = time.monotonic()
        outcome = _run("true")
        assert (outcome.returncode, outcome.stderr) == (0, "")
        return time.monotonic() - started

    # The best of some: the machine may be busy with the rest of the tests.
    assert min(seconds() for _ in range(10)) < 0.3


def test_no_link_of_odoo_dangles():
    assert dangling_links(Path(os.environ["SOP_ODOO"]) / "odoo" / "addons") == []


def test_a_dangling_link_is_an_error(tmp_path):
    (tmp_path / "font").symlink_to(tmp_path / "nowhere")
    with pytest.raises(PlatformError, match="font"):
        require_no_dangling_link(tmp_path)
