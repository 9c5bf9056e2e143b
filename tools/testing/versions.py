"""Hashes that name the cached databases and results."""

import hashlib
import os
from pathlib import Path

from .paths import ADDON_DIR, odoo_addons, odoo_home

# What the database does not depend on: editing it must not rebuild a template.
NOT_LOADED = {"__pycache__", "tests", "readme", "i18n", "README.rst"}
PINNED = "SOP_TEST_ADDON_HASH"
PLATFORM_ADDONS = ("base", "web", "mail", "sales_team", "utm", "crm")


def _short(digest):
    return digest.hexdigest()[:10]


def addon_files():
    """Files of the addon that a database can depend on, in a fixed order."""
    for path in sorted(ADDON_DIR.rglob("*")):
        parts = set(path.relative_to(ADDON_DIR).parts)
        if path.is_file() and not parts & NOT_LOADED and path.suffix != ".pyc":
            yield path


def addon_hash():
    """One per state of the addon; a run keeps the one that it began with."""
    if os.environ.get(PINNED):
        return os.environ[PINNED]
    digest = hashlib.sha256()
    for path in addon_files():
        digest.update(str(path.relative_to(ADDON_DIR)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return _short(digest)


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
