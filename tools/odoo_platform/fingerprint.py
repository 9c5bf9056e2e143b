"""Tells whether the addon's files changed in a way that its database must follow."""

from hashlib import sha256

# Served or run from the files themselves; a restart is enough.
IGNORED = {"tests", "static", "readme", "__pycache__"}


def addon_fingerprint(addon):
    digest = sha256()
    for path in sorted(addon.rglob("*")):
        relative = path.relative_to(addon)
        if path.is_file() and IGNORED.isdisjoint(relative.parts):
            digest.update(f"{relative}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
