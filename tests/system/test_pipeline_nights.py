"""The nights of the pipeline history: marks miss nothing, and kill -9 loses nothing."""

from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from testing import databases
from testing.odoo_process import OdooFailed, shell

HERE = Path(__file__).parent
LIVE = """
import sys
sys.path.insert(0, {folder!r})
import pipeline_lives
pipeline_lives.live(env, {seed}, 30)
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_mark_misses_nothing(addon_template, clone, seed):
    database = clone(addon_template, f"lives{seed}")
    with closing(psycopg2.connect(dbname="postgres")) as elsewhere:
        # Another database's work of hours, which nobody here has to wait for.
        elsewhere.cursor().execute("SELECT pg_current_xact_id()")
        shell(database, LIVE.format(folder=str(HERE), seed=seed))


# Parts of one transaction are small here, so that there are many to be killed in.
NIGHT = """
import os, signal
from datetime import datetime
from odoo.addons.sales_opportunity_plus.models.forecast import (
    crm_pipeline_history_take as take,
)
take.BATCH = 4
connection = type(env.cr)
connection.now = lambda cr: datetime(2030, 4, 2, 0, 20)
commit = connection.commit
left, is_written = {left}, {is_written}

def commit_or_die(cr):
    global left
    left -= 1
    if left == 0 and is_written:
        commit(cr)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return commit(cr)

connection.commit = commit_or_die
env["crm.pipeline.history"]._cron_take()
"""
NEVER = -1
FILL = """
from datetime import datetime
type(env.cr).now = lambda cr: datetime(2030, 4, 1, 12)
env["crm.lead"].with_context(tracking_disable=True).create(
    [{"name": f"Deal {n}", "type": "opportunity", "expected_revenue": n}
     for n in range(600)])
env.cr.commit()
"""
ROWS = """
    SELECT lead_id, valid_from, valid_to, status, amount, probability
      FROM crm_pipeline_history ORDER BY lead_id, valid_from, id"""


def take_night(database, left=NEVER, is_written=False):
    """Take the night; killed at a commit, if it is to be, before or after it."""
    return shell(database, NIGHT.format(left=left, is_written=is_written))


def test_killed_in_the_middle_it_leaves_the_same_rows(addon_template, clone):
    filled = clone(addon_template, "nights")
    shell(filled, FILL)
    undisturbed = clone(filled, "undisturbed")
    take_night(undisturbed)
    for left, is_written in ((2, False), (3, True), (20, False), (30, True)):
        with pytest.raises(OdooFailed, match="ended with -9"):
            take_night(filled, left, is_written)
    reached = databases.query(
        filled, "SELECT max(taken_to) FROM crm_pipeline_day WHERE NOT is_done"
    )
    assert reached[0][0], "it was never killed in the middle"
    take_night(filled)
    rows = databases.query(filled, ROWS)
    assert len(rows) >= 600
    assert rows == databases.query(undisturbed, ROWS)
