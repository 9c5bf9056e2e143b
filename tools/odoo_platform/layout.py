"""Where everything is: the checkout and the folders of the cache."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

ADDON = "sales_opportunity_plus"


def short_hash(text):
    return hashlib.sha256(str(text).encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Layout:
    root: Path
    cache: Path

    @classmethod
    def from_environment(cls):
        root = Path(__file__).resolve().parent.parent.parent
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        cache = os.environ.get("SOP_CACHE") or Path(home) / ADDON
        return cls(root, Path(cache).absolute())

    @property
    def key(self):
        """Tells this checkout's databases and files from another one's."""
        return short_hash(self.root)

    @property
    def requirements(self):
        return self.root / "requirements" / "platform.txt"

    @property
    def addons(self):
        """Folders of the addon and of its glue to others."""
        return sorted(
            path.parent for path in self.root.glob(f"{ADDON}*/__manifest__.py")
        )

    @property
    def odoo_link(self):
        return self.cache / "odoo"

    @property
    def logs(self):
        return self.cache / "log"

    @property
    def servers(self):
        return self.cache / "server"
