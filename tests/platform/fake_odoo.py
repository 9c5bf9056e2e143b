"""Folders that look like an Odoo, as far as the set-up looks."""

RELEASE = "version_info = ({}, {}, 0, FINAL, 0, '')\n"


def make_odoo(site, *, series=(19, 0), addons="odoo/addons"):
    """An `odoo` package below `site`, with the addon `web` in `addons`."""
    package = site / "odoo"
    package.mkdir(parents=True)
    (package / "release.py").write_text(RELEASE.format(*series))
    web = site / addons / "web"
    web.mkdir(parents=True)
    (web / "__manifest__.py").write_text("{}")
    return site
