"""Pipeline history and waterfall in a process of their own, and what comes of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import verdict

SCRIPT = Path(__file__).with_name("pipeline.py")
RATIOS = {"first": 2.5, "next": 0.8, "waterfall": 1.5}


def run(database, rounds):
    """Figures of `pipeline.py` on a database with the addon; it is changed."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), database, str(rounds)],
        capture_output=True,
        text=True,
        cwd=os.environ["SOP_ROOT"],
    )
    if done.returncode:
        raise SystemExit(f"Measuring the pipeline failed:\n{done.stderr[-3000:]}")
    figures = json.loads(done.stdout.splitlines()[-1])
    return figures | {"aims": list(_aims(figures))}


def _aims(figures):
    same = figures["rows"] == figures["rows_bare"]
    yield verdict.aim("as many open rows as the bare SQL", same)
    for name, ratio in RATIOS.items():
        text = f"{name} ≤ {ratio:.2f}× cpu"
        yield verdict.aim(text, figures[f"{name}_cpu_ratio"] <= ratio)


def sentence(figures):
    """One line for the table."""
    return (
        f"pipeline history, {figures['rows']:,} open: bare INSERT "
        f"{figures['bare_wall_ms']:,.0f} ms; first day × "
        f"{figures['first_wall_ratio']:.2f} wall × "
        f"{figures['first_cpu_ratio']:.2f} CPU; "
        f"a day with 2 % changes × {figures['next_wall_ratio']:.2f} wall × "
        f"{figures['next_cpu_ratio']:.2f} CPU; waterfall "
        f"{figures['waterfall_wall_ms']:,.0f} ms, × "
        f"{figures['waterfall_wall_ratio']:.2f} wall of its bare join"
    )
