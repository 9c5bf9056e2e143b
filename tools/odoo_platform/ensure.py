"""Makes the platform ready, in steps that are skipped when they are done."""

import os
import subprocess
from dataclasses import dataclass

from . import rcfile
from .cluster import Cluster
from .errors import PlatformError
from .lock import cache_lock
from .machine import install_packages, missing_packages
from .odoo import Odoo, current_odoo, unpacked_odoo
from .venv import Venv


@dataclass(frozen=True)
class Platform:
    layout: object
    odoo: Odoo
    venv: Venv
    cluster: Cluster | None

    def environment(self):
        """The environment of every command on the platform."""
        environment = dict(os.environ)
        path = [str(self.venv.bin)]
        if self.cluster:
            path.append(str(self.cluster.bin))
            for name in ("PGSERVICE", "PGHOSTADDR", "PGDATABASE", "PGPASSWORD"):
                environment.pop(name, None)
            environment.update(self.cluster.environment())
            environment["SOP_PGHOST"] = environment["PGHOST"]
        environment["PATH"] = os.pathsep.join([*path, environment["PATH"]])
        # Compiled Python goes to the cache: Odoo starts faster, the checkout stays
        # clean.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(self.layout.cache / "pycache")
        for name in ("PYTHONHOME", "PYTHONPATH", "OPENERP_SERVER"):
            environment.pop(name, None)
        environment["VIRTUAL_ENV"] = str(self.venv.folder)
        environment["ODOO_RC"] = str(rcfile.path(self.layout))
        environment["SOP_CACHE"] = str(self.layout.cache)
        environment["SOP_ROOT"] = str(self.layout.root)
        environment["SOP_ODOO"] = str(self.odoo.site)
        return environment


def ensure_platform(layout, *, browser):
    """Return the ready platform; a fast no-op when nothing is missing."""
    with cache_lock(layout.cache, shared=True):
        platform = _ready_platform(layout, browser=browser)
    if platform is None:
        with cache_lock(layout.cache):
            platform = _make_platform(layout, browser=browser)
    if platform.cluster is None:
        _require_own_server()
    rcfile.write(layout, platform.odoo)
    return platform


def uses_own_server():
    """Whether PGHOST is the person's, not the one that we have set ourselves."""
    host = os.environ.get("PGHOST")
    return bool(host) and host != os.environ.get("SOP_PGHOST")


def _ready_platform(layout, *, browser):
    odoo = current_odoo(layout)
    if odoo is None:
        return None
    venv = Venv(layout, odoo)
    cluster = None if uses_own_server() else Cluster(layout)
    if not venv.is_complete() or _missing(browser=browser):
        return None
    if cluster and not cluster.is_running():
        return None
    return Platform(layout, odoo, venv, cluster)


def _make_platform(layout, *, browser):
    odoo = current_odoo(layout)
    missing = _missing(
        browser=browser,
        build=odoo is None or not Venv(layout, odoo).is_complete(),
        npm=odoo is None,
    )
    if missing:
        install_packages(missing, layout.logs / "apt-install.log")
    odoo = odoo or unpacked_odoo(layout)
    venv = Venv(layout, odoo)
    if not venv.is_complete():
        venv.make()
    cluster = None if uses_own_server() else Cluster(layout)
    if cluster and not cluster.is_running():
        cluster.start()
    return Platform(layout, odoo, venv, cluster)


def _missing(*, browser, build=False, npm=False):
    return missing_packages(
        private_database=not uses_own_server(),
        build=build,
        npm=npm,
        browser=browser,
    )


def _require_own_server():
    if os.environ.get("PGUSER") == "postgres":
        raise PlatformError(
            "Odoo refuses the database user `postgres`: set PGUSER to another role "
            "that may create databases"
        )
    connect = ["psql", "-XAtq", "-d", "postgres", "-c", "SELECT 1"]
    attempt = subprocess.run(connect, capture_output=True, text=True)
    if attempt.returncode:
        reason = attempt.stderr.strip().splitlines()[0]
        raise PlatformError(f"Your PostgreSQL of PGHOST does not answer: {reason}")
