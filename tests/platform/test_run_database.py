"""The database of `make run` is made once, and follows what changes."""

import os
import shutil
import subprocess

import pytest

from odoo_platform.database import RunDatabase, run_databases, sql
from odoo_platform.errors import PlatformError
from odoo_platform.layout import ADDON, Layout

# Stands in for Odoo: notes how it was called, and makes what the caller looks at.
ODOO = """#!/bin/sh
echo "$@" >> "$CALLS"
[ -e "$CALLS.fail" ] && exit 1
case "$*" in *"-i "*)
    createdb "$2"
    psql -qd "$2" -c "CREATE TABLE ir_module_module (name text, state text)" \\
        -c "INSERT INTO ir_module_module VALUES ('sales_opportunity_plus', 'installed')"
esac
"""


# Stands in for the loader: takes any folder, notes what it loads, then fails or not.
LOADER = """#!/bin/sh
[ "$1" = --check ] && { echo "$SHAPE" >&2; [ -z "$SHAPE" ]; exit; }
echo "$DATA $SOP_DATABASE" >> "$CALLS.load"
exit 1
"""


@pytest.fixture
def loader(tmp_path):
    path = tmp_path / "tools" / "load" / "run"
    path.parent.mkdir(parents=True)
    path.write_text(LOADER)
    path.chmod(0o755)
    return path


@pytest.fixture
def checkout(tmp_path, layout):
    addon = tmp_path / ADDON
    (addon / "models").mkdir(parents=True)
    (addon / "models" / "lead.py").write_text("old")
    (addon / "__manifest__.py").write_text("{}")
    return Layout(tmp_path, layout.cache)


@pytest.fixture
def environment(tmp_path, checkout):
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "odoo").write_text(ODOO)
    (commands / "odoo").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{commands}:{os.environ['PATH']}",
        "CALLS": str(tmp_path / "calls"),
        "SOP_ODOO": "one",
    }
    yield environment
    for name in run_databases(checkout, environment):
        subprocess.run(["dropdb", "--force", name], env=environment, check=True)


@pytest.fixture
def calls(tmp_path):
    """calls(): arguments of Odoo's calls since the last time."""

    def read():
        path = tmp_path / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        path.write_text("")
        return lines

    return read


@pytest.fixture
def database(checkout, environment):
    return RunDatabase(checkout, environment, None)


def test_it_is_made_once_with_demo_data(database, calls):
    database.prepare()
    (call,) = calls()
    assert f"-d {database.name} -i crm,{ADDON} --with-demo" in call
    database.prepare()
    assert calls() == []


def test_a_changed_addon_is_updated_once(database, checkout, calls):
    database.prepare()
    calls()
    (checkout.root / ADDON / "models" / "lead.py").write_text("new")
    database.prepare()
    (call,) = calls()
    assert f"-u {ADDON}" in call
    database.prepare()
    assert calls() == []


def test_changed_glue_is_updated_with_the_addon(database, checkout, calls):
    database.prepare()
    calls()
    glue = checkout.root / f"{ADDON}_glue"
    glue.mkdir()
    (glue / "__manifest__.py").write_text("{}")
    database.prepare()
    (call,) = calls()
    assert f"-u {ADDON} " in call


@pytest.mark.parametrize("folder", ["tests", "static", "readme"])
def test_files_that_the_database_does_not_hold_need_no_update(
    database, checkout, calls, folder
):
    database.prepare()
    calls()
    (checkout.root / ADDON / folder).mkdir()
    (checkout.root / ADDON / folder / "file").write_text("new")
    database.prepare()
    assert calls() == []


def test_another_odoo_updates_everything(database, environment, calls):
    database.prepare()
    calls()
    environment["SOP_ODOO"] = "two"
    database.prepare()
    (call,) = calls()
    assert "-u base" in call


def test_an_interrupted_creation_is_made_again(database, environment, calls, tmp_path):
    failing = tmp_path / "calls.fail"
    failing.touch()
    with pytest.raises(PlatformError, match="Creating the database"):
        database.prepare()
    subprocess.run(["createdb", database.name], env=environment, check=True)
    failing.unlink()
    calls()
    database.prepare()
    (call,) = calls()
    assert "-i crm" in call


def test_a_failed_update_is_tried_again(database, checkout, calls, tmp_path):
    database.prepare()
    (checkout.root / ADDON / "models" / "lead.py").write_text("new")
    (tmp_path / "calls.fail").touch()
    with pytest.raises(PlatformError, match="Updating the addon"):
        database.prepare()
    (tmp_path / "calls.fail").unlink()
    calls()
    database.prepare()
    assert len(calls()) == 1


def test_a_data_folder_has_a_database_without_demo_data(
    checkout, environment, calls, loader, tmp_path
):
    folder = tmp_path / "Some data.2012"
    database = RunDatabase(checkout, environment, folder)
    state = database.prepare()
    (call,) = calls()
    assert "--with-demo" not in call
    assert database.name.startswith("run_some_data_2012_")
    assert not state["loaded"]


def test_a_folder_that_cannot_be_loaded_makes_no_database(
    checkout, environment, calls, loader, tmp_path
):
    environment = environment | {"SHAPE": "Error: no known shape"}
    database = RunDatabase(checkout, environment, tmp_path / "data")
    with pytest.raises(PlatformError, match="^no known shape$"):
        database.prepare()
    assert calls() == []


def test_the_loader_runs_until_it_succeeds(checkout, environment, loader, tmp_path):
    folder = tmp_path / "data"
    database = RunDatabase(checkout, environment, folder)
    with pytest.raises(PlatformError, match="Loading"):
        database.load(database.prepare())
    loader.write_text(LOADER.replace("exit 1", "exit 0"))
    database.load(database.prepare())
    database.load(database.prepare())
    loads = (tmp_path / "calls.load").read_text().splitlines()
    assert loads == [f"{folder} {database.name}"] * 2


def test_other_checkouts_databases_are_not_ours(database, environment, checkout):
    database.prepare()
    other = Layout(checkout.root / "other", checkout.cache)
    assert run_databases(checkout, environment) == [database.name]
    assert run_databases(other, environment) == []


def test_a_long_folder_name_fits_postgresql(checkout, environment, tmp_path):
    folder = tmp_path / ("long " * 30)
    assert len(RunDatabase(checkout, environment, folder).name) < 63


def test_a_refusal_of_postgresql_is_one_line(environment):
    with pytest.raises(PlatformError) as error:
        sql(environment, "postgres", "SELECT no_such_column")
    assert "no_such_column" in str(error.value)
    assert "\n" not in str(error.value)


def test_the_tools_that_the_fake_needs_are_there():
    assert shutil.which("createdb") and shutil.which("psql")
