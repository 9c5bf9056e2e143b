"""What computing the credits of touches costs, against the bare SQL of the same rows.

``python tests/bench/credit.py DATABASE``: a database with the addon and the company of
the bench, which gets five touches per opportunity if it has none. Prints one JSON line.
"""

import resource
from pathlib import Path
from statistics import median

from meter import Meter
from worker import answer

HERE = Path(__file__).parent
RULES = ("first", "last", "last_non_direct", "linear", "decay", "position")
CHANGED = 1000


def run(cr, name):
    cr.execute(HERE.joinpath(name).read_text().replace("%%", "%"))


def fill(env):
    env.cr.execute("SELECT EXISTS (SELECT FROM crm_touchpoint WHERE origin = 'bench')")
    if not env.cr.fetchone()[0]:
        run(env.cr, "fill_touches.sql")
    env.cr.execute("TRUNCATE crm_attribution_stale, crm_attribution_credit")
    env.cr.commit()
    env.cr.execute("ANALYZE crm_touchpoint, crm_touch_channel, crm_lead")
    env.cr.commit()


def bare(env):
    """What the bare statement costs, and its rows; leaves nothing."""
    meter = Meter(env.cr)
    run(env.cr, "raw_credit.sql")
    reading, rows = meter.stop(), env.cr.rowcount
    env.cr.rollback()
    return reading, rows


def anew(env):
    """Let every rule-based model, and no other, be computed anew."""
    found = env["crm.attribution.model"].with_context(active_test=False).search([])
    for model in found:
        model.active = model.shape in RULES
    env["crm.attribution.version"].search([]).write(
        {"computed_to": 0, "computed_at": False}
    )
    env.cr.execute("TRUNCATE crm_attribution_stale, crm_attribution_credit")
    env.cr.commit()


def compute(env):
    """What the job costs for what there is to do."""
    meter = Meter(env.cr)
    env["crm.attribution.model"]._cron_compute()
    return meter.stop()


def count(env, table):
    env.cr.execute(
        {
            "credits": "SELECT count(*) FROM crm_attribution_credit",
            "touches": "SELECT count(*) FROM crm_touchpoint",
            "leads": "SELECT count(*) FROM crm_lead",
        }[table]
    )
    return env.cr.fetchone()[0]


def change(env):
    """Mark opportunities that changed, spread over the whole table."""
    env.cr.execute(
        """SELECT id FROM crm_lead ORDER BY hashint4(id) LIMIT %s""", [CHANGED]
    )
    ids = [row[0] for row in env.cr.fetchall()]
    env.cr.execute(
        "UPDATE crm_lead SET expected_revenue = expected_revenue + 1"
        " WHERE id = ANY(%s)",
        [ids],
    )
    env["crm.attribution.stale"]._mark(ids)
    env.cr.commit()


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(env, rounds):
    fill(env)
    figures = {"leads": count(env, "leads"), "touches": count(env, "touches")}
    bare_runs, full_runs, before = [], [], None
    for _turn in range(rounds):
        reading, figures["rows_bare"] = bare(env)
        bare_runs.append(reading)
        anew(env)
        before = before or peak()
        full_runs.append(compute(env))
    figures["rows"] = count(env, "credits")
    change(env)
    increment = compute(env)
    figures["extra_mb"] = peak() - before
    for clock in ("cpu", "wall"):
        bare_ms = median(reading[clock] for reading in bare_runs)
        full_ms = median(reading[clock] for reading in full_runs)
        figures[f"{clock}_ratio"] = full_ms / bare_ms
        figures[f"bare_{clock}_s"] = bare_ms / 1000
        figures[f"full_{clock}_s"] = full_ms / 1000
        figures[f"increment_{clock}_s"] = increment[clock] / 1000
    return figures


if __name__ == "__main__":
    answer(measure)
