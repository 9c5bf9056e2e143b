"""The wheel: everything our addons need, where Odoo looks for it."""

import email
import zipfile

import pytest

from testing.paths import ADDON, ADDON_DIR, ADDON_DIRS, manifest

INSIDE = "odoo/addons/"


@pytest.fixture(scope="module")
def archive(wheel):
    with zipfile.ZipFile(wheel) as opened:
        yield opened


@pytest.fixture(scope="module")
def metadata(archive):
    (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
    return email.message_from_bytes(archive.read(name))


def test_name_and_version_come_from_the_manifest(metadata):
    said = manifest(ADDON_DIR)
    assert metadata["Name"].replace("-", "_") == f"odoo_addon_{ADDON}"
    assert metadata["Version"] == said["version"]
    assert metadata["License"] == said["license"] == "LGPL-3"


def test_it_asks_for_this_odoo_and_nothing_else(metadata):
    assert metadata.get_all("Requires-Dist") == ["odoo==19.0.*"]
    assert metadata["Requires-Python"] == ">=3.10"


@pytest.mark.parametrize("addon", ADDON_DIRS, ids=lambda folder: folder.name)
def test_every_file_of_the_addon_is_inside(archive, addon):
    place = f"{INSIDE}{addon.name}/"
    expected = {
        place + path.relative_to(addon).as_posix()
        for path in addon.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {n for n in archive.namelist() if n.startswith(place)} == expected


def test_nothing_else_is_inside(archive):
    """An __init__.py of `odoo` or `odoo.addons` would hide Odoo itself."""
    places = tuple(f"{INSIDE}{addon.name}/" for addon in ADDON_DIRS)
    others = [
        name
        for name in archive.namelist()
        if not name.startswith(places) and ".dist-info/" not in name
    ]
    assert others == []
