"""`tools/lint [--fix] [--list] [NAME…]`."""

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from odoo_platform.errors import PlatformError
from odoo_platform.layout import Layout

from . import checks, guards
from .files import Files
from .toolbox import Toolbox

WORKERS = 2


@dataclass(frozen=True)
class Outcome:
    name: str
    failed: bool
    output: str
    seconds: float


def main(arguments):
    options = _options(arguments)
    layout = Layout.from_environment()
    try:
        toolbox = Toolbox(layout)
        files = Files(layout.root)
        chosen = _chosen(checks.all_checks(files, toolbox), options.names)
        if options.list:
            print(*(check.name for check in chosen), "guards", sep="\n")
            return 0
        toolbox.make_ready()
        outcomes = _repair(chosen, toolbox) if options.fix else _look(chosen, toolbox)
        if not options.names or "guards" in options.names:
            outcomes.append(_guard(files, options.fix))
    except PlatformError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return _close(outcomes)


def _options(arguments):
    parser = argparse.ArgumentParser(prog="tools/lint", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="format and repair")
    parser.add_argument("--list", action="store_true", help="names of the linters")
    parser.add_argument("names", nargs="*", metavar="NAME")
    return parser.parse_args(arguments)


def _chosen(available, names):
    unknown = set(names) - {check.name for check in available} - {"guards"}
    if unknown:
        raise PlatformError(f"No linter {', '.join(unknown)}; see tools/lint --list")
    return [check for check in available if not names or check.name in names]


def _look(chosen, toolbox):
    """All side by side: nothing is written."""

    def one(check):
        return _run(check, check.command, toolbox)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(one, [check for check in chosen if check.command]))


def _repair(chosen, toolbox):
    """One after another: they write the same files."""
    return [
        _run(check, check.repair, toolbox)
        for check in chosen
        if check.repair is not None
    ]


def _run(check, command, toolbox):
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=toolbox.layout.root,
        env=toolbox.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    seconds = time.monotonic() - started
    return Outcome(check.name, done.returncode != 0, done.stdout, seconds)


def _guard(files, fix):
    started = time.monotonic()
    problems = [problem for guard in guards.ALL for problem in guard(files, fix)]
    seconds = time.monotonic() - started
    return Outcome("guards", bool(problems), "\n".join(problems), seconds)


def _close(outcomes):
    """Output of what failed, then one line per linter that did."""
    failed = [outcome for outcome in outcomes if outcome.failed]
    for outcome in failed:
        print(f"--- {outcome.name}\n{outcome.output.rstrip()}\n")
    for outcome in failed:
        print(f"{outcome.name} failed: tools/lint {outcome.name} shows it alone")
    good = len(outcomes) - len(failed)
    print(f"lint: {good} passed, {len(failed)} failed")
    return 1 if failed else 0
