"""The demo company of full size in a real database: built, updated, uninstalled."""

import re

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
# Built in batches: a statement for each of its 1200 deals would be beyond this alone.
STATEMENTS = 4000
# What Odoo does with the file when it installs the addon with demonstration data: then
# comes the hook that reads the past, and a few minutes later the scheduled reading.
BUILD = f"""
from odoo.tools import convert_file
convert_file(env, "{ADDON}", "demo/demo_company.xml", {{}}, mode="init", noupdate=True)
env["crm.touchpoint"]._backfill()
env["crm.pipeline.history"]._backfill()
env.cr.commit()
env["crm.touch.harvest"]._cron_harvest()
env.cr.commit()
print("statements of the build:", env.cr.sql_log_count)
"""
# Touches beside those made up, and what there is to be read of each kind.
READ = """
    SELECT (SELECT count(*) FROM calendar_event
             WHERE opportunity_id IS NOT NULL AND stop < now() AT TIME ZONE 'UTC'),
           count(*) FILTER (WHERE kind.code = 'meeting'),
           (SELECT count(*) FROM crm_lead WHERE date_conversion IS NOT NULL),
           count(*) FILTER (WHERE kind.code = 'conversion'),
           count(*) FILTER (WHERE kind.code = 'created')
      FROM crm_touchpoint touch JOIN crm_touch_kind kind ON kind.id = touch.kind_id"""
SCREENS = [
    "SELECT count(*) FROM crm_connector_rejection WHERE state = 'new'",
    "SELECT count(*) FROM crm_connector_mapping",
    "SELECT count(*) FROM crm_webhook_delivery WHERE state = 'sent'",
]
# Moves of an expected closing while it was open: told, and found in the history.
SLIPS = """
    SELECT (SELECT count(*) FROM mail_tracking_value tracked
              JOIN ir_model_fields field ON field.id = tracked.field_id
             WHERE field.model = 'crm.lead' AND field.name = 'date_deadline'),
           count(*)
      FROM (SELECT date_deadline, status, LAG(date_deadline) OVER life AS before,
                   LAG(status) OVER life AS status_before
              FROM crm_pipeline_history
             WHERE lead_type = 'opportunity'
            WINDOW life AS (PARTITION BY lead_id ORDER BY valid_from)) moved
     WHERE status = 'open' AND status_before = 'open' AND date_deadline <> before"""
SAID = [
    "SELECT count(*) FROM crm_forecast_target_version",
    "SELECT count(*) FROM crm_forecast_call_deal",
    "SELECT count(*) FROM crm_forecast_adjustment WHERE is_measured",
    "SELECT count(*) FROM crm_forecast_rate",
]


def counts(database):
    return {
        table: databases.query(database, f"SELECT count(*) FROM {table}")[0][0]
        for table in TABLES
    }


@pytest.fixture(scope="module")
def life(plain_template, addon_template, module_clone):
    database = module_clone(addon_template, "demo")
    taken = {"plain": counts(plain_template)}
    log = shell(database, BUILD).read_text()
    taken["statements"] = int(re.search(r"of the build: (\d+)", log)[1])
    taken["built"] = counts(database)
    shell(database, BUILD)
    load(database, update=(ADDON,))
    taken["updated"] = counts(database)
    taken["read"] = databases.query(database, READ)[0]
    taken["screens"] = [databases.query(database, sql)[0][0] for sql in SCREENS]
    taken["slips"] = databases.query(database, SLIPS)[0]
    taken["said"] = [databases.query(database, sql)[0][0] for sql in SAID]
    taken["future"] = databases.query(
        database, "SELECT count(*) FROM crm_stage_history WHERE entered_at > now()"
    )[0][0]
    uninstall(database, ADDON)
    taken["uninstalled"] = counts(database)
    return taken


def test_the_company_is_built_in_batches(life):
    assert life["built"]["crm_lead"] - life["plain"]["crm_lead"] == 1200
    assert life["built"]["res_users"] - life["plain"]["res_users"] == 12
    assert life["statements"] < STATEMENTS


def test_nothing_happened_in_the_future(life):
    assert life["future"] == 0


def test_meetings_creations_and_conversions_are_touches_once(life):
    held, meetings, converted, conversions, created = life["read"]
    assert held == meetings > 500
    assert converted == conversions > 100
    assert created == 0, "the touch it was written down with is there already"


def test_the_screens_of_connectors_and_webhooks_are_not_empty(life):
    assert min(life["screens"]) > 2


def test_moves_of_expected_closings_are_in_the_history(life):
    told, found = life["slips"]
    # Two moves of one day are one, and one of a day on which it closed is none.
    assert 0.9 * told < found <= told
    # The company is of today, and so is how often its deals have slipped.
    assert told > life["built"]["crm_lead"] / 8


def test_people_have_said_what_they_expect(life):
    assert min(life["said"]) > 7


def test_building_again_and_updating_change_nothing(life):
    assert life["updated"] == life["built"]


def test_the_company_leaves_with_the_addon(life):
    assert life["uninstalled"] == life["plain"]
