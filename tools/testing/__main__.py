"""`make test`: every part, or the parts, paths or expression named in T."""

import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from . import parts, summary, templates
from .paths import ROOT

WORKERS = 2


def chosen(wanted):
    """(part, paths, extra arguments) of each run that T asks for."""
    names = ["install", *parts.FOLDERS]
    words = re.split(r"[\s,]+", wanted.strip()) if wanted.strip() else []
    if all(word in names for word in words):
        return [(part, (), ()) for part in names if not words or part in words]
    paths = [word for word in words if (ROOT / word.split("::")[0]).exists()]
    if not paths:
        expression = ("-k", wanted)
        return [(part, (), expression) for part in ("engine", "addon")]
    rest = tuple(word for word in words if word not in (*paths, *names))
    runs = {word: [] for word in words if word in names}
    for path in paths:
        runs.setdefault(part_of(path), []).append(path)
    return [(part, tuple(some), rest) for part, some in runs.items()]


def part_of(path):
    for part, folders in parts.FOLDERS.items():
        if path.rstrip("/").startswith(folders):
            return part
    raise SystemExit(
        f"{path} belongs to no part: use one of {', '.join(parts.FOLDERS)}"
    )


def run_all(runs):
    """Run the parts on two cores; print each one's line as soon as it is done."""
    stream = len(runs) == 1
    results = []

    def one(run):
        result = parts.run(*run, stream=stream)
        print(summary.line(result), flush=True)
        if result.failed:
            print(summary.details(result, shown=stream), flush=True)
        return result

    with ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(one, runs))
    return results


def main():
    started = time.monotonic()
    runs = chosen(os.environ.get("T") or " ".join(sys.argv[1:]))
    print(summary.header(), flush=True)
    with templates.run():
        code = summary.close(run_all(runs))
    print(f"total {time.monotonic() - started:.0f} s", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
