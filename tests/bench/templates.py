"""Filled databases of plain Odoo, kept as templates between runs."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import cluster

HERE = Path(__file__).resolve().parent
COUNTS = {"10k": 10_000, "100k": 100_000, "200k": 200_000, "1m": 1_000_000}


def _fingerprint():
    """Changes with the company, the filling and the Odoo they were made for."""
    release = Path(os.environ["SOP_ODOO"], "odoo", "release.py").resolve()
    digest = hashlib.sha256(str(release).encode())
    for path in (release, HERE / "company.py", HERE / "fill.sql"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


class Templates:
    def __init__(self, log):
        self._log = log
        self._prefix = f"{cluster.PREFIX}{_fingerprint()}_"
        self.empty = self._prefix + "empty"

    def drop_leftovers(self):
        """Clones of a run that was killed, and templates of an older filling."""
        kept = {self.empty} | {self._prefix + label for label in COUNTS}
        cluster.drop(*(cluster.names() - kept))

    def make(self, label):
        """Name of the template with that many opportunities, made when missing."""
        self._once(self.empty, self._install_plain)
        name = self._prefix + label
        self._once(name, lambda database: self._fill(database, COUNTS[label]))
        return name

    def _once(self, name, build):
        """Builds under another name: what was stopped is never taken as whole."""
        if name in cluster.names():
            return
        unfinished = name + "_unfinished"
        cluster.drop(unfinished)
        build(unfinished)
        cluster.rename(unfinished, name)

    def _install_plain(self, database):
        self._log("installing plain Odoo with crm …")
        _run("odoo", "-d", database, "-i", "crm", "--stop-after-init", "--no-http")
        _run(sys.executable, str(HERE / "worker.py"), "set-up", database)
        cluster.execute(database, "VACUUM (ANALYZE)")

    def _fill(self, database, count):
        self._log(f"filling {count:,} opportunities …")
        cluster.clone(self.empty, database)
        fill = "BEGIN;" + (HERE / "fill.sql").read_text() + "COMMIT;"
        cluster.execute(database, fill, {"n": count})
        cluster.execute(database, "VACUUM (ANALYZE)")
        self._log(f"filled: {cluster.size(database) / 2**20:,.0f} MB")


def _run(*command):
    done = subprocess.run(
        [*command], capture_output=True, text=True, cwd=os.environ["SOP_ROOT"]
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stderr[-3000:]}")
