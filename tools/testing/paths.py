"""Where things are; the environment is set by tools/with-platform."""

import ast
import configparser
import os
import re
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

ADDON = "sales_opportunity_plus"
RUN = "SOP_TEST_RUN"
ROOT = Path(__file__).resolve().parents[2]
ADDON_DIR = ROOT / ADDON
# The addon itself comes first, then its glue to other addons.
ADDON_DIRS = tuple(
    path.parent for path in sorted(ROOT.glob(f"{ADDON}*/__manifest__.py"))
)
GLUE_DIRS = tuple(path for path in ADDON_DIRS if path != ADDON_DIR)


def manifest(folder):
    """What the __manifest__.py in a folder says."""
    return ast.literal_eval((folder / "__manifest__.py").read_text("utf-8"))


def glued():
    """The addons that our glue is for."""
    needed = {name for folder in GLUE_DIRS for name in manifest(folder)["depends"]}
    return tuple(sorted(needed - {folder.name for folder in ADDON_DIRS}))


def _required(name):
    value = os.environ.get(name)
    if not value:
        raise SystemExit(f"{name} is not set: start this through tools/with-platform")
    return Path(value)


def cache():
    """Folder for everything that outlives a run and is no part of the checkout."""
    folder = _required("SOP_CACHE") / "test"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def odoo_home():
    """Folder that contains the `odoo` package."""
    return _required("SOP_ODOO").resolve()


def odoo_addons():
    """Folder of crm: a checkout has it beside the `odoo` package, a package inside."""
    for folder in (odoo_home() / "odoo" / "addons", odoo_home() / "addons"):
        if (folder / "crm" / "__manifest__.py").is_file():
            return folder
    raise SystemExit(f"no crm addon under {odoo_home()}: check ODOO_HOME")


def run_folder():
    """Folder of this run: two runs at once must not touch each other's files."""
    return cache() / "runs" / os.environ.get(RUN, "direct")


# Parts run in threads, so this cannot be a variable of the environment alone.
_log_folder = ContextVar("log_folder", default=None)


def logs():
    """Log folder of the part that runs; the runner reads every *.log in it."""
    named = _log_folder.get() or os.environ.get("SOP_TEST_LOGS")
    folder = Path(named or run_folder())
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def logging_to(folder):
    """Send the logs of the Odoo processes started inside to a folder."""
    token = _log_folder.set(folder)
    try:
        yield
    finally:
        _log_folder.reset(token)


def screenshots():
    folder = cache() / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def filestore(database):
    """Attachment folder of a database; a clone needs a copy of it."""
    config = configparser.RawConfigParser()
    config.read(_required("ODOO_RC"))
    data_dir = config.get("options", "data_dir", fallback="")
    folder = Path(data_dir or "~/.local/share/Odoo").expanduser()
    return folder / "filestore" / database


def safe_name(text):
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", text)
