"""`make platform-test`: Odoo's own CRM suites with our addon installed.

Each suite runs twice on the same platform, without our addon (kept per platform
version) and with it. What passes without us has to pass with us. Core's query
counts have no slack, so they are compared with plain Odoo's instead.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from . import parts, query_counts, query_report, suites, templates
from .odoo_log import entries, shortened
from .paths import cache, run_folder
from .versions import file_hash, platform_hash

WORKERS = 2
# label -> (template of plain Odoo, template with our addon); *wide* has every CRM
# module of the platform installed.
DATABASES = {
    "crm": (templates.plain, templates.addon),
    "wide": (
        lambda: templates.wide_plain(suites.crm_modules()),
        lambda: templates.wide_addon(suites.crm_modules()),
    ),
}


def modules_of(label, template):
    """The suites of a database; those of crm run on the small database only."""
    modules = suites.suites(template)
    if label != "crm":
        modules = sorted(set(modules) - set(suites.suites(templates.plain())))
    return modules


def plain_run(label):
    """Outcome on plain Odoo, from the cache when this platform was run before."""
    version = f"{platform_hash()}-{file_hash(query_counts.__file__)}"
    folder = cache() / "suites" / f"{label}-plain-{version}"
    with templates.lock(f"suites-{label}"):
        if not (folder / "complete").exists():
            template = DATABASES[label][0]()
            print(f"  {label}: running on plain Odoo (once per platform) …", flush=True)
            paths = suites.paths_of(modules_of(label, template))
            with templates.clone(template, f"plain_{label}") as database:
                suites.run(database, paths, folder, judge=True)
            (folder / "complete").touch()
    return suites.read(folder), folder


def our_run(label):
    plain, ours = DATABASES[label]
    template = ours()
    if not suites.ours_is_installed(template):
        raise SystemExit(f"{template} lacks our addon: drop it and start again")
    folder = run_folder() / label
    paths = suites.paths_of(modules_of(label, plain()))
    with templates.clone(template, f"ours_{label}") as database:
        return suites.run(database, paths, folder, judge=False), folder


def logged(folder):
    """Bad lines of a run; those of the tests themselves are in their outcomes."""
    for log in sorted(folder.rglob("pytest-odoo.log")):
        for _number, entry, text in entries(log):
            if ".tests." not in entry.logger:
                yield entry, text


def new_log_lines(ours, plain):
    known = {entry for entry, _text in logged(plain)}
    return [shortened(text) for entry, text in logged(ours) if entry not in known]


def compare(label):
    """Lines to print for a database, and the problems among them."""
    plain, plain_folder = plain_run(label)
    started = time.monotonic()
    ours, our_folder = our_run(label)
    seconds = time.monotonic() - started
    problems = []
    for test in plain.of("passed"):
        outcome = ours.outcomes.get(test, "missing")
        if outcome != "passed":
            problems.append(f"{test}: {outcome} with us. {ours.reasons.get(test, '')}")
    for test in sorted(set(ours.outcomes) - set(plain.outcomes)):
        problems.append(f"{test}: ran with us only")
    problems += new_log_lines(our_folder, plain_folder)
    table, unexplained = query_report.compare(plain.queries, ours.queries)
    problems += unexplained
    lines = [f"\n{label}: plain {plain.closing}", f"{label}: ours  {ours.closing}"]
    for test in plain.of("failed"):
        reason = plain.reasons[test].splitlines()[0] if plain.reasons.get(test) else ""
        lines.append(f"fails on plain Odoo as well: {test}: {reason}")
    for test in ours.later_passes:
        lines.append(f"passed at a later try: {test}")
    lines += [*table, *(f"PROBLEM {problem}" for problem in problems)]
    lines.append(f"{label}: {seconds:.0f} s with our addon")
    print("\n".join(lines), flush=True)
    return len(ours.of("passed")), len(problems)


def main():
    missing = parts.missing_for_browser()
    if missing:
        raise SystemExit("\n".join(missing))
    with templates.run(), ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(compare, sys.argv[1:] or DATABASES))
    passed = sum(count for count, _problems in results)
    failed = sum(problems for _count, problems in results)
    for module, reason in suites.NOT_RUN.items():
        print(f"not run: {module}: {reason}")
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
