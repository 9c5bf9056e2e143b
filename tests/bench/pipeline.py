"""What a day of the pipeline history and a waterfall cost, against their bare SQL.

``python tests/bench/pipeline.py DATABASE``: a database with the addon and the company
of the bench. Prints one JSON line.
"""

from datetime import timedelta
from pathlib import Path
from statistics import median

import cluster
from meter import Meter
from worker import answer

from odoo import fields

HERE = Path(__file__).parent
SHARE = 50  # one opportunity of so many changes in a day


def bare(cr, name):
    meter = Meter(cr)
    cr.execute(HERE.joinpath(name).read_text())
    return meter.stop()


def bare_day(cr):
    cr.execute("DROP TABLE IF EXISTS bench_pipeline")
    cr.execute(
        "CREATE TABLE bench_pipeline AS SELECT * FROM crm_pipeline_history LIMIT 0"
    )
    cr.commit()
    reading = bare(cr, "raw_pipeline.sql")
    rows = cr.rowcount
    cr.execute("DROP TABLE bench_pipeline")
    cr.commit()
    return reading, rows


def take(env):
    """What taking today costs."""
    day, companies = env["crm.pipeline.day"], env["res.company"].search([])
    history = env["crm.pipeline.history"]
    days = {company: (day._here(company)[0], None) for company in companies}
    meter = Meter(env.cr)
    history._take(days)
    reading = meter.stop()
    env.cr.commit()
    return reading


def first_day(env):
    env.cr.execute("TRUNCATE crm_pipeline_history")
    env.cr.commit()
    reading = take(env)
    env.cr.execute("SELECT count(*) FROM crm_pipeline_history WHERE status = 'open'")
    rows = env.cr.fetchone()[0]
    env.cr.execute(
        "UPDATE crm_pipeline_history SET valid_from = CURRENT_DATE - 9,"
        " valid_to = valid_to - 9"
    )
    env.cr.commit()
    vacuum(env.cr)
    return reading, rows


def next_day(env):
    """A day on which two of a hundred opportunities changed."""
    env.cr.execute(
        "UPDATE crm_lead SET expected_revenue = expected_revenue + 1"
        " WHERE hashint4(id) %% %s = 0",
        [SHARE],
    )
    env.cr.commit()
    return take(env)


def vacuum(cr):
    """Both sides meet tables as autovacuum leaves them after many changes.

    No page is marked as visible to all before the log of what wrote it is on disk.
    """
    cluster.execute(cr.dbname, "CHECKPOINT")
    tables = "crm_pipeline_history, crm_lead"
    cluster.execute(cr.dbname, f"VACUUM (ANALYZE) {tables}")


def waterfall(env):
    today = fields.Date.context_today(env.user)
    run = env["crm.pipeline.waterfall"].create(
        {"date_from": today - timedelta(days=1), "date_to": today}
    )
    env.flush_all()
    meter = Meter(env.cr)
    run._compute_lines()
    reading = meter.stop()
    env.cr.rollback()
    return reading


def measure(env, rounds):
    readings = {name: [] for name in ("bare", "first", "next", "join", "waterfall")}
    figures = {}
    for _turn in range(rounds):
        reading, figures["rows_bare"] = bare_day(env.cr)
        readings["bare"].append(reading)
        reading, figures["rows"] = first_day(env)
        readings["first"].append(reading)
        readings["next"].append(next_day(env))
        readings["join"].append(bare(env.cr, "raw_waterfall.sql"))
        readings["waterfall"].append(waterfall(env))
    for clock in ("cpu", "wall"):
        ms = {
            name: median(one[clock] for one in all_) for name, all_ in readings.items()
        }
        figures |= {f"{name}_{clock}_ms": value for name, value in ms.items()}
        figures[f"first_{clock}_ratio"] = ms["first"] / ms["bare"]
        figures[f"next_{clock}_ratio"] = ms["next"] / ms["bare"]
        figures[f"waterfall_{clock}_ratio"] = ms["waterfall"] / ms["join"]
    return figures


if __name__ == "__main__":
    answer(measure)
