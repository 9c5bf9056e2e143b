"""Learning anew in a process of its own, and what comes of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import verdict

SCRIPT = Path(__file__).with_name("refit.py")
MEMORY_MB = 50


def run(database, rounds):
    """Figures of `refit.py` on a database with the addon; it is changed."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), database, str(rounds)],
        capture_output=True,
        text=True,
        cwd=os.environ["SOP_ROOT"],
    )
    if done.returncode:
        raise SystemExit(f"Measuring the refit failed:\n{done.stderr[-3000:]}")
    figures = json.loads(done.stdout.splitlines()[-1])
    return figures | {"aims": list(_aims(figures))}


def _aims(figures):
    faster = figures["ours_cpu_s"] < figures["core_cpu_s"]
    yield verdict.aim("faster than Odoo's scoring cron (cpu)", faster)
    yield verdict.aim(f"≤ +{MEMORY_MB} MB", figures["ours_mb"] <= MEMORY_MB)


def sentence(figures):
    """One line for the table."""
    return (
        f"refit from {figures['closed']:,} closed ({figures['rung']}) and scoring: "
        f"{figures['ours_wall_s']:.1f} s wall {figures['ours_cpu_s']:.1f} s CPU "
        f"{figures['ours_mb']:+.0f} MB; Odoo's scoring cron "
        f"{figures['core_wall_s']:.1f} s wall {figures['core_cpu_s']:.1f} s CPU "
        f"{figures['core_mb']:+.0f} MB"
    )
