"""What goes wrong ends in one line that says what to do, and in exit code 1."""

import socket

import pytest
from fake_odoo import make_odoo

from odoo_platform.console import run_logged
from odoo_platform.errors import PlatformError
from odoo_platform.machine import install_packages, require_space


def _assert_one_line(outcome, *words):
    assert outcome.returncode == 1
    assert outcome.stdout == ""
    (line,) = outcome.stderr.splitlines()
    assert line.startswith("Error: ")
    for word in words:
        assert word in line


def test_a_port_in_use_names_another_one(script):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        outcome = script("run", PORT=str(port))
    _assert_one_line(outcome, f"Port {port}", f"make run PORT={port + 1}")


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(script, port):
    _assert_one_line(script("run", PORT=port), f"PORT={port}")


def test_a_data_folder_that_is_missing_is_named(script, tmp_path):
    missing = str(tmp_path / "nowhere")
    _assert_one_line(script("run", DATA=missing), f"DATA={missing}")


def test_an_odoo_home_that_is_missing_is_named(script, tmp_path):
    missing = str(tmp_path / "nowhere")
    outcome = script("with-platform", "true", ODOO_HOME=missing)
    _assert_one_line(outcome, f"ODOO_HOME={missing}", "is not a folder")


def test_an_odoo_home_without_odoo_is_named(script, tmp_path):
    outcome = script("with-platform", "true", ODOO_HOME=str(tmp_path))
    _assert_one_line(outcome, f"ODOO_HOME={tmp_path}", "holds no Odoo")


def test_an_odoo_home_of_another_series_is_refused(script, tmp_path):
    make_odoo(tmp_path, series=(18, 0))
    outcome = script("with-platform", "true", ODOO_HOME=str(tmp_path))
    _assert_one_line(outcome, "Odoo 18.0", "set ODOO_HOME to an Odoo 19.0")


def test_a_cache_that_cannot_be_written_is_named(script, tmp_path):
    file = tmp_path / "file"
    file.touch()
    outcome = script("with-platform", "true", SOP_CACHE=str(file / "cache"))
    _assert_one_line(outcome, str(file / "cache"), "set SOP_CACHE")


def test_with_platform_alone_asks_for_a_command(script):
    _assert_one_line(script("with-platform"), "name a command")


@pytest.mark.parametrize("name", ["log", "reset"])
def test_nothing_made_yet_is_said(script, name):
    outcome = script(name)
    assert "yet" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_missing_tool_without_root_names_the_exact_command(
    monkeypatch, tmp_path, layout
):
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(PlatformError) as error:
        install_packages(["npm", "chromium"], layout.logs / "apt.log")
    assert "run: sudo apt-get install -y npm chromium" in str(error.value)


def test_a_missing_tool_where_there_is_no_apt_is_named(monkeypatch, tmp_path, layout):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PlatformError, match="npm"):
        install_packages(["npm"], layout.logs / "apt.log")


def test_a_failing_installation_names_the_command_and_the_log(
    monkeypatch, tmp_path, layout
):
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with pytest.raises(PlatformError) as error:
        install_packages(["npm"], layout.logs / "apt.log")
    assert "apt-get install -y npm" in str(error.value)
    assert str(layout.logs) in str(error.value)


def test_too_little_space_names_the_folder_to_change(layout):
    with pytest.raises(PlatformError, match="set SOP_CACHE"):
        require_space(layout.cache / "not" / "there", 10**9)


def test_a_full_disk_is_told_from_other_failures(layout):
    command = ["sh", "-c", "echo 'write: No space left on device'; exit 2"]
    with pytest.raises(PlatformError, match="the disk is full") as error:
        run_logged("Unpacking", command, layout.logs / "x.log", hint="other reason")
    assert "other reason" not in str(error.value)
