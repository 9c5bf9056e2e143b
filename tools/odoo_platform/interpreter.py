"""Finds the newest Python that Odoo 19 supports and that can make a venv."""

import glob
import os
import shutil
import subprocess
from pathlib import Path

from .errors import PlatformError

VERSIONS = ("3.13", "3.12", "3.11", "3.10")
SYSTEM_FOLDER = Path("/usr/bin")
PYTHON_PACKAGES = ("python3", "python3-venv", "python3-dev")
# Prints the version only when a venv can be made and psycopg2 be built with it.
PROBE = """
import ensurepip, os, sys, sysconfig, venv
header = os.path.join(sysconfig.get_path("include"), "Python.h")
if not os.path.exists(header):
    sys.exit("no headers")
print("%d.%d" % sys.version_info[:2])
"""


def find_interpreter():
    """Path of the best interpreter, or None when none is fit."""
    for version in VERSIONS:
        for path in _candidates(version):
            if _fits(path, version):
                return path
    return None


def require_interpreter():
    found = find_interpreter()
    if not found:
        raise PlatformError(
            f"Odoo needs a Python of {VERSIONS[-1]} to {VERSIONS[0]} with venv and "
            "headers, and Debian's python3 here is none: install one, as with pyenv"
        )
    return found


def _candidates(version):
    found = shutil.which(f"python{version}")
    if found:
        yield Path(found)
    system = SYSTEM_FOLDER / f"python{version}"
    if system.exists():
        yield system
    pyenv = os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv"
    # glob.glob, as Path.glob raises where the folder is another account's.
    pattern = f"{pyenv}/versions/{version}.*/bin/python{version}"
    yield from map(Path, sorted(glob.glob(pattern)))


def _fits(path, version):
    try:
        probe = subprocess.run(
            [path, "-I", "-c", PROBE], capture_output=True, text=True, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return probe.returncode == 0 and probe.stdout.strip() == version
