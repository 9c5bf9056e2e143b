"""An environment with pm4py in the cache, apart from Odoo's and its versions."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

from testing.paths import cache

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements.txt"


def _python():
    """The environment's Python; it is made on first use."""
    key = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:8]
    folder = cache() / f"pm4py-{key}-{sys.version_info[0]}.{sys.version_info[1]}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", folder])
        install = ["-m", "pip", "install", "-q", "--no-input", "--no-deps"]
        _run([python, *install, "--requirement", REQUIREMENTS])
        (folder / "complete").touch()
    return python


def _run(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} {command[2]} failed: {done.stderr.strip()}")
    return done.stdout


def time_in_stage(log):
    """What pm4py says of a log: by activity, stays, mean, median and each case."""
    return json.loads(_run([_python(), HERE / "pm4py_reference.py", log]))
