"""Small checks of our own that no linter makes."""

import re
import subprocess
import sys

ADDON = "sales_opportunity_plus"
FRAGMENTS = f"{ADDON}/readme/newsfragments"
FRAGMENT_NAME = re.compile(
    r"(\+?[A-Za-z0-9_-]+)\.(feature|bugfix|removal|doc|misc)(\.\d+)?(\.rst)?"
)
TABLE_OF_BYTES = (".csv", ".po", ".pot", ".png", ".svg")


def whitespace(files, fix):
    """Trailing blanks, a missing or doubled last line end, Windows line ends."""
    problems = []
    for name in files.text():
        if name.endswith(TABLE_OF_BYTES):
            continue
        path = files.root / name
        before = path.read_bytes()
        lines = before.replace(b"\r\n", b"\n").split(b"\n")
        after = b"\n".join(line.rstrip(b" \t") for line in lines).rstrip(b"\n")
        after += b"\n" if after else b""
        if after == before:
            continue
        if fix:
            path.write_bytes(after)
        else:
            problems.append(f"{name}: trailing blanks or line ends")
    return problems


def forbidden_files(files, _fix):
    """Rejected hunks, and English translations: the source is English already."""
    return [
        f"{name}: must not be committed"
        for name in files.all
        if name.endswith((".rej", ".orig", "/i18n/en.po"))
    ]


def news_fragments(files, _fix):
    """HISTORY is made from one fragment per change: the folder must be there."""
    kept = [n for n in files.all if n.startswith(f"{FRAGMENTS}/")]
    if not kept:
        return [f"{FRAGMENTS}: missing; add a fragment or an empty .gitkeep"]
    names = [name.rsplit("/", 1)[1] for name in kept]
    return [
        f"{FRAGMENTS}/{name}: name it <issue>.feature|bugfix|removal|doc|misc"
        for name in names
        if name != ".gitkeep" and not FRAGMENT_NAME.fullmatch(name)
    ]


def generated_readme(files, fix):
    """The addon's README is made from its fragments."""
    command = [sys.executable, files.root / "tools/readme"]
    done = subprocess.run(
        command if fix else [*command, "--check"],
        check=False,
        capture_output=True,
        text=True,
    )
    return done.stderr.splitlines()


ALL = (whitespace, forbidden_files, news_fragments, generated_readme)
