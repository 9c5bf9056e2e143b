"""An environment with schemathesis in the cache, apart from Odoo's and its versions."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from testing.paths import cache

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "api_requirements.txt"
# What the sender may say is in the document; who it is of, and which currencies there
# are, is not. The hooks sign calls anew, whatever a check took off them; what wrong
# signatures get is tested beside this.
LEFT_OUT = "positive_data_acceptance,missing_required_header,ignored_auth"


def _folder():
    """The environment; it is made on first use."""
    key = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:8]
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    folder = cache() / f"schemathesis-{key}-{version}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(folder)])
        install = ["-m", "pip", "install", "-q", "--no-input", "--no-deps"]
        python = str(folder / "bin" / "python")
        _run([python, *install, "--requirement", str(REQUIREMENTS)])
        (folder / "complete").touch()
    return folder


def _run(command, **options):
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, **options
    )
    if done.returncode:
        told = (done.stdout + done.stderr)[-4000:]
        raise AssertionError(f"{Path(command[0]).name} failed: {told}")
    return done.stdout


def hold_against(url, key, secret, folder, examples):
    """Call the server with everything its document allows, and with what it forbids."""
    environment = {
        **os.environ,
        "CONNECTOR_KEY": key,
        "CONNECTOR_SECRET": secret,
        "SCHEMATHESIS_HOOKS": "api_signing",
        "PYTHONPATH": str(HERE),
    }
    return _run(
        [
            *(str(_folder() / "bin" / "st"), "run", url),
            *("--phases", "coverage,fuzzing", "--exclude-checks", LEFT_OUT),
            *("--max-examples", str(examples), "--seed", "1"),
            *("--no-color", "--generation-database", "none", "--continue-on-failure"),
        ],
        env=environment,
        cwd=folder,
        timeout=300,
    )
