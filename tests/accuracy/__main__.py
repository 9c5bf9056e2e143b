"""`make accuracy DATA=folder`: the engine's forecasts against what came.

The folder holds the data sets by name; those that are not there are left out.
"""

import os
import sys
import time
from pathlib import Path

import engine_alone  # first: it makes the engine importable

ROOT = engine_alone.FOLDER.parent


def main():
    import bohanec_b2b
    import bpic2012
    import maven_crm

    given = os.environ.get("DATA") or ROOT.parent / "shared" / "data"
    folder = Path(given).resolve()
    sets = (bpic2012, bohanec_b2b, maven_crm)
    found = [data for data in sets if (folder / data.NAME).is_dir()]
    if not found:
        print(
            f"{folder} holds none of bpic2012, bohanec_b2b and maven_crm: "
            "name the folder that does in DATA.",
            file=sys.stderr,
        )
        return 1
    for data in found:
        started = time.monotonic()
        data.measure(folder)
        print(f"  ({time.monotonic() - started:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
