"""The virtual environment with Odoo's Python needs and Odoo itself on its path."""

import shutil
import subprocess
from hashlib import sha256

from .console import run_logged
from .interpreter import require_interpreter
from .layout import short_hash
from .machine import require_space

# Runs as a shell script that hands itself to Python: a shebang line with the path of
# a deep cache folder would be cut off by the kernel.
ODOO_COMMAND = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
from odoo.cli.command import main

main()
"""
METADATA = "Metadata-Version: 2.1\nName: odoo\nVersion: {version}\n"


class Venv:
    """One environment per place of Odoo; the stamp tells what is in it."""

    def __init__(self, layout, odoo):
        self.layout = layout
        self.odoo = odoo
        self.folder = layout.cache / "venv" / f"odoo-{short_hash(odoo.site)}"
        self.stamp = self.folder / "complete"

    @property
    def bin(self):
        return self.folder / "bin"

    @property
    def python(self):
        return self.bin / "python"

    def is_complete(self):
        return (
            self.python.exists()
            and self.stamp.exists()
            and self.stamp.read_text() == self._contents()
        )

    def make(self):
        require_space(self.folder, 1)
        self.stamp.unlink(missing_ok=True)
        if not self._runs():
            shutil.rmtree(self.folder, ignore_errors=True)
            run_logged(
                "Making the Python environment",
                [require_interpreter(), "-m", "venv", self.folder],
                self.layout.logs / "venv.log",
                hint="see the log",
            )
        self._install_requirements()
        self._add_odoo()
        self.stamp.write_text(self._contents())

    def _contents(self):
        pins = self.layout.requirements.read_bytes()
        return f"{sha256(pins).hexdigest()} {self.odoo.site} {self.odoo.version}\n"

    def _runs(self):
        """Whether an interrupted or outdated environment can be carried on with."""
        if not self.python.exists():
            return False
        probe = [self.python, "-m", "pip", "--version"]
        return subprocess.run(probe, capture_output=True).returncode == 0

    def _install_requirements(self):
        run_logged(
            "Installing Odoo's Python needs",
            [
                *(self.python, "-m", "pip", "install", "--no-input"),
                *("--disable-pip-version-check", "--progress-bar=off", "--no-deps"),
                # Built against the machine's libpq, as Odoo's own packages are.
                *("--no-binary=psycopg2", "--requirement", self.layout.requirements),
            ],
            self.layout.logs / "pip.log",
            hint="check the network and pip's index or proxy, then call again",
            detail=_last_package,
        )

    def _add_odoo(self):
        """Make `import odoo`, the command `odoo` and pip's `odoo 19.0` work."""
        site = next(self.folder.glob("lib/python3*/site-packages"))
        (site / "odoo-platform.pth").write_text(f"{self.odoo.site}\n")
        if not self.odoo.has_metadata:
            info = site / f"odoo-{self.odoo.version}.dist-info"
            info.mkdir(exist_ok=True)
            metadata = METADATA.format(version=self.odoo.version)
            (info / "METADATA").write_text(metadata)
            (info / "INSTALLER").write_text("sales_opportunity_plus\n")
        command = self.bin / "odoo"
        command.write_text(ODOO_COMMAND.format(python=self.python))
        command.chmod(0o755)


def _last_package(log):
    names = [
        line.split()[1].split("=")[0]
        for line in log.read_text(errors="replace").splitlines()
        if line.startswith("Collecting ")
    ]
    return names[-1] if names else ""
