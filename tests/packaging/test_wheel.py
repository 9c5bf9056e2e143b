"""The wheel: everything the addon needs, where Odoo looks for it."""

import ast
import email
import zipfile

import pytest

from testing.paths import ADDON, ADDON_DIR

INSIDE = f"odoo/addons/{ADDON}/"


@pytest.fixture(scope="module")
def archive(wheel):
    with zipfile.ZipFile(wheel) as opened:
        yield opened


@pytest.fixture(scope="module")
def metadata(archive):
    (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
    return email.message_from_bytes(archive.read(name))


def test_name_and_version_come_from_the_manifest(metadata):
    manifest = ast.literal_eval((ADDON_DIR / "__manifest__.py").read_text())
    assert metadata["Name"].replace("-", "_") == f"odoo_addon_{ADDON}"
    assert metadata["Version"] == manifest["version"]
    assert metadata["License"] == manifest["license"] == "LGPL-3"


def test_it_asks_for_this_odoo_and_nothing_else(metadata):
    assert metadata.get_all("Requires-Dist") == ["odoo==19.0.*"]
    assert metadata["Requires-Python"] == ">=3.10"


def test_every_file_of_the_addon_is_inside(archive):
    expected = {
        INSIDE + path.relative_to(ADDON_DIR).as_posix()
        for path in ADDON_DIR.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {n for n in archive.namelist() if n.startswith(INSIDE)} == expected


def test_nothing_else_is_inside(archive):
    """An __init__.py of `odoo` or `odoo.addons` would hide Odoo itself."""
    others = [
        name
        for name in archive.namelist()
        if not name.startswith(INSIDE) and ".dist-info/" not in name
    ]
    assert others == []
