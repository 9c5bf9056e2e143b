"""Odoo's own CRM suites: which there are, and one run of them on one database."""

import ast
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from . import databases
from .parts import PART_TIMEOUT, odoo_pytest
from .paths import ADDON, odoo_addons, odoo_home

ROOTS = {"crm", "sales_team", "utm"}
TRIES = 3
NOT_RUN = {
    "website_crm_partner_assign": "its three browser tests time out on plain Odoo as "
    "well, after four minutes",
}


@dataclass
class SuiteRun:
    """Outcome of a run: test id -> passed, failed or skipped with its reason."""

    outcomes: dict = field(default_factory=dict)
    reasons: dict = field(default_factory=dict)
    queries: dict = field(default_factory=dict)
    later_passes: list = field(default_factory=list)
    closing: str = ""

    def of(self, outcome):
        return sorted(test for test, was in self.outcomes.items() if was == outcome)


def manifest(module):
    path = odoo_addons() / module / "__manifest__.py"
    return ast.literal_eval(path.read_text()) if path.is_file() else {}


def has_tests(module):
    return any((odoo_addons() / module / "tests").glob("test_*.py"))


def crm_modules():
    """Modules of the platform that build on crm, the ones that test it included."""
    return sorted(
        path.parent.name
        for path in odoo_addons().glob("*crm*/__manifest__.py")
        if manifest(path.parent.name).get("installable", True)
    )


def installed(database):
    sql = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    return {name for (name,) in databases.query(database, sql)}


def suites(database):
    """Suites that can run on a database: of crm and what builds on it."""
    return sorted(
        module
        for module in installed(database) & (ROOTS | set(crm_modules()))
        if has_tests(module) and module not in NOT_RUN
    )


def paths_of(modules):
    return [odoo_addons() / module / "tests" for module in modules]


def run(database, paths, folder, judge):
    """Run suites with everything loaded; what failed is tried again, alone.

    Tours have time limits that a busy machine can miss: a failure counts when it
    happens each time.
    """
    shutil.rmtree(folder, ignore_errors=True)
    _pytest(database, paths, folder, folder, judge)
    for number in range(2, TRIES + 1):
        if read(folder).of("failed"):
            again = [*paths, "--last-failed"]
            _pytest(database, again, folder, folder / f"try{number}", judge)
    return read(folder)


def _pytest(database, arguments, cache_folder, folder, judge):
    folder.mkdir(parents=True)
    junit, output = folder / "junit.xml", folder / "output.txt"
    options = [
        *("-c", os.devnull, f"--rootdir={odoo_home()}"),
        *("-o", f"cache_dir={cache_folder / 'cache'}"),
        *("-p", "testing.query_counts", f"--query-counts={folder / 'queries.json'}"),
        *([] if judge else ["--judge-later"]),
    ]
    command = odoo_pytest(
        database, folder / "pytest-odoo.log", junit, [*options, *map(str, arguments)]
    )
    with open(output, "w") as stream:
        done = subprocess.run(
            command,
            cwd=folder,
            stdout=stream,
            stderr=subprocess.STDOUT,
            timeout=PART_TIMEOUT,
            check=False,
        )
    if done.returncode not in (0, 1) or not junit.is_file():
        sys.stdout.write(output.read_text(errors="replace")[-4000:])
        raise SystemExit(f"pytest ended with {done.returncode}: see {output}")


def read(folder):
    """Outcomes of a finished run from its folder, second tries included."""
    result = SuiteRun()
    _read_cases(folder / "junit.xml", result)
    result.queries = json.loads((folder / "queries.json").read_text())
    lines = (folder / "output.txt").read_text(errors="replace").strip().splitlines()
    result.closing = lines[-1] if lines else ""
    for junit in sorted(folder.glob("try*/junit.xml")):
        again = SuiteRun()
        _read_cases(junit, again)
        result.later_passes += set(result.of("failed")) & set(again.of("passed"))
        result.outcomes.update(again.outcomes)
        result.reasons.update(again.reasons)
    return result


def _read_cases(junit, result):
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        name = (
            f"{case.get('classname').removeprefix('odoo.addons.')}.{case.get('name')}"
        )
        bad = [child for child in case if child.tag in ("failure", "error")]
        skipped = [child for child in case if child.tag == "skipped"]
        result.outcomes[name] = "failed" if bad else "skipped" if skipped else "passed"
        for child in bad or skipped:
            result.reasons[name] = (child.get("message") or child.text or "").strip()


def ours_is_installed(database):
    return ADDON in installed(database)
