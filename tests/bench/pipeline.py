"""What a day of the pipeline history and a waterfall cost, against their bare SQL.

``python tests/bench/pipeline.py DATABASE``: a database with the addon and the company
of the bench. Prints one JSON line.
"""

import resource
from datetime import timedelta
from pathlib import Path
from statistics import median

import cluster
from meter import Meter
from worker import answer

from odoo import fields

HERE = Path(__file__).parent
MANAGER = "bench_manager"
NAMES = (
    "bare",
    "first",
    "second",
    "next",
    "join",
    "waterfall",
    "rights_join",
    "rights",
)
BASES = {
    "first": "bare",
    "second": "bare",
    "next": "bare",
    "waterfall": "join",
    "rights": "rights_join",
}
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
    cr.execute("SELECT pg_total_relation_size('bench_pipeline')")
    [size] = cr.fetchone()
    cr.execute("DROP TABLE bench_pipeline")
    cr.commit()
    return reading, rows, size / rows


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
    env.cr.execute(
        "SELECT count(*) FILTER (WHERE status = 'open'),"
        " pg_total_relation_size('crm_pipeline_history')::float8 / count(*)"
        " FROM crm_pipeline_history"
    )
    rows, row_bytes = env.cr.fetchone()
    pass_days(env.cr, 8)
    return reading, rows, row_bytes


def next_day(env, number):
    """A day on which two of a hundred open ones changed, each day others."""
    env.cr.execute(
        "UPDATE crm_lead SET expected_revenue = expected_revenue + 1"
        " WHERE active AND won_status = 'pending'"
        " AND (hashint4(id) & 2147483647) %% %s = %s",
        [SHARE, number],
    )
    env.cr.commit()
    return take(env)


def pass_days(cr, days):
    """What the history has becomes older, and is cleaned up as in a night."""
    cr.execute(
        "UPDATE crm_pipeline_history SET valid_from = valid_from - %s,"
        " valid_to = valid_to - %s",
        [days, days],
    )
    cr.commit()
    vacuum(cr)


def vacuum(cr):
    """Both sides meet tables as autovacuum leaves them after many changes.

    No page is marked as visible to all before the log of what wrote it is on disk.
    """
    cluster.execute(cr.dbname, "CHECKPOINT")
    tables = "crm_pipeline_history, crm_lead"
    cluster.execute(cr.dbname, f"VACUUM (ANALYZE) {tables}")


def waterfall(env, login=None):
    """All that a screen of the waterfall asks for; by a person, with his rights."""
    if login:
        person = env["res.users"].search([("login", "=", login)])
        companies = {"allowed_company_ids": person.company_ids.ids}
        env = env(user=person, context=companies)
    today = fields.Date.context_today(env.user)
    run = env["crm.pipeline.waterfall"].create(
        {"date_from": today - timedelta(days=1), "date_to": today}
    )
    env.flush_all()
    meter = Meter(env.cr)
    run.action_run()
    bars = run.chart["parts"][0]["bars"]
    reading = meter.stop()
    values = {bar["bar"]: bar["value"] for bar in bars}
    left = sum(values.values()) - 2 * values["closing"]
    if round(left, 2):
        raise SystemExit(f"The waterfall leaves a residual of {left}.")
    env.cr.rollback()
    return reading


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(env, rounds):
    readings = {name: [] for name in NAMES}
    figures = {}
    for _turn in range(rounds):
        reading, figures["rows_bare"], figures["bare_row_bytes"] = bare_day(env.cr)
        readings["bare"].append(reading)
        before = peak()
        reading, figures["rows"], figures["row_bytes"] = first_day(env)
        readings["first"].append(reading)
        # The first day leaves no digests: from the second one on days are alike.
        readings["second"].append(next_day(env, 1))
        pass_days(env.cr, 1)
        readings["next"].append(next_day(env, 2))
        readings["join"].append(bare(env.cr, "raw_waterfall.sql"))
        readings["waterfall"].append(waterfall(env))
        readings["rights_join"].append(bare(env.cr, "raw_waterfall_rights.sql"))
        readings["rights"].append(waterfall(env, MANAGER))
        figures["extra_mb"] = max(figures.get("extra_mb", 0), peak() - before)
    for clock in ("cpu", "wall"):
        ms = {
            name: median(one[clock] for one in all_) for name, all_ in readings.items()
        }
        figures |= {f"{name}_{clock}_ms": value for name, value in ms.items()}
        for name, base in BASES.items():
            figures[f"{name}_{clock}_ratio"] = ms[name] / ms[base]
    return figures


if __name__ == "__main__":
    answer(measure)
