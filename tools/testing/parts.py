"""The parts of `make test` and how each is run."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

from . import baseline, odoo_log, templates
from .paths import ADDON, GLUE_DIRS, ROOT, logging_to, logs, run_folder

# In the order in which they are started; the first ones need no database.
FOLDERS = {
    "engine": ("tests/engine",),
    "architecture": ("tests/architecture",),
    "platform": ("tests/platform",),
    "docker": ("tests/docker",),
    "addon": (f"{ADDON}/tests",),
    "glue": (*(f"{folder.name}/tests" for folder in GLUE_DIRS), "tests/glue"),
    "lifecycle": ("tests/lifecycle",),
    "system": ("tests/system",),
    "packaging": ("tests/packaging",),
    "load": ("tests/load",),
    "demo": ("tests/demo",),
    "bench": ("tests/bench",),
}
# Tests inside an addon run in Odoo, on a database like this.
DATABASES = {"addon": templates.addon, "glue": templates.glue}
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
NEEDS_BROWSER = {"addon", "system"}
PART_TIMEOUT = 1800
NO_TESTS = 5


@dataclass
class Result:
    """Outcome of a part, as it stands in the summary."""

    part: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    problems: list = field(default_factory=list)
    output: Path | None = None


def missing_for_browser():
    """What to install before browser tests can run; empty when they can."""
    missing = []
    if not any(shutil.which(name) for name in BROWSERS):
        missing.append("no Chromium or Chrome on the PATH: install one")
    if importlib.util.find_spec("websocket") is None:
        missing.append("no Python package websocket-client: use `make test`")
    return missing


def _pytest(junit, arguments):
    return [
        *(sys.executable, "-m", "pytest", "-q", f"--junitxml={junit}"),
        *("-p", "testing.strict_plugin", *arguments),
    ]


def odoo_pytest(database, log, junit, arguments):
    """pytest-odoo on a database in which everything is installed already."""
    return _pytest(
        junit,
        [
            *("-p", "odoo", f"--odoo-database={database}"),
            *("--odoo-http", "--odoo-extra=http-interface=127.0.0.1"),
            *("--odoo-log-level=warn", f"--odoo-extra=logfile={log}"),
            *arguments,
        ],
    )


def run(part, paths=(), extra=(), stream=False):
    """Run a part, or the given paths of it, and look through its Odoo logs."""
    result = Result(part)
    started = time.monotonic()
    folder = run_folder() / part
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if part in NEEDS_BROWSER:
        result.problems += missing_for_browser()
    try:
        with logging_to(folder):
            (_install if part == "install" else _tests)(result, paths, extra, stream)
        result.problems += odoo_log.unexpected(folder, baseline.known)
    except Exception as error:
        result.problems.append(f"{type(error).__name__}: {error}")
    result.failed += len(result.problems)
    result.seconds = time.monotonic() - started
    return result


def _install(result, *_unused):
    """Build the templates that the other parts clone; their logs count each time."""
    for template in (templates.plain(), templates.addon()):
        folder = templates.log_folder(template)
        result.problems += odoo_log.unexpected(folder, baseline.known)
    result.passed = 1


def _tests(result, paths, extra, stream):
    paths = list(paths) or FOLDERS[result.part]
    missing = [name for name in paths if not (ROOT / name.split("::")[0]).exists()]
    if missing:
        result.problems.append(f"{missing[0]} does not exist")
        return
    in_odoo = [name for name in paths if name.startswith(ADDON)]
    outside = [name for name in paths if name not in in_odoo]
    if in_odoo:
        _tests_in_odoo(result, [*in_odoo, *extra], stream)
    if outside:
        junit = run_folder() / result.part / "junit.xml"
        _call(result, _pytest(junit, [*outside, *extra]), stream)
        count(result, junit)
    if not (extra or result.passed or result.failed):
        result.problems.append(f"no test was found in {' '.join(paths)}")


def _tests_in_odoo(result, arguments, stream):
    folder = run_folder() / result.part
    junit, log = folder / "junit-odoo.xml", folder / "pytest-odoo.log"
    with templates.clone(DATABASES[result.part](), result.part) as database:
        _call(result, odoo_pytest(database, log, junit, arguments), stream)
    count(result, junit)


def _call(result, command, stream):
    """Run pytest in a process of its own, quietly unless its output is wanted."""
    result.output = run_folder() / result.part / "output.txt"
    environment = {**os.environ, "SOP_TEST_LOGS": str(logs())}
    with open(result.output, "a") as output:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdout=None if stream else output,
            stderr=None if stream else subprocess.STDOUT,
            timeout=PART_TIMEOUT,
            check=False,
        )
    if done.returncode not in (0, 1, NO_TESTS):
        result.problems.append(f"pytest ended with {done.returncode}")


def count(result, junit):
    """Add the figures of a JUnit file to a result."""
    if not junit.is_file():
        result.problems.append("pytest wrote no result")
        return
    for suite in ElementTree.parse(junit).getroot().iter("testsuite"):
        figures = {
            key: int(suite.get(key)) for key in ("failures", "errors", "skipped")
        }
        failed = figures["failures"] + figures["errors"]
        result.failed += failed
        result.skipped += figures["skipped"]
        result.passed += int(suite.get("tests")) - failed - figures["skipped"]
