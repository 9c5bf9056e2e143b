"""The job that computes credits is killed, and runs twice at once: sums stay exact."""

import subprocess

import pytest
from kill import shell_killed

from testing import databases
from testing.odoo_process import shell

LEADS = 400
# Batches of one transaction are small here, so that there are many to be killed in.
JOB = """
from odoo.addons.sales_opportunity_plus.models.source import (
    crm_attribution_model_job as job,
)
job.BATCH = job.TAKEN = 10
print("at work", flush=True)
env["crm.attribution.model"]._cron_compute()
print("done", flush=True)
"""
FILL = f"""
from odoo.tools import SQL
leads = env["crm.lead"].with_context(tracking_disable=True).create(
    [{{"name": f"Deal {{n}}", "type": "opportunity", "expected_revenue": n + 0.07}}
     for n in range({LEADS})])
env.flush_all()
env.cr.execute(SQL('''
    INSERT INTO crm_touch_channel (campaign_id, medium_id, source_id)
    VALUES (0, 0, 0) ON CONFLICT DO NOTHING'''))
env.cr.execute(SQL('''
    INSERT INTO crm_touchpoint (lead_id, kind_id, channel_id, happened_at, origin,
                                recorded_at)
    SELECT lead.id, (SELECT min(id) FROM crm_touch_kind WHERE counts),
           (SELECT min(id) FROM crm_touch_channel),
           lead.create_date + n * interval '3 days', 'test', now()
      FROM crm_lead lead, generate_series(1, 5) n'''))
env.cr.commit()
"""
WRONG = """
    SELECT model.id, lead.id, sum(credit.fraction), sum(credit.amount)
      FROM crm_attribution_model model
     CROSS JOIN crm_lead lead
      LEFT JOIN crm_attribution_credit credit
        ON credit.model_id = model.id AND credit.lead_id = lead.id
     WHERE model.active AND model.shape NOT IN ('markov', 'shapley')
     GROUP BY model.id, lead.id
    HAVING sum(credit.fraction) IS DISTINCT FROM 1
        OR sum(credit.amount) IS DISTINCT FROM lead.expected_revenue
        OR count(*) > 5"""


@pytest.fixture(scope="module")
def database(addon_template, module_clone):
    name = module_clone(addon_template, "credits")
    shell(name, FILL)
    return name


def everything_again(database):
    """Half of the work is a new version's, half is in the queue."""
    databases.query(
        database,
        """UPDATE crm_attribution_version SET computed_to = 0, computed_at = NULL
            WHERE id % 2 = 0""",
    )
    databases.query(
        database, "INSERT INTO crm_attribution_stale (lead_id) SELECT id FROM crm_lead"
    )


def start(database):
    """The job in a process of its own, when it begins to work."""
    process = subprocess.Popen(
        ["odoo", "shell", "-d", database, "--no-http", "--log-level=critical"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    process.stdin.write(JOB)
    process.stdin.close()
    while "at work" not in process.stdout.readline():
        assert process.poll() is None, "Odoo's shell ended before the job began"
    return process


def left(database):
    """Marks, versions that are not computed, and deals that are shared out wrongly."""
    return (
        databases.query(database, "SELECT count(*) FROM crm_attribution_stale")[0][0],
        databases.query(
            database,
            """SELECT count(*) FROM crm_attribution_version version
                 JOIN crm_attribution_model model ON model.id = version.model_id
                WHERE model.active AND version.computed_at IS NULL""",
        )[0][0],
        databases.query(database, WRONG),
    )


def test_killed_in_the_middle_it_loses_and_doubles_nothing(database):
    shell(database, JOB)
    assert left(database) == (0, 0, [])
    for commit, is_written in ((1, False), (3, True), (20, False)):
        everything_again(database)
        shell_killed(database, JOB, commit, is_written=is_written)
    assert left(database)[:2] != (0, 0), "it was never killed in the middle"
    shell(database, JOB)
    assert left(database) == (0, 0, [])


def test_twice_at_once_it_doubles_nothing(database):
    everything_again(database)
    processes = [start(database) for _number in range(2)]
    for process in processes:
        process.wait(120)
    # One may have given way to the other; the next run finds what that left.
    shell(database, JOB)
    assert left(database) == (0, 0, [])
