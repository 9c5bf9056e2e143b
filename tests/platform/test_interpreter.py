"""Only a Python that runs and can make an environment is taken."""

import sys

import pytest

from odoo_platform import interpreter

FIT = "#!/bin/sh\necho {}\n"
BROKEN_SHIM = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"


@pytest.fixture
def command(monkeypatch, tmp_path):
    """command("python3.12", content): an executable, on an otherwise empty PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setattr(interpreter, "SYSTEM_FOLDER", tmp_path / "system")

    def make(path, content):
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
        target.chmod(0o755)
        return target

    return make


def test_the_newest_that_works_is_taken(command):
    command("bin/python3.13", BROKEN_SHIM)
    command("bin/python3.11", FIT.format("3.11"))
    expected = command("bin/python3.12", FIT.format("3.12"))
    assert interpreter.find_interpreter() == expected


def test_a_version_manager_s_own_is_found_behind_its_shim(command):
    command("bin/python3.13", BROKEN_SHIM)
    expected = command("pyenv/versions/3.13.1/bin/python3.13", FIT.format("3.13"))
    assert interpreter.find_interpreter() == expected


def test_one_that_tells_another_version_is_not_taken(command):
    command("bin/python3.12", FIT.format("3.9"))
    assert interpreter.find_interpreter() is None


def test_none_that_fits_is_an_error(command):
    with pytest.raises(interpreter.PlatformError, match="3.10 to 3.13"):
        interpreter.require_interpreter()


def test_the_environment_in_use_is_of_a_supported_version():
    assert (3, 10) <= sys.version_info[:2] <= (3, 13)
