"""The Odoo in use: Debian's in the cache, or the person's own of ODOO_HOME."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .debian import is_unpacked, unpack_odoo
from .errors import PlatformError

SERIES = "19.0"
# Where the package `odoo` may be below ODOO_HOME: a checkout or the folder of an
# installation, Debian's own root, a virtual environment, the package itself.
PLACES = (
    ".",
    "usr/lib/python3/dist-packages",
    "lib/python3*/site-packages",
)


@dataclass(frozen=True)
class Odoo:
    """`site` is the folder that contains the `odoo` package."""

    site: Path
    version: str

    @property
    def addons_paths(self):
        """A checkout has most addons beside the package, an installation within."""
        beside, within = self.site / "addons", self.site / "odoo" / "addons"
        checkout = (beside / "web" / "__manifest__.py").exists()
        inside = (within / "web" / "__manifest__.py").exists()
        return [within] if inside or not checkout else [within, beside]

    @property
    def has_metadata(self):
        return any(self.site.glob("odoo-19*-info"))


def current_odoo(layout):
    """The Odoo in use, or None when Debian's has to be unpacked first."""
    home = os.environ.get("ODOO_HOME")
    if home:
        return _odoo_of_home(Path(home))
    if not is_unpacked(layout):
        return None
    return _read(layout.odoo_link.resolve())


def unpacked_odoo(layout):
    unpack_odoo(layout)
    return _read(layout.odoo_link.resolve())


def _odoo_of_home(home):
    if not home.is_dir():
        raise PlatformError(f"ODOO_HOME={home} is not a folder: set it to your Odoo 19")
    if (home / "release.py").exists():
        return _read(home.resolve().parent)
    for place in PLACES:
        for site in sorted(home.glob(place)) if "*" in place else [home / place]:
            if (site / "odoo" / "release.py").exists():
                return _read(site.resolve())
    raise PlatformError(f"ODOO_HOME={home} holds no Odoo: set it to your Odoo 19")


def _read(site):
    release = (site / "odoo" / "release.py").read_text()
    found = re.search(r"^version_info = \((\d+), (\d+)", release, re.MULTILINE)
    version = ".".join(found.groups()) if found else "an unknown version"
    if version != SERIES:
        raise PlatformError(
            f"{site} is Odoo {version}: set ODOO_HOME to an Odoo {SERIES}"
        )
    return Odoo(site, version)
