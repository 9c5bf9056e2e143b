"""tools/load/run [FOLDER] [--database NAME]: reads, loads, reports."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg2

from odoo_platform.console import say

from . import ledger, scoring, shapes, summary
from .errors import LoadError
from .findings import Findings
from .importer import BATCH, Importer
from .session import environment

CARRIES_ON = "the next call carries on from here"


def main(arguments):
    try:
        return _load(_options(arguments))
    except LoadError as error:
        say(f"Error: {error}")
    except psycopg2.Error as error:
        say(f"Error: PostgreSQL: {str(error).strip().splitlines()[0]}; {CARRIES_ON}")
    except KeyboardInterrupt:
        say(f"\nInterrupted; {CARRIES_ON}.")
        return 130
    return 1


def _options(arguments):
    parser = argparse.ArgumentParser(prog="tools/load/run", description=__doc__)
    parser.add_argument("folder", nargs="?", default=os.environ.get("DATA"))
    parser.add_argument("--database", default=os.environ.get("SOP_DATABASE"))
    parser.add_argument("--check", action="store_true", help="read, load nothing")
    parser.add_argument("--batch", type=int, default=BATCH, help="records at a time")
    parser.add_argument("--report", type=Path, help="file for the bad rows")
    options = parser.parse_args(arguments)
    if not options.folder:
        raise LoadError("no folder is named: say which, as in: make load DATA=folder")
    options.folder = Path(options.folder).resolve()
    return options


def _load(options):
    started = time.monotonic()
    findings = Findings()
    say(f"Reading {options.folder} …")
    dataset = shapes.read(options.folder, findings)
    counts = []
    if not options.check:
        database = options.database or _own_database(options.folder)
        counts = _fill(database, dataset, findings, options.batch)
    name = options.folder.name if options.check else database
    report = options.report or _cache() / "load" / f"{name}.csv"
    summary.write_bad_rows(findings, report)
    print(summary.text(findings, counts, report, time.monotonic() - started))
    if not options.check:
        print(f"Database: {database}", flush=True)
    return 0


def _fill(database, dataset, findings, batch):
    with environment(database, _log(database)) as env:
        ledger.prepare(env.cr)
        env.cr.commit()
        importer = Importer(env, findings, batch)
        counts = [importer.load(table) for table in dataset.tables]
        scoring.run(env, dataset.first_day)
    return counts


def _own_database(folder):
    """The database that `make run DATA=folder` serves; it is made when needed."""
    command = [Path(__file__).parent.parent / "database"]
    environ = {**os.environ, "DATA": str(folder)}
    made = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True)
    if made.returncode:
        sys.exit(made.returncode)  # the command has said why
    return made.stdout.split()[-1]


def _cache():
    return Path(os.environ["SOP_CACHE"])


def _log(database):
    """Tests look through the logs of all Odoo processes in a folder of theirs."""
    folder = os.environ.get("SOP_TEST_LOGS") or _cache() / "log"
    return Path(folder) / f"load-{database}.log"
