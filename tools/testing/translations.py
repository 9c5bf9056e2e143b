"""The translation templates of the addon and its glue, as Odoo exports them.

`tools/i18n` writes them into the addons; tests/lifecycle and tests/glue say when one is
out of date.
"""

import re
import subprocess
import tempfile
from pathlib import Path

from . import templates
from .odoo_process import log_path
from .paths import ADDON, GLUE_DIRS, ROOT

#: Lines that differ from one export to the next.
_DATES = re.compile(r'^"PO(T-Creation|-Revision)-Date:.*\n', re.MULTILINE)


def template(addon):
    """Where the translation template of an addon is."""
    return ROOT / addon / "i18n" / f"{addon}.pot"


def export(database, addon=ADDON):
    """The template of an addon as installed in `database`, without its dates."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "addon.pot")
        command = ["odoo", "i18n", "export", "-d", database, "-l", "pot"]
        with open(log_path(f"i18n-{database}"), "w") as log:
            subprocess.run(
                [*command, "-o", str(target), addon],
                check=True,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return _DATES.sub("", target.read_text("utf-8"))


def write():
    """Each from the database whose tests look at it: glue changes what is exported."""
    pairs = [(ADDON, templates.addon)]
    pairs += [(folder.name, templates.glue) for folder in GLUE_DIRS]
    for addon, source in pairs:
        with templates.clone(source(), "i18n") as database:
            target = template(addon)
            target.parent.mkdir(exist_ok=True)
            target.write_text(export(database, addon), "utf-8")
        print(target.relative_to(ROOT))
