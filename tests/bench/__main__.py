"""`make bench`: what the addon costs, as ratios to plain Odoo in the same run.

SIZES=10k,100k  FULL=1 (adds 1m)  ONLY=write_1,install  ROUNDS=0.5 (fewer)  CLEAN=1
"""

import os
import time
from pathlib import Path

import cluster
import install
import pool
import report
import verdict
from templates import COUNTS, Templates

STARTED = time.monotonic()
INSTALL_ROUNDS = {"1m": 3}  # an hour of copying files otherwise


def log(text):
    print(f"[{time.monotonic() - STARTED:6.0f} s] {text}", flush=True)


def sizes():
    default = "10k,100k,1m" if os.environ.get("FULL") else "10k,100k"
    chosen = (os.environ.get("SIZES") or default).lower().split(",")
    unknown = set(chosen) - COUNTS.keys()
    if unknown:
        raise SystemExit(f"SIZES knows {', '.join(COUNTS)}; not {', '.join(unknown)}.")
    return chosen


def wanted(name):
    only = os.environ.get("ONLY")
    return not only or name in only.split(",")


def has_addon():
    return Path(os.environ["SOP_ROOT"], install.ADDON, "__manifest__.py").exists()


def fewer(count):
    return max(1, round(count * float(os.environ.get("ROUNDS") or 1)))


def measure_install(label, empty, template, kept, results):
    """Installs the addon again and again; `kept` is left for the operations."""
    measured = wanted("install")
    count = fewer(INSTALL_ROUNDS.get(label, 7)) if measured else 1
    runs = install.alternate(empty, template, kept, count, log)
    if measured:
        smaller = results["install"]
        row = verdict.summarise_install(label, COUNTS[label], runs, smaller)
        results["install"].append(row)


def measure_operations(label, databases, results):
    for database in databases.values():
        cluster.execute(database, "VACUUM (ANALYZE)")
    rows = results["operations"].setdefault(label, [])
    with pool.workers(databases, report.folder() / "worker.log") as workers:
        for operation in filter(lambda o: wanted(o.name), verdict.OPERATIONS):
            log(f"{label}: {operation.title}")
            readings = pool.rounds(workers, operation, fewer(operation.rounds))
            rows.append(verdict.summarise(operation, readings))


def measure(templates, label, results):
    """Everything on one size; its clones exist while this runs only."""
    template = templates.make(label)
    roles = ("plain", "ours", "control") if has_addon() else ("plain", "control")
    databases = {role: f"{template}_{role}" for role in roles}
    try:
        if "ours" in databases:
            kept = databases["ours"]
            measure_install(label, templates.empty, template, kept, results)
        for role in databases.keys() - {"ours"}:
            cluster.clone(template, databases[role])
        if any(wanted(operation.name) for operation in verdict.OPERATIONS):
            measure_operations(label, databases, results)
    finally:
        cluster.drop(*databases.values())


def main():
    if os.environ.get("CLEAN"):
        cluster.drop(*cluster.names())
        return
    templates = Templates(log)
    templates.drop_leftovers()
    results = {"operations": {}, "install": []}
    for label in sizes():
        measure(templates, label, results)
    report.show(results)
    report.save(results)


with cluster.alone():
    main()
