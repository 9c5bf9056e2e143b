"""What the image and compose.yaml promise without being run."""

import re

import pytest

from testing.paths import ADDON_DIRS, ROOT

FOLDER = ROOT / "docker"
# ${NAME:?message} or ${NAME:-default}
VARIABLE = re.compile(r"\$\{(\w+):([-?])([^}]*)\}")
SECRETS = {
    "ADMIN_PASSWORD",
    "ODOO_DB_PASSWORD",
    "POSTGRES_PASSWORD",
    "REPLICATION_PASSWORD",
}


@pytest.fixture
def compose():
    return (FOLDER / "compose.yaml").read_text()


@pytest.fixture
def example():
    lines = (FOLDER / ".env.example").read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if line and line[0] != "#")
    return dict(pairs)


def test_compose_refuses_to_start_without_each_secret(compose):
    asked = {(name, kind) for name, kind, _default in VARIABLE.findall(compose)}
    assert {name for name, kind in asked if kind == "?"} == SECRETS
    assert not {name for name, kind in asked if kind == "-"} & SECRETS


def test_no_password_is_written_down(compose):
    """Each key that names a password takes its value from the environment."""
    values = re.findall(r"PASSWORD:\s+(\S+)", compose)
    assert values
    assert all(value.startswith("${") for value in values)


@pytest.mark.parametrize("name", ["Dockerfile", "odoo.conf"])
def test_the_image_sets_no_password(name):
    lines = (FOLDER / name).read_text().splitlines()
    settings = [line for line in lines if not line.startswith(("#", ";"))]
    assert settings
    assert not [line for line in settings if re.search("passw|secret", line, re.I)]


def test_the_example_names_each_variable_once_and_no_secret(compose, example):
    assert example.keys() == {name for name, _kind, _ in VARIABLE.findall(compose)}
    assert all(example[name] == "" for name in SECRETS)
    defaults = {n: value for n, kind, value in VARIABLE.findall(compose) if kind == "-"}
    assert defaults == {name: example[name] for name in defaults}


def test_files_that_compose_mounts_exist(compose):
    mounted = re.findall(r"- (\./\S+?):", compose)
    assert len(mounted) >= 4
    for name in mounted:
        assert (FOLDER / name).is_file(), name


def test_files_that_the_image_copies_exist():
    copied = re.findall(
        r"^COPY (?:--\S+ )?(\S+) ", (FOLDER / "Dockerfile").read_text(), re.MULTILINE
    )
    allowed = (FOLDER / "Dockerfile.dockerignore").read_text()
    addons = {folder.name for folder in ADDON_DIRS}
    assert set(copied) == {"docker/odoo.conf", "docker/entry.sh", *addons}
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}\n" in allowed
