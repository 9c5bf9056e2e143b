"""Odoo is found in each shape in which people have it."""

import pytest
from fake_odoo import make_odoo

from odoo_platform import rcfile
from odoo_platform.layout import Layout
from odoo_platform.odoo import current_odoo

SHAPES = {
    "checkout": ".",
    "Debian's root": "usr/lib/python3/dist-packages",
    "virtual environment": "lib/python3.12/site-packages",
}


@pytest.mark.parametrize("place", SHAPES.values(), ids=SHAPES.keys())
def test_it_is_found_below_odoo_home(monkeypatch, tmp_path, layout, place):
    site = make_odoo(tmp_path / place)
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    assert current_odoo(layout).site == site.resolve()


def test_the_package_itself_may_be_named(monkeypatch, tmp_path, layout):
    make_odoo(tmp_path)
    monkeypatch.setenv("ODOO_HOME", str(tmp_path / "odoo"))
    assert current_odoo(layout).site == tmp_path.resolve()


def test_a_checkout_has_addons_beside_the_package_too(monkeypatch, tmp_path, layout):
    site = make_odoo(tmp_path, addons="addons").resolve()
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    expected = [site / "odoo" / "addons", site / "addons"]
    assert current_odoo(layout).addons_paths == expected


def test_nothing_is_current_before_debian_s_is_unpacked(monkeypatch, layout):
    monkeypatch.delenv("ODOO_HOME", raising=False)
    assert current_odoo(layout) is None


def test_an_interrupted_unpacking_does_not_count(monkeypatch, layout):
    monkeypatch.delenv("ODOO_HOME", raising=False)
    platform = layout.cache / "platform" / "1"
    site = make_odoo(platform / "usr" / "lib" / "python3" / "dist-packages")
    layout.odoo_link.symlink_to(site)
    assert current_odoo(layout) is None


def test_the_configuration_names_a_checkout_only_when_it_has_an_addon(
    monkeypatch, tmp_path, layout
):
    monkeypatch.setenv("ODOO_HOME", str(make_odoo(tmp_path / "odoo-home")))
    checkout = tmp_path / "checkout"
    (checkout / "some_addon").mkdir(parents=True)
    own = Layout(checkout, layout.cache)
    rcfile.write(own, current_odoo(own))
    assert str(checkout) not in rcfile.path(own).read_text()
    (checkout / "some_addon" / "__manifest__.py").write_text("{}")
    rcfile.write(own, current_odoo(own))
    assert str(checkout) in rcfile.path(own).read_text()
