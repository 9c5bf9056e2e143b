"""The repository as a stranger gets it: nothing of one machine, no dead test."""

import ast
import re
import subprocess

import pytest
from addon_source import tree

from testing.paths import ADDON, ADDON_DIR, ADDON_DIRS, GLUE_DIRS, ROOT, manifest

# Written apart, so that this file does not name what it forbids.
MACHINE_PATHS = ["/wo" + "rk/", "/ro" + "ot/", "/tmp/ba" + "sh", "/opt/py" + "pi"]
REGISTRY_HOSTS = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "deb.debian" + ".org",
    "security.debian" + ".org",
    "proxy.golang" + ".org",
]
FORBIDDEN = re.compile("|".join(map(re.escape, MACHINE_PATHS + REGISTRY_HOSTS)))
BINARY = {".png", ".ico", ".gif", ".jpg", ".woff", ".woff2"}


def repository_files():
    """Files that are committed or would be with `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = sorted({ROOT / name for name in listed.split("\0") if name})
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize("path", repository_files(), ids=lambda path: path.name)
def test_file_names_nothing_of_one_machine(path):
    if path.suffix in BINARY:
        return
    for number, text in enumerate(path.read_text(errors="replace").splitlines(), 1):
        found = FORBIDDEN.search(text)
        assert not found, f"{path.relative_to(ROOT)}:{number}: {found.group()}"


def test_no_binaries_but_pictures():
    for path in repository_files():
        if path.suffix not in BINARY:
            assert b"\0" not in path.read_bytes(), path.relative_to(ROOT)


@pytest.mark.parametrize("addon", ADDON_DIRS, ids=lambda folder: folder.name)
def test_odoo_runs_every_test_file_of_the_addon(addon):
    folder = addon / "tests"
    files = {path.stem for path in folder.glob("test_*.py")}
    imported = {
        alias.name
        for node in ast.walk(tree(folder / "__init__.py"))
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }
    assert files == {name for name in imported if name.startswith("test_")}
    deeper = [path for path in folder.rglob("test_*.py") if path.parent != folder]
    assert not deeper, "Odoo runs no tests in sub-folders"


@pytest.mark.parametrize("folder", GLUE_DIRS, ids=lambda folder: folder.name)
def test_glue_installs_itself_and_goes_with_the_addon(folder):
    """One wheel and one image bring them; whoever looks for a new version sees one."""
    said = manifest(folder)
    assert said["auto_install"] is True
    assert said["depends"][0] == ADDON and len(said["depends"]) > 1
    assert said["version"] == manifest(ADDON_DIR)["version"]
