"""Databases with the addon for the loader, and the real data where it is."""

import os
from pathlib import Path

import pytest

from testing.paths import ROOT


def real_data(name):
    """Folder of a data set that is not ours to publish: it is not in the repository."""
    given = os.environ.get("SOP_REAL_DATA") or ROOT.parent / "shared" / "data"
    folder = Path(given) / name
    if not folder.is_dir():
        pytest.skip(
            f"the data set {name} is not at {folder}: put it there, or name the folder "
            "that holds it in SOP_REAL_DATA, to compare the loader with it"
        )
    return folder


@pytest.fixture(scope="module")
def real_folder():
    """real_folder(name): the folder of a real data set; skips where there is none."""
    return real_data


@pytest.fixture
def database(addon_template, clone):
    return clone(addon_template, "load")
