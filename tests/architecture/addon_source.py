"""The source of our addons as syntax trees: what the architecture tests look at."""

import ast
import functools
from dataclasses import dataclass
from pathlib import Path

from testing.paths import ADDON_DIRS, ROOT

MODEL_BASES = {"Model", "TransientModel", "AbstractModel"}
# A part of an extension of the opportunity: its methods are the opportunity's.
PART = "LeadPart"
PART_ATTRIBUTES = {"_name": "crm.lead", "_inherit": ["crm.lead"]}


def python_files(folder, *without):
    """Python files under a folder, leaving out sub-folders by name."""
    for path in sorted(folder.rglob("*.py")):
        if not set(path.relative_to(folder).parts) & {"__pycache__", *without}:
            yield path


def source_files():
    """Python files of our addons, tests left out."""
    return [path for folder in ADDON_DIRS for path in python_files(folder, "tests")]


@functools.cache
def tree(path):
    return ast.parse(path.read_text(), filename=str(path))


def shown(path):
    return str(Path(path).relative_to(ROOT))


@dataclass
class ModelClass:
    """One class that defines or extends an Odoo model."""

    path: Path
    node: ast.ClassDef
    kind: str
    attributes: dict

    @property
    def place(self):
        """The file, from the folder of its addon."""
        (folder,) = (path for path in ADDON_DIRS if path in self.path.parents)
        return self.path.relative_to(folder)

    @property
    def inherit(self):
        inherit = self.attributes.get("_inherit") or []
        return [inherit] if isinstance(inherit, str) else list(inherit)

    @property
    def model(self):
        return self.attributes.get("_name") or (self.inherit or [None])[0]

    @property
    def extends(self):
        """Whether it changes a model that exists already."""
        return self.model in self.inherit

    @property
    def methods(self):
        return {
            node.name: node
            for node in self.node.body
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        }

    @property
    def fields(self):
        """Names of the fields that are declared with `fields.X(...)`."""
        return {
            target.id
            for node in self.node.body
            if isinstance(node, ast.Assign) and _is_field(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def __str__(self):
        return f"{shown(self.path)}: {self.node.name}"


def _is_field(value):
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and isinstance(value.func.value, ast.Name)
        and value.func.value.id == "fields"
    )


def _base_names(node):
    return {getattr(base, "attr", getattr(base, "id", None)) for base in node.bases}


def _literals(node):
    """Class attributes with a literal value."""
    found = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    try:
                        found[target.id] = ast.literal_eval(statement.value)
                    except ValueError:
                        continue
    return found


@functools.cache
def model_classes():
    """Every model class of our addons, tests left out."""
    found = []
    for path in source_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                bases = _base_names(node)
                if kinds := bases & MODEL_BASES:
                    found.append(ModelClass(path, node, kinds.pop(), _literals(node)))
                elif PART in bases:
                    attributes = _literals(node) | PART_ATTRIBUTES
                    found.append(ModelClass(path, node, PART, attributes))
    return found


def own_models():
    """Classes that bring a model of ours with a table or records of its own."""
    return [
        model
        for model in model_classes()
        if not model.extends and model.kind != "AbstractModel"
    ]


def calls(node):
    """Names of everything that is called inside a node: `a.b.c()` gives `c`."""
    for child in ast.walk(node):
        if isinstance(child, ast.Call):
            yield getattr(child.func, "attr", getattr(child.func, "id", None))
