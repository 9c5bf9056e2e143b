"""The wheel, built once from a copy of the checkout, and an Odoo that has it."""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

import pytest
from checked_command import run

from linting.toolbox import Toolbox
from odoo_platform.layout import Layout
from testing.paths import ADDON_DIRS, ROOT

SOURCES = ("setup.py", "pyproject.toml", "README.rst")


@pytest.fixture(scope="session")
def build_python():
    """A Python with setuptools: nothing is downloaded to build a wheel."""
    toolbox = Toolbox(Layout.from_environment())
    toolbox.make_ready()
    return toolbox.venv / "bin" / "python"


@pytest.fixture(scope="session")
def wheel(build_python, tmp_path_factory):
    # A copy, since setuptools leaves folders of its own beside setup.py.
    source = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        shutil.copy(ROOT / name, source)
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ADDON_DIRS:
        shutil.copytree(folder, source / folder.name, ignore=ignored)
    target = tmp_path_factory.mktemp("wheel")
    build = (build_python, "-m", "build", "--wheel", "--no-isolation")
    run(*build, "--outdir", target, source)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def odoo_python(wheel, build_python, tmp_path_factory):
    """Python of an environment with Odoo and the wheel; the checkout is not on it."""
    folder = tmp_path_factory.mktemp("venv")
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    pip = (
        build_python,
        "-m",
        "pip",
        f"--python={python}",
        "--disable-pip-version-check",
    )
    run(*pip, "install", "--no-deps", "--no-index", wheel)
    # addsitedir, unlike a plain path, follows the platform's own link to Odoo.
    site = next(folder.glob("lib/python3*/site-packages"))
    platform = sysconfig.get_path("purelib")
    line = f"import site; site.addsitedir({platform!r})\n"
    (site / "platform.pth").write_text(line)
    return python


@pytest.fixture(scope="session")
def odoo_environment(tmp_path_factory):
    """Odoo's settings without addons_path and without the checkout's configuration."""
    folder = tmp_path_factory.mktemp("odoo")
    config = folder / "odoo.conf"
    config.write_text(f"[options]\ndata_dir = {folder / 'data'}\n")
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "ODOO_RC")}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]])
    return {**kept, "PATH": path, "ODOO_RC": str(config)}
