"""Tells whether our files changed in a way that their database must follow."""

from hashlib import sha256

# Served or run from the files themselves; a restart is enough.
IGNORED = {"tests", "static", "readme", "__pycache__"}


def fingerprint(root, addons):
    digest = sha256()
    for path in sorted(path for addon in addons for path in addon.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and IGNORED.isdisjoint(relative.parts):
            digest.update(f"{relative}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
