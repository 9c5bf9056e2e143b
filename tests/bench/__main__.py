"""`make bench`: what the addon costs, as ratios to plain Odoo in the same run.

SIZES=10k,100k  FULL=1 (adds 1m)  ONLY=write_1,install  ROUNDS=0.5 (fewer)  CLEAN=1
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import apart
import cluster
import install
import pool
import report
import verdict
from report import PARTS
from templates import COUNTS, Templates

STARTED = time.monotonic()
PART_ROUNDS = {"10k": 5, "100k": 3}
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


def fraction():
    return float(os.environ.get("ROUNDS") or 1)


def measure_install(label, empty, template, kept, results):
    """Installs the addon again and again; `kept` is left for the operations."""
    measured = wanted("install")
    count = max(1, round(INSTALL_ROUNDS.get(label, 7) * fraction())) if measured else 1
    runs = install.alternate(empty, template, kept, count, log)
    if measured:
        smaller = results["install"]
        row = verdict.summarise_install(label, COUNTS[label], runs, smaller)
        results["install"].append(row)


def measure_operations(label, databases, results):
    first = not results["operations"]
    operations = [
        operation
        for operation in verdict.OPERATIONS
        if wanted(operation.name) and (first or not operation.first_size_only)
    ]
    rows = results["operations"].setdefault(label, [])
    if not operations:
        return
    for database in databases.values():
        cluster.execute(database, "VACUUM (ANALYZE)")
    with pool.workers(databases, report.folder() / "worker.log") as workers:
        for operation in operations:
            log(f"{label}: {operation.title}")
            readings = pool.rounds(workers, operation.name, fraction())
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
        measure_operations(label, databases, results)
        for part in PARTS if "ours" in databases else ():
            if wanted(part.NAME):
                log(f"{label}: {part.TITLE}")
                rounds = max(1, round(PART_ROUNDS.get(label, 1) * fraction()))
                smaller = results[part.NAME]
                figures = apart.run(part, databases["ours"], rounds, smaller)
                results[part.NAME].append({"size": label, **figures})
    finally:
        cluster.drop(*databases.values())


def main():
    if os.environ.get("CLEAN"):
        cluster.drop(*cluster.names())
        return
    templates = Templates(log)
    templates.drop_leftovers()
    results = {"operations": {}, "install": [], **{part.NAME: [] for part in PARTS}}
    path = report.folder() / time.strftime("%Y%m%d-%H%M%S.json")
    # What was measured before a run is stopped is worth showing.
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit("Stopped."))
    try:
        for label in sizes():
            measure(templates, label, results)
    finally:
        report.show(results)
        path.write_text(json.dumps(results, indent=1))
        print(f"Figures: {path}")


with cluster.alone():
    main()
