"""Which files are linted: what git tracks or would track."""

import os
import subprocess

from odoo_platform.errors import PlatformError


class Files:
    def __init__(self, root):
        self.root = root
        command = [
            "git",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]
        try:
            listed = subprocess.run(command, cwd=root, capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise PlatformError(
                "make lint needs git and a clone: run it in a checkout made by git"
            ) from error
        names = set(os.fsdecode(listed.stdout).split("\0")) - {""}
        # A file that was removed but not yet committed is still listed.
        self.all = sorted(name for name in names if (root / name).is_file())
        self.links = sorted(name for name in names if (root / name).is_symlink())

    def ending(self, *suffixes, under=""):
        return [n for n in self.all if n.endswith(suffixes) and n.startswith(under)]

    def addons(self):
        """Folders of the addons, each with its manifest."""
        manifests = self.ending("/__manifest__.py")
        return [name.split("/")[0] for name in manifests if name.count("/") == 1]

    def shell_scripts(self):
        return [name for name in self.all if self._is_shell(name)]

    def text(self):
        """Files of words: no pictures, fonts or archives."""
        return [name for name in self.all if b"\0" not in self._head(name)]

    def _is_shell(self, name):
        first = self._head(name).split(b"\n", 1)[0]
        return first.startswith(b"#!") and first.endswith((b"bash", b"/sh", b" sh"))

    def _head(self, name):
        with (self.root / name).open("rb") as source:
            return source.read(4096)
