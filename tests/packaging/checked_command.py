"""Runs a command for a test."""

import subprocess


def run(*command, **options):
    """Run a command; on failure the test shows what it printed."""
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, **options
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
