"""Glue comes and goes: the ledger stays, and nothing else does."""

import sys

import pytest

from testing import databases
from testing.odoo_process import uninstall
from testing.paths import ADDON, GLUE_DIRS, ROOT

sys.path.append(str(ROOT / "tests" / "lifecycle"))

from catalogue import difference, snapshot  # noqa: E402

STATES = "SELECT name, state FROM ir_module_module WHERE name = ANY(%s)"
NAMES = [folder.name for folder in GLUE_DIRS]
# A contact's touch, as the glue records it.
TOUCH = """
    WITH channel AS (
        INSERT INTO crm_touch_channel (campaign_id, medium_id, source_id)
        VALUES (4711, 0, 0) RETURNING id)
    INSERT INTO crm_touchpoint (
        kind_id, channel_id, partner_id, happened_at, origin, external_key, recorded_at)
    SELECT kind.id, channel.id, 1, now(), 'odoo', 'mailing.trace:1:open', now()
      FROM channel, crm_touch_kind kind WHERE kind.code = 'email_open'"""


def states(database):
    return dict(databases.query(database, STATES, (NAMES,)))


@pytest.fixture(scope="module")
def life(glue_template, module_clone):
    """What one database is: with the glue, without it, without the addon."""
    database = module_clone(glue_template, "glue_life")
    databases.query(database, TOUCH)
    taken = {"states": [states(database)]}
    for name in NAMES:
        uninstall(database, name)
    taken["uninstalled"] = snapshot(database)
    taken["states"].append(states(database))
    taken["touches"] = databases.query(
        database, "SELECT external_key FROM crm_touchpoint"
    )
    uninstall(database, ADDON)
    taken["plain"] = snapshot(database)
    return taken


def test_uninstalling_glue_leaves_nothing_of_it_but_the_ledger(life):
    assert [set(of_all.values()) for of_all in life["states"]] == [
        {"installed"},
        {"uninstalled"},
    ]
    left = [row for row in life["uninstalled"]["external ids"] if row[0] in NAMES]
    assert left == []
    assert life["touches"] == [("mailing.trace:1:open",)]


def test_uninstalling_the_addon_takes_its_glue_along(life, glue_plain_template):
    assert difference(snapshot(glue_plain_template), life["plain"]) == {}
