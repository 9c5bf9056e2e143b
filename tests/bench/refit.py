"""What learning anew and scoring cost, against Odoo's own scoring cron.

``python tests/bench/refit.py DATABASE``: a database with the addon and the company of
the bench. Prints one JSON line. Ours goes first, for memory: its peak never falls.
"""

import resource
from statistics import median

import cluster
from meter import Meter
from worker import answer


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def metered(env, work):
    env.cr.execute("ANALYZE crm_lead")
    env.cr.commit()
    meter = Meter(env.cr)
    work(env)
    env.flush_all()
    reading = meter.stop()
    env.cr.commit()
    env.invalidate_all()
    return reading


def forget(env):
    """Nothing is said yet of any opportunity: each round writes all of them."""
    env.cr.execute(
        "UPDATE crm_lead SET forecast_history_probability = NULL"
        " WHERE forecast_history_probability IS NOT NULL"
    )
    env.cr.commit()
    cluster.execute(env.cr.dbname, "CHECKPOINT")
    cluster.execute(env.cr.dbname, "VACUUM crm_lead")


def ours(env):
    """Learn, and say it to all open opportunities, in batches as the job does."""
    version = env["crm.forecast.calibration"]._learn()
    version.state = "counts"
    for _done in version._score_open():
        env.cr.commit()


def core(env):
    env["crm.lead"]._cron_update_automated_probabilities()


def measure(env, rounds):
    env["crm.lead"].search([], limit=80).mapped("stage_id.name")
    works, extra = {"ours": ours, "core": core}, {}
    for name, work in works.items():
        before = peak()
        work(env)
        env.flush_all()
        env.cr.commit()
        extra[name] = peak() - before
    # In turn: what one leaves on the pages of the table, the other one meets, too.
    readings = {name: [] for name in works}
    for _turn in range(rounds):
        for name, work in works.items():
            if name == "ours":
                forget(env)
            readings[name].append(metered(env, work))
    version = env["crm.forecast.calibration"]._standing()
    figures = {"closed": version.closed_count, "rung": version.rung}
    for clock in ("cpu", "wall"):
        for name, runs in readings.items():
            seconds = median(run[clock] for run in runs) / 1000
            figures[f"{name}_{clock}_s"] = round(seconds, 2)
    return figures | {f"{name}_mb": round(mb, 1) for name, mb in extra.items()}


if __name__ == "__main__":
    answer(measure)
