"""Odoo 19 from Debian's package `odoo-19`, unpacked into the cache.

It is on no Python index. Private apt folders keep the machine's own package lists
as they are, and apt checks Debian's signature as for any installation.
"""

import os
import shutil
import subprocess
from pathlib import Path

from .console import run_logged
from .errors import PlatformError
from .layout import short_hash
from .machine import require_space
from .npm import add_selfie_segmentation

ODOO_PACKAGE = "odoo-19/sid"
# What Odoo's package links to. Two fonts must be Debian 12's: sid has no Font
# Awesome 4.7 any more, and no Inconsolata.otf.
LINKED_PACKAGES = (
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-montserrat/sid",
    "fonts-ocr-b/sid",
    "fonts-inconsolata/bookworm",
    "fonts-font-awesome/bookworm",
)
KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)
SITE = Path("usr/lib/python3/dist-packages")
RECIPE = short_hash(LINKED_PACKAGES)
NETWORK_HINT = "check the network and apt's mirror or proxy, then call again"


def is_unpacked(layout):
    """The link is made last, so it means a whole platform of this recipe."""
    link = layout.odoo_link
    return link.exists() and _recipe_file(_platform_of(link)).exists()


def unpack_odoo(layout):
    require_space(layout.cache, 4)
    apt = _PrivateApt(layout)
    apt.update()
    downloads = layout.cache / "downloads"
    shutil.rmtree(downloads, ignore_errors=True)
    downloads.mkdir(parents=True)
    apt.download([ODOO_PACKAGE, *LINKED_PACKAGES], downloads)
    platform = layout.cache / "platform" / _version_in(downloads)
    partial = platform.with_name("unpacking")
    shutil.rmtree(partial, ignore_errors=True)
    _unpack(downloads, partial, layout.logs)
    add_selfie_segmentation(partial / SITE, layout)
    require_no_dangling_link(partial)
    _recipe_file(partial).touch()
    _replace(platform, partial)
    _point(layout.odoo_link, platform / SITE)
    shutil.rmtree(downloads)


def dangling_links(folder):
    return sorted(
        path for path in folder.rglob("*") if path.is_symlink() and not path.exists()
    )


def require_no_dangling_link(folder):
    dangling = dangling_links(folder)
    if dangling:
        raise PlatformError(
            f"Odoo's package links to {len(dangling)} missing files, first "
            f"{dangling[0].relative_to(folder)}: Debian moved them; use ODOO_HOME=…"
        )


class _PrivateApt:
    """apt-get with lists, cache and sources of its own."""

    def __init__(self, layout):
        self.layout = layout
        self.folder = layout.cache / "apt"
        self.sources = self.folder / "sources.list"
        settings = {
            "Dir::Etc::sourcelist": self.sources,
            "Dir::Etc::sourceparts": "-",
            "Dir::Etc::preferences": "-",
            "Dir::Etc::preferencesparts": "-",
            "Dir::State::lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "Acquire::Languages": "none",
            # A list that cannot be fetched is an error, not a warning.
            "APT::Update::Error-Mode": "any",
            "APT::Default-Release": "",
        }
        if os.geteuid() == 0:
            # apt's own account cannot write into root's cache folder.
            settings["APT::Sandbox::User"] = "root"
        self.command = ["apt-get", "-q"]
        for name, value in settings.items():
            self.command += ["-o", f"{name}={value}"]

    def update(self):
        for name in ("lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        mirror, keyring = _mirror(), _keyring()
        self.sources.write_text(
            "".join(
                f"deb [signed-by={keyring}] {mirror} {suite} main\n"
                for suite in ("sid", "bookworm")
            )
        )
        self._run("Reading Debian's package lists", ["update"], "apt-update")

    def download(self, packages, folder):
        def size(_log):
            done = sum(path.stat().st_size for path in folder.iterdir())
            return f"{done / 1e6:.0f} of about 133 MB"

        self._run(
            "Downloading Odoo 19 from Debian",
            ["download", *packages],
            "apt-download",
            cwd=folder,
            detail=size,
        )

    def _run(self, label, arguments, log, **options):
        run_logged(
            label,
            [*self.command, *arguments],
            self.layout.logs / f"{log}.log",
            hint=NETWORK_HINT,
            **options,
        )


def _mirror():
    """The mirror that this machine's apt uses for Debian's main archive."""
    chosen = os.environ.get("SOP_DEBIAN_MIRROR")
    if chosen:
        return chosen
    listed = _output(["apt-get", "indextargets", "--format", "$(REPO_URI)"]).split()
    mirrors = [u for u in listed if u.rstrip("/").endswith("/debian")]
    if not mirrors:
        raise PlatformError(
            "apt names no Debian mirror on this machine: set SOP_DEBIAN_MIRROR to "
            "one, or ODOO_HOME to an Odoo 19 that you have"
        )
    return mirrors[0]


def _keyring():
    found = next((name for name in KEYRINGS if Path(name).exists()), None)
    if not found:
        raise PlatformError(
            "Debian's keys are missing; run: sudo apt-get install -y "
            "debian-archive-keyring"
        )
    return found


def _version_in(downloads):
    package = next(downloads.glob("odoo-19_*.deb"))
    return _output(["dpkg-deb", "--field", package, "Version"]).strip()


def _unpack(downloads, folder, logs):
    folder.mkdir(parents=True)
    extract = 'for package in "$@"; do dpkg-deb --extract "$package" "$0"; done'
    run_logged(
        "Unpacking Odoo and what it links to",
        ["sh", "-ec", extract, folder, *sorted(downloads.glob("*.deb"))],
        logs / "unpack.log",
        hint=f"check the free space of {folder.parent}, then call again",
    )


def _output(argv):
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def _replace(target, source):
    """Put `source` in the place of `target`, which others may still be reading."""
    old = target.with_name("replaced")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    source.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _point(link, target):
    fresh = link.with_name("odoo.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


def _platform_of(link):
    return link.resolve().parents[len(SITE.parts) - 1]


def _recipe_file(platform):
    return platform / f"complete-{RECIPE}"
