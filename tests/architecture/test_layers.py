"""Layers of the design: a pure engine, one lead override, rooms in their folders."""

import ast
import sys
from collections import Counter

import pytest
from addon_source import PART, model_classes, python_files, shown, source_files, tree

from testing.paths import ADDON_DIR

ENGINE = ADDON_DIR / "engine"
ROOMS = {"stage_rule", "source", "forecast", "deal", "dashboard"}
# The demo company is cut by what it consists of: every room adds to it.
SHARED_FOLDERS = {"demo_company"}
# The one override, and what every room shares.
SHARED_FILES = {"models/crm_lead.py", "models/res_config_settings.py"}
GUARDED = {"create", "write", "unlink", "_compute_stage_id"}


def imported(path):
    """(top-level name, level) of each import in a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.split(".")[0], 0
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0], node.level


def test_the_engine_is_there():
    assert list(python_files(ENGINE)), "the engine has no Python file"


@pytest.mark.parametrize("path", list(python_files(ENGINE)), ids=shown)
def test_the_engine_imports_the_standard_library_and_itself_only(path):
    depth = len(path.relative_to(ENGINE).parts)
    for name, level in imported(path):
        if level:
            assert level <= depth, f"{shown(path)} reaches outside the engine"
        else:
            assert name in sys.stdlib_module_names, f"{shown(path)} imports {name}"


@pytest.mark.parametrize("path", list(python_files(ENGINE)), ids=shown)
def test_engine_functions_are_typed(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            assert node.returns is not None, f"{shown(path)}: {node.name} has no type"


def test_one_class_overrides_the_write_paths_of_the_lead():
    overriding = [
        (str(model.place), model.node.name)
        for model in model_classes()
        if model.model == "crm.lead" and GUARDED & set(model.methods)
    ]
    assert [path for path, _name in overriding] == ["models/crm_lead.py"], overriding


def test_the_lead_override_has_every_write_path():
    methods = {
        name
        for model in model_classes()
        if model.model == "crm.lead"
        for name in model.methods
    }
    assert methods >= GUARDED


def test_extensions_of_other_models_are_in_the_folder_of_their_room():
    for model in model_classes():
        path = model.place
        if not model.extends or str(path) in SHARED_FILES:
            continue
        assert path.parts[0] == "models", f"{model}: extensions belong in models/"
        # Glue is a page of code: it has no rooms.
        if ADDON_DIR in model.path.parents:
            folders = ROOMS | SHARED_FOLDERS
            assert path.parts[1] in folders, f"{model}: no room has this folder"


def test_extensions_name_the_model_they_extend():
    """pylint-odoo accepts several extensions of a model in one form only."""
    for model in model_classes():
        if model.extends:
            assert isinstance(model.attributes.get("_inherit"), list), model
            assert model.attributes.get("_name") == model.model, model


def test_no_model_has_many_extensions():
    """Each makes Odoo change the model's class again: see ``models/lead_part.py``."""
    count = Counter(model.model for model in model_classes() if model.kind != PART)
    assert count["crm.lead"] <= 4
    # It has no records and runs once, in a demo database.
    del count["crm.demo.company"]
    assert max(count.values()) <= 8, count.most_common(3)


def test_parts_leave_records_as_small_as_they_are():
    parts = [model for model in model_classes() if model.kind == PART]
    assert parts
    for part in parts:
        assert part.attributes.get("__slots__") == (), part


def test_no_file_of_the_addon_imports_a_test_or_tool():
    for path in source_files():
        names = {name for name, level in imported(path) if not level}
        assert not names & {"testing", "pytest", "tests"}, shown(path)
