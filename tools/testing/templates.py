"""Template databases: built once, cloned by every test that needs a database.

plain_<platform>            crm and what it pulls in, no demo data
addon_<platform>_<addon>    the same with our addon, one per state of its files
The wide pair has every other CRM module of the platform as well; the glue pair has the
modules that our glue is for, without us and with the addon and its glue.
"""

import fcntl
import os
import shutil
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from . import databases
from .odoo_process import load, shell
from .paths import ADDON, GLUE_DIRS, RUN, cache, glued
from .versions import addon_hash, all_hash, names_hash, pin, platform_hash

KEPT_RUNS = 10
CLONES = f"{databases.PREFIX}clone_"
# Browser tests would otherwise each wait for the assets to be compiled.
ASSETS = "env['ir.qweb']._pregenerate_assets_bundles()\nenv.cr.commit()\n"


@contextmanager
def lock(kind):
    """Two runs, or two parts of one, must not do the same lasting work."""
    with open(cache() / f"{kind}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def log_folder(name):
    """Logs of the build; they are read again on every run that uses the template."""
    return cache() / "logs" / "templates" / name


def _keep_log(name, log):
    folder = log_folder(name)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.move(log, folder / Path(log).name)


def _build(name, modules, source=None):
    building = f"{name}_building"
    shutil.rmtree(log_folder(name), ignore_errors=True)
    databases.create(building, source)
    _keep_log(name, load(building, install=modules))
    _keep_log(name, shell(building, ASSETS))
    databases.rename(building, name)


def _template(kind, name, modules, source=None):
    name = f"{databases.PREFIX}{kind}_{name}"
    with lock(kind):
        if name not in databases.names():
            print(f"  building template {name} …", flush=True)
            _build(name, modules, source() if source else None)
    return name


def _with_addon(kind, source, state, modules=(ADDON,)):
    name = f"{platform_hash()}_{state}"
    return _template(kind, name, modules, source=lambda: source)


def plain():
    return _template("plain", platform_hash(), ("crm",))


def addon():
    return _with_addon("addon", plain(), addon_hash())


def glue_plain():
    return _template("glueplain", _glue_plain_name(), ("crm", *glued()))


def _glue_plain_name():
    return f"{platform_hash()}_{names_hash(glued())}"


def glue():
    modules = (ADDON, *(folder.name for folder in GLUE_DIRS))
    return _with_addon("glue", glue_plain(), all_hash(), modules)


def wide_plain(modules):
    return _template("wideplain", platform_hash(), modules)


def wide_addon(modules):
    # Glue installs itself where its other half is.
    return _with_addon("wideaddon", wide_plain(modules), all_hash())


@contextmanager
def clone(template, label):
    """A database of one's own, dropped at the end; its name tells whose it is."""
    name = databases.create(f"{CLONES}{os.getpid()}_{label}", template)
    try:
        yield name
    finally:
        databases.drop(name)


@contextmanager
def run():
    """A whole test run: its templates stay, and what nobody needs any more goes."""
    pin()
    os.environ[RUN] = f"{time.strftime('%m%d-%H%M%S')}-{os.getpid()}"
    for folder in sorted((cache() / "runs").glob("*-*"))[:-KEPT_RUNS]:
        shutil.rmtree(folder)
    with open(cache() / "runs.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        _drop_leftovers()
        yield
    with open(cache() / "runs.lock", "w") as handle:
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _drop_old_templates()


def _drop_leftovers():
    """Clones of runs that were killed; those of a run that still goes on stay."""
    for name in databases.names(CLONES):
        owner = name.removeprefix(CLONES).split("_")[0]
        if not Path(f"/proc/{owner}").exists():
            databases.drop(name)


def _drop_old_templates():
    """Templates of older states of the addon or the platform are never used again."""
    platform, everything = platform_hash(), f"{platform_hash()}_{all_hash()}"
    ends = {
        "plain": platform,
        "wideplain": platform,
        "addon": f"{platform}_{addon_hash()}",
        "wideaddon": everything,
        "glueplain": _glue_plain_name(),
        "glue": everything,
    }
    keep = {f"{databases.PREFIX}{kind}_{end}" for kind, end in ends.items()}
    for name in databases.names():
        kind = name.removeprefix(databases.PREFIX).split("_")[0]
        if kind in ends and name not in keep:
            databases.drop(name)
            shutil.rmtree(log_folder(name), ignore_errors=True)
