"""The wheel in an Odoo that knows of no addons_path."""

import json

import pytest
from checked_command import run

from testing import databases
from testing.odoo_process import log_path
from testing.paths import ADDON, ADDON_DIR, ADDON_DIRS, ROOT, manifest

NAMES = [folder.name for folder in ADDON_DIRS]

WHERE = f"""
import json
import odoo
from odoo.modules.module import get_module_path
from odoo.tools import config
config.parse_config([])
paths = [get_module_path(name) for name in {NAMES!r}]
print(json.dumps([paths, config["addons_path"]]))
"""


@pytest.fixture
def database(clone, plain_template):
    return clone(plain_template, "packaging")


def test_odoo_finds_the_installed_addons(odoo_python, odoo_environment, tmp_path):
    printed = run(
        odoo_python, "-I", "-c", WHERE, env=odoo_environment, cwd=tmp_path
    ).splitlines()[-1]
    paths, addons_path = json.loads(printed)
    for name, path in zip(NAMES, paths, strict=True):
        assert path.startswith(str(odoo_python.parent.parent))
        assert path.endswith(f"/odoo/addons/{name}")
    assert str(ROOT) not in addons_path


def test_it_installs_into_an_empty_database(
    database, odoo_python, odoo_environment, tmp_path
):
    run(
        *(odoo_python, "-I", "-m", "odoo", f"--database={database}"),
        *(f"--init={ADDON}", "--stop-after-init", "--no-http"),
        f"--logfile={log_path('packaging')}",
        env=odoo_environment,
        cwd=tmp_path,
    )
    found = databases.query(
        database,
        "SELECT state, latest_version FROM ir_module_module WHERE name = %s",
        (ADDON,),
    )
    assert found == [("installed", manifest(ADDON_DIR)["version"])]
    assert databases.query(database, "SELECT count(*) FROM crm_stage_history") == [(0,)]
