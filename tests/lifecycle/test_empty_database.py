"""Install, update and uninstall where nobody has sold anything yet."""

import pytest
from catalogue import difference, snapshot

from testing import databases
from testing.odoo_process import load, uninstall
from testing.paths import ADDON


@pytest.fixture(scope="module")
def life(plain_template, addon_template, module_clone):
    """Snapshots of one database: plain, installed, updated, uninstalled."""
    database = module_clone(addon_template, "lifecycle")
    taken = {"plain": snapshot(plain_template), "installed": snapshot(database)}
    load(database, update=(ADDON,))
    taken["updated"] = snapshot(database)
    uninstall(database, ADDON)
    taken["uninstalled"] = snapshot(database)
    taken["database"] = database
    return taken


def test_installing_changes_the_database(life):
    """The comparison sees what an installation does: else the others prove nothing."""
    found = difference(life["plain"], life["installed"])
    assert found.keys() >= {
        *("tables", "columns", "indexes", "models", "fields", "views", "actions"),
        *("menus", "rules", "access rows", "external ids"),
    }


def test_installing_takes_nothing_away(life):
    found = difference(life["plain"], life["installed"])
    for kind in ("tables", "indexes", "models", "external ids", "menus", "actions"):
        assert not found.get(kind, {}).get("lost"), kind


def test_updating_changes_nothing(life):
    assert difference(life["installed"], life["updated"]) == {}


def test_uninstalling_leaves_nothing_behind(life):
    assert difference(life["plain"], life["uninstalled"]) == {}


def test_the_database_still_loads(life):
    """A broken view or a missing column would stop an update of crm."""
    load(life["database"], update=("crm",))
    state = databases.query(
        life["database"], "SELECT state FROM ir_module_module WHERE name = %s", (ADDON,)
    )
    assert state == [("uninstalled",)]
