"""Measurements in a process of their own: how one is started, and how it answers.

A script measures on a database with the addon, which it may change, and prints one
JSON line; its report judges the figures and puts them into a sentence.
"""

import json
import os
import subprocess
import sys
from pathlib import Path


def run(report, database, rounds, smaller=()):
    """Figures of a report's script, with the verdict on its aims.

    :param smaller: figures of smaller databases
    """
    script = Path(__file__).with_name(report.SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script), database, str(rounds)],
        capture_output=True,
        text=True,
        cwd=os.environ["SOP_ROOT"],
    )
    if done.returncode:
        raise SystemExit(f"Measuring {report.TITLE} failed:\n{done.stderr[-3000:]}")
    figures = json.loads(done.stdout.splitlines()[-1])
    return figures | {"aims": list(report.aims(figures, smaller))}
