"""The demo company of full size in a real database: built, updated, uninstalled."""

import time

import pytest

from testing import databases
from testing.odoo_process import load, shell, uninstall
from testing.paths import ADDON

TABLES = (
    "calendar_event",
    "crm_lead",
    "crm_lost_reason",
    "crm_stage",
    "crm_tag",
    "crm_team",
    "mail_activity",
    "res_company",
    "res_currency_rate",
    "res_partner",
    "res_users",
    "utm_campaign",
    "utm_source",
)
SECONDS = 60
# What Odoo does with the file when it installs the addon with demonstration data.
BUILD = f"""
from odoo.tools import convert_file
convert_file(env, "{ADDON}", "demo/demo_company.xml", {{}}, mode="init", noupdate=True)
env.cr.commit()
"""


def counts(database):
    return {
        table: databases.query(database, f"SELECT count(*) FROM {table}")[0][0]
        for table in TABLES
    }


@pytest.fixture(scope="module")
def life(plain_template, addon_template, module_clone):
    database = module_clone(addon_template, "demo")
    taken = {"plain": counts(plain_template)}
    began = time.monotonic()
    shell(database, BUILD)
    taken["seconds"] = time.monotonic() - began
    taken["built"] = counts(database)
    shell(database, BUILD)
    load(database, update=(ADDON,))
    taken["updated"] = counts(database)
    taken["future"] = databases.query(
        database, "SELECT count(*) FROM crm_stage_history WHERE entered_at > now()"
    )[0][0]
    uninstall(database, ADDON)
    taken["uninstalled"] = counts(database)
    return taken


def test_the_company_is_built_in_time(life):
    assert life["built"]["crm_lead"] - life["plain"]["crm_lead"] == 1200
    assert life["built"]["res_users"] - life["plain"]["res_users"] == 12
    assert life["seconds"] < SECONDS


def test_nothing_happened_in_the_future(life):
    assert life["future"] == 0


def test_building_again_and_updating_change_nothing(life):
    assert life["updated"] == life["built"]


def test_the_company_leaves_with_the_addon(life):
    assert life["uninstalled"] == life["plain"]
