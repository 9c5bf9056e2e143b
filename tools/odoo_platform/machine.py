"""What the machine must have: Debian packages and free space."""

import os
import shutil
import subprocess
from pathlib import Path

from .console import run_logged
from .errors import PlatformError
from .interpreter import PYTHON_PACKAGES, find_interpreter

GIGABYTE = 1024**3


def missing_packages(*, private_database, build, npm, browser):
    """Debian packages to install first; `build` when psycopg2 is to be compiled."""
    wanted = [("postgresql-client", _on_path("psql"))]
    if build:
        found = find_interpreter() is not None
        wanted += [(name, found) for name in PYTHON_PACKAGES]
        headers = Path("/usr/include/postgresql/libpq-fe.h").exists()
        wanted += [("gcc", _on_path("gcc")), ("libpq-dev", headers)]
        wanted.append(("libpq-dev", _on_path("pg_config")))
    if npm:
        wanted.append(("npm", _on_path("npm")))
    if private_database:
        wanted.append(("postgresql", postgresql_bin() is not None))
    if browser:
        wanted.append(("chromium", find_browser() is not None))
    return list(dict.fromkeys(name for name, found in wanted if not found))


def find_browser():
    """The Chromium that Odoo's tests would find, by Odoo's own order of names."""
    names = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


def postgresql_bin():
    """Folder with initdb: the newest of Debian's, or one on PATH."""
    folders = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def install_packages(packages, log):
    """Install Debian packages when we may; otherwise say the exact command."""
    command = ["apt-get", "install", "-y", *packages]
    by_hand = f"run: sudo {' '.join(command)}"
    if not _on_path("apt-get"):
        names = ", ".join(packages)
        raise PlatformError(f"Missing on this machine: {names}; install them")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not _sudo_works():
        raise PlatformError(f"Missing: {', '.join(packages)}; {by_hand}")
    apt = [*prefix, "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    update, install = log.with_suffix(".update"), log
    hint = f"check the network, then {by_hand}"
    run_logged("Updating the package lists", [*apt, "update"], update, hint=hint)
    run_logged(
        f"Installing {', '.join(packages)}",
        [*apt, "install", "-y", *packages],
        install,
        hint=hint,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )


def require_space(folder, gigabytes):
    existing = next(p for p in [folder, *folder.parents] if p.exists())
    free = shutil.disk_usage(existing).free / GIGABYTE
    if free < gigabytes:
        raise PlatformError(
            f"Only {free:.1f} GB are free for {folder}, {gigabytes} GB are needed: "
            "free some or set SOP_CACHE to a folder on a larger disk"
        )


def _on_path(name):
    return shutil.which(name) is not None


def _sudo_works():
    if not _on_path("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
