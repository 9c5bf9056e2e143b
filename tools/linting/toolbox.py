"""The folder with the linters: a Python environment and npm's modules.

One folder per set of pins, so that changing branches does not install anew.
"""

import os
import shutil
import subprocess
from hashlib import sha256

from odoo_platform.console import run_logged
from odoo_platform.errors import PlatformError
from odoo_platform.interpreter import find_interpreter
from odoo_platform.lock import cache_lock
from odoo_platform.machine import install_packages

PINS = ("requirements/lint.txt", "package.json", "package-lock.json")
NETWORK = "check the network and the registry's settings, then call again"


class Toolbox:
    def __init__(self, layout):
        self.layout = layout
        self.python_home = find_interpreter()
        pins = b"".join((layout.root / name).read_bytes() for name in PINS)
        key = sha256(pins + os.fsencode(str(self.python_home))).hexdigest()[:8]
        self.folder = layout.cache / f"lint-{key}"
        self.stamp = self.folder / "complete"
        self.venv = self.folder / "venv"
        self.modules = self.folder / "node_modules"

    def environment(self):
        """Both kinds of tools on the path; their own caches beside them."""
        path = [self.venv / "bin", self.modules / ".bin", os.environ["PATH"]]
        return {
            **os.environ,
            "PATH": os.pathsep.join(map(str, path)),
            "NODE_PATH": str(self.modules),
            "RUFF_CACHE_DIR": str(self.folder / "ruff"),
            "MYPY_CACHE_DIR": str(self.folder / "mypy"),
            "PYLINTHOME": str(self.folder / "pylint"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def make_ready(self):
        if self.stamp.exists():
            return
        with cache_lock(self.layout.cache):
            if self.stamp.exists():
                return
            self._require_machine()
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            self._install_python_tools()
            self._install_npm_tools()
            self.stamp.touch()

    def _require_machine(self):
        missing = [] if shutil.which("npm") else ["npm"]
        if not self.python_home:
            missing += ["python3", "python3-venv", "python3-dev"]
        if missing:
            install_packages(missing, self.layout.logs / "lint-apt.log")
            self.python_home = find_interpreter()
        if self.python_home and self.python_home.name.endswith("3.10"):
            raise PlatformError(
                "The linters need Python 3.11 or newer: install one beside 3.10"
            )

    def _install_python_tools(self):
        log = self.layout.logs / "lint-pip.log"
        subprocess.run([self.python_home, "-m", "venv", self.venv], check=True)
        run_logged(
            "Installing the linters of PyPI",
            [
                *(self.venv / "bin" / "python", "-m", "pip", "install", "--no-input"),
                *("--disable-pip-version-check", "--progress-bar=off", "--no-deps"),
                *("--requirement", self.layout.root / PINS[0]),
            ],
            log,
            hint=NETWORK,
        )

    def _install_npm_tools(self):
        for name in PINS[1:]:
            shutil.copy(self.layout.root / name, self.folder)
        run_logged(
            "Installing the linters of npm",
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            self.layout.logs / "lint-npm.log",
            hint=NETWORK,
            cwd=self.folder,
        )
