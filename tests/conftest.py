"""Fixtures for tests that run outside Odoo's own runner."""

import importlib.util
import sys
from contextlib import ExitStack

import hypothesis
import pytest

from testing import templates
from testing.paths import ADDON, ADDON_DIR


def _engine_without_odoo():
    """Make `sales_opportunity_plus.engine` importable where there is no Odoo.

    The addon's own __init__ imports its models; an empty package with the same
    path lets the engine load alone, under the name it has for import-linter.
    """
    spec = importlib.util.spec_from_loader(ADDON, loader=None, is_package=True)
    package = importlib.util.module_from_spec(spec)
    package.__path__ = [str(ADDON_DIR)]
    sys.modules[ADDON] = package


_engine_without_odoo()
# How long an example takes says more about what else runs than about the engine.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def plain_template():
    """Name of a database with crm alone; clone it, never change it."""
    return templates.plain()


@pytest.fixture(scope="session")
def addon_template():
    """Name of a database with crm and our addon; clone it, never change it."""
    return templates.addon()


@pytest.fixture(scope="session")
def glue_plain_template():
    """Name of a database with what our glue is for, and nothing of ours."""
    return templates.glue_plain()


@pytest.fixture(scope="session")
def glue_template():
    """Name of a database with our addon and its glue; clone it, never change it."""
    return templates.glue()


def _cloner():
    stack = ExitStack()

    def make(template, label):
        return stack.enter_context(templates.clone(template, label))

    return stack, make


@pytest.fixture
def clone():
    """clone(template, label): a database that is dropped after the test."""
    stack, make = _cloner()
    with stack:
        yield make


@pytest.fixture(scope="module")
def module_clone():
    """The same for a database that the tests of a module share."""
    stack, make = _cloner()
    with stack:
        yield make
