"""Small files, small functions: the limits of the design."""

import ast

import pytest
from addon_source import python_files, shown, tree

from testing.paths import ADDON_DIRS, ROOT

PYTHON_LINES = 300
TEST_LINES = 350
FUNCTION_LINES = 40
VIEW_LINES = 250
COMPONENT_LINES = 150
PYTHON = [
    *(path for folder in ADDON_DIRS for path in python_files(folder)),
    *python_files(ROOT / "tests"),
    *python_files(ROOT / "tools"),
    *ROOT.glob("*.py"),
]
VIEWS = sorted(
    path
    for folder in ADDON_DIRS
    for kind in ("views", "report")
    for path in folder.glob(f"{kind}/**/*.xml")
)
SCRIPTS = sorted(
    path for folder in ADDON_DIRS for path in folder.glob("static/**/*.js")
)


def lines(path):
    return len(path.read_text().splitlines())


def length(function):
    """Lines of a function; what its docstring explains is not held against it."""
    docstring = function.body[0] if ast.get_docstring(function) else None
    explained = docstring.end_lineno - docstring.lineno + 1 if docstring else 0
    return function.end_lineno - function.lineno + 1 - explained


@pytest.mark.parametrize("path", PYTHON, ids=shown)
def test_python_file(path):
    limit = TEST_LINES if path.name.startswith("test_") else PYTHON_LINES
    assert lines(path) <= limit


@pytest.mark.parametrize("path", PYTHON, ids=shown)
def test_functions(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert length(node) <= FUNCTION_LINES, f"{node.name}: {length(node)} lines"


@pytest.mark.parametrize("path", VIEWS, ids=shown)
def test_view_file(path):
    assert lines(path) <= VIEW_LINES


@pytest.mark.parametrize("path", SCRIPTS, ids=shown)
def test_component(path):
    assert lines(path) <= COMPONENT_LINES
