"""The one file of Odoo's web client that Debian leaves out.

`mail` lists it in its assets; without it every page logs an error in the browser.
"""

import os
import shutil
import tarfile

from .console import run_logged
from .errors import PlatformError

PACKAGE = "@mediapipe/selfie_segmentation@0.1.1675465747"
FILE = "selfie_segmentation.js"
FOLDER = "odoo/addons/mail/static/lib/selfie_segmentation"


def add_selfie_segmentation(site, layout):
    target = site / FOLDER / FILE
    if target.exists():
        return
    downloads = layout.cache / "downloads"
    run_logged(
        "Downloading selfie_segmentation from npm",
        ["npm", "pack", "--silent", "--pack-destination", downloads, PACKAGE],
        layout.logs / "npm.log",
        hint="check the network and npm's registry or proxy, then call again",
        cwd=downloads,
        env={**os.environ, "npm_config_cache": str(layout.cache / "npm")},
    )
    archive = next(downloads.glob("mediapipe-selfie_segmentation-*.tgz"))
    with tarfile.open(archive) as tar:
        member = tar.extractfile(f"package/{FILE}")
        if member is None:
            raise PlatformError(f"{PACKAGE} of npm has no {FILE}: use ODOO_HOME=…")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as output:
            shutil.copyfileobj(member, output)
