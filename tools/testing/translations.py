"""The addon's translation template, as Odoo exports it.

`tools/i18n` writes it into the addon; tests/lifecycle says when it is out of date.
"""

import re
import subprocess
import tempfile
from pathlib import Path

from . import templates
from .odoo_process import log_path
from .paths import ADDON, ADDON_DIR

TEMPLATE = ADDON_DIR / "i18n" / f"{ADDON}.pot"
#: Lines that differ from one export to the next.
_DATES = re.compile(r'^"PO(T-Creation|-Revision)-Date:.*\n', re.MULTILINE)


def export(database):
    """The template of the addon as installed in `database`, without its dates."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "addon.pot")
        command = ["odoo", "i18n", "export", "-d", database, "-l", "pot"]
        with open(log_path(f"i18n-{database}"), "w") as log:
            subprocess.run(
                [*command, "-o", str(target), ADDON],
                check=True,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return _DATES.sub("", target.read_text("utf-8"))


def write():
    with templates.clone(templates.addon(), "i18n") as database:
        TEMPLATE.write_text(export(database), "utf-8")
    print(TEMPLATE.relative_to(ADDON_DIR.parent))
