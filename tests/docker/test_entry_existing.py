"""A container on a database that has Odoo already."""

import shutil

import pytest
from container import Container, wait_until

from testing import databases
from testing.paths import ADDON, ADDON_DIR


def state(database):
    (row,) = databases.query(
        database,
        "SELECT state, latest_version FROM ir_module_module WHERE name = %s",
        (ADDON,),
    )
    return row


def admin_password(database):
    (row,) = databases.query(
        database, "SELECT password FROM res_users WHERE login = 'admin'"
    )
    return row


@pytest.fixture(scope="module")
def database(plain_template, module_clone):
    """It goes through the tests of this module in their order."""
    return module_clone(plain_template, "docker_existing")


@pytest.fixture
def shipped(tmp_path):
    """The addon as a later image would bring it."""
    folder = tmp_path / "addons" / ADDON
    shutil.copytree(ADDON_DIR, folder)
    manifest = folder / "__manifest__.py"
    manifest.write_text(manifest.read_text().replace('"19.0.1.', '"19.0.77.'))
    return folder


def test_it_installs_the_addon_and_leaves_the_people_alone(database, tmp_path):
    before = admin_password(database)
    done = Container(database, tmp_path).run("odoo", "--stop-after-init", "--no-http")
    assert done.returncode == 0, done.stderr
    assert f"installing {ADDON}" in done.stderr
    assert state(database)[0] == "installed"
    assert admin_password(database) == before


def test_a_second_start_loads_nothing_anew(database, tmp_path):
    done = Container(database, tmp_path).run("odoo", "--stop-after-init", "--no-http")
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("entry:")]
    assert said == [f"entry: {database} has {ADDON} {state(database)[1]}"]


def test_a_new_version_updates_the_addon(database, shipped, tmp_path):
    container = Container(database, tmp_path, addon=shipped)
    paths = container.environment["ODOO_ADDONS_PATH"].split(",")
    others = [path for path in paths if path != str(ADDON_DIR.parent)]
    container.environment["ODOO_ADDONS_PATH"] = ",".join([str(shipped.parent), *others])
    before = state(database)[1]
    done = container.run("odoo", "--stop-after-init", "--no-http")
    assert done.returncode == 0, done.stderr
    after = before.replace("19.0.1.", "19.0.77.")
    assert f"updating {ADDON} from {before} to {after}" in done.stderr
    assert state(database) == ("installed", after)
    # A worker of the older image must not serve it.
    assert Container(database, tmp_path).run("worker").returncode == 1


def test_workers_serve_pages_and_the_websocket(addon_template, clone, tmp_path):
    """With the variables of the profile `scale`; one server plays both."""
    container = Container(clone(addon_template, "docker_worker"), tmp_path)
    container.environment |= {
        "ODOO_WORKERS": "2",
        "ODOO_PROXY_MODE": "True",
        "PGHOST_REPLICA": container.environment["PGHOST"],
        "PGPORT_REPLICA": container.environment["PGPORT"],
    }
    process = container.start("worker")
    try:
        wait_until(container.answers, 60, "the workers")
        assert process.poll() is None
        websocket = container.websocket_port
        wait_until(lambda: container.answers(websocket), 60, "the websocket's process")
    finally:
        process.terminate()
        process.wait(30)
