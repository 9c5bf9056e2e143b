"""Installing the addon: seconds, CPU and peak memory of the whole process."""

import os
import subprocess
import time
from pathlib import Path

import cluster
import report

ADDON = "sales_opportunity_plus"
RAW_HISTORY = Path(__file__).with_name("raw_history.sql")


def install(database):
    """One installation as the command line does it; the figures of its process."""
    command = ("odoo", "-d", database, "-i", ADDON, "--stop-after-init", "--no-http")
    log_path = report.folder() / "install.log"
    started = time.perf_counter()
    with (
        log_path.open("w") as output,
        subprocess.Popen(
            [*command, "--max-cron-threads=0", "--log-level=warn"],
            stderr=output,
            cwd=os.environ["SOP_ROOT"],
        ) as process,
    ):
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"Installing {ADDON} on {database} failed: see {log_path}.")
    return {
        "seconds": seconds,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
    }


def raw_history(database):
    """Seconds of the bare SQL that writes the same history; leaves nothing."""
    statement = "BEGIN;" + RAW_HISTORY.read_text()
    started = time.perf_counter()
    cluster.execute(database, statement)  # closing the connection rolls it back
    return time.perf_counter() - started


def alternate(empty_template, template, kept, rounds, log):
    """Installs on an empty and on a filled clone in turn; `kept` is the last filled."""
    empty = kept + "_empty"
    runs = {"empty": [], "filled": [], "raw": []}
    for turn in range(1, rounds + 1):
        log(f"install, round {turn} of {rounds}")
        for source, database, name in (
            (empty_template, empty, "empty"),
            (template, kept, "filled"),
        ):
            cluster.clone(source, database)
            if name == "filled":
                runs["raw"].append({"seconds": raw_history(database)})
            runs[name].append(install(database))
    cluster.drop(empty)
    return runs
