"""Hashes that name the cached databases and results."""

import hashlib
import os
from pathlib import Path

from .paths import ADDON_DIR, ADDON_DIRS, ROOT, odoo_addons, odoo_home

# What the database does not depend on: editing it must not rebuild a template.
NOT_LOADED = {"__pycache__", "tests", "readme", "i18n", "README.rst"}
PINNED = "SOP_TEST_ADDON_HASHES"
PLATFORM_ADDONS = ("base", "web", "mail", "sales_team", "utm", "crm")


def _short(digest):
    return digest.hexdigest()[:10]


def addon_files(folder):
    """Files of an addon that a database can depend on, in a fixed order."""
    for path in sorted(folder.rglob("*")):
        parts = set(path.relative_to(folder).parts)
        if path.is_file() and not parts & NOT_LOADED and path.suffix != ".pyc":
            yield path


def pin():
    """Have this run keep the state of the addons that it began with."""
    os.environ[PINNED] = f"{_hash([ADDON_DIR])} {_hash(ADDON_DIRS)}"


def addon_hash():
    """One per state of the addon."""
    pinned = os.environ.get(PINNED)
    return pinned.split()[0] if pinned else _hash([ADDON_DIR])


def all_hash():
    """One per state of the addon and its glue."""
    pinned = os.environ.get(PINNED)
    return pinned.split()[1] if pinned else _hash(ADDON_DIRS)


def _hash(folders):
    digest = hashlib.sha256()
    for folder in folders:
        for path in addon_files(folder):
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return _short(digest)


def names_hash(names):
    """One per list of modules."""
    return hashlib.sha256(" ".join(names).encode()).hexdigest()[:6]


def file_hash(path):
    """Names results that depend on how a file of ours gets them."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:6]


def platform_hash():
    """Changes with the Odoo in use; sizes and times suffice for a read-only tree."""
    digest = hashlib.sha256(str(odoo_home()).encode())
    folders = [odoo_addons() / name for name in PLATFORM_ADDONS]
    folders.append(odoo_home() / "odoo" / "addons" / "base")
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".xml", ".csv", ".js"}:
                stat = path.stat()
                digest.update(f"{path.name}{stat.st_size}{int(stat.st_mtime)}".encode())
    return _short(digest)
