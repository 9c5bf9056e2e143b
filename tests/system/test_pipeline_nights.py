"""The nights of the pipeline history: marks miss nothing, and kill -9 loses nothing."""

from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from kill import shell_killed

from testing import databases
from testing.odoo_process import shell

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
from datetime import datetime
from odoo.addons.sales_opportunity_plus.models.forecast import (
    crm_pipeline_history_take as take,
)
take.BATCH = 4
type(env.cr).now = lambda cr: datetime(2030, 4, 2, 0, 20)
env["crm.pipeline.history"]._cron_take()
"""
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


def test_killed_in_the_middle_it_leaves_the_same_rows(addon_template, clone):
    filled = clone(addon_template, "nights")
    shell(filled, FILL)
    undisturbed = clone(filled, "undisturbed")
    shell(undisturbed, NIGHT)
    for commit, is_written in ((2, False), (3, True), (20, False), (30, True)):
        shell_killed(filled, NIGHT, commit, is_written=is_written)
    reached = databases.query(
        filled, "SELECT max(taken_to) FROM crm_pipeline_day WHERE NOT is_done"
    )
    assert reached[0][0], "it was never killed in the middle"
    shell(filled, NIGHT)
    rows = databases.query(filled, ROWS)
    assert len(rows) >= 600
    assert rows == databases.query(undisturbed, ROWS)
