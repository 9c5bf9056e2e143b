"""What people and RPC clients can reach: access rows, company rules, public methods."""

import ast
import csv

import pytest
from addon_source import calls, model_classes, own_models, python_files, shown, tree
from lxml import etree

from testing.paths import ADDON_DIRS

RIGHTS_CHECKS = {"check_access", "has_access", "_filtered_access", "has_group"}
# The ORM itself makes these public, and it checks the rights of the caller.
ORM_METHODS = {"create", "write", "unlink", "copy", "copy_data", "default_get", "init"}
# Public methods that were looked at: what anyone may do with them over RPC, and why.
REVIEWED = {
    "crm.forecast.board.read_board": "``_check_reader`` refuses who is no salesperson",
    "crm.forecast.board.read_outlook": "``_check_reader`` refuses as for the board",
    "crm.campaign.cost.get_import_templates": "Odoo's import asks; names a static file",
}


def access_rows():
    rows = []
    for folder in ADDON_DIRS:
        for path in folder.glob("security/ir.model.access.csv"):
            with open(path, newline="") as handle:
                rows += csv.DictReader(handle)
    return rows


def rules():
    """(model's external id, domain) of each record rule."""
    files = [path for folder in ADDON_DIRS for path in folder.glob("security/*.xml")]
    for path in sorted(files):
        for record in etree.parse(path).iterfind(".//record[@model='ir.rule']"):
            model = record.find("field[@name='model_id']").get("ref")
            domain = record.find("field[@name='domain_force']")
            yield model.split(".")[-1], (domain.text or "")


def external_id(model):
    return "model_" + model.model.replace(".", "_")


def test_there_are_models_to_check():
    assert own_models()


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.model)
def test_model_has_access_rows(model):
    named = {row["model_id:id"].split(".")[-1] for row in access_rows()}
    assert external_id(model) in named, f"{model}: no row in ir.model.access.csv"


def test_access_rows_name_a_group_and_a_model_of_ours():
    ours = {external_id(model) for model in own_models()}
    for row in access_rows():
        assert row["group_id:id"], f"{row['id']} gives rights to everybody"
        if "." not in row["model_id:id"]:
            assert row["model_id:id"] in ours, f"{row['id']} names no model of ours"


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.model)
def test_model_with_a_company_has_a_company_rule(model):
    if "company_id" in model.fields and model.kind == "Model":
        domains = [domain for name, domain in rules() if name == external_id(model)]
        assert any("company_ids" in domain for domain in domains), model


def public_methods():
    for model in model_classes():
        for name, node in model.methods.items():
            decorators = {ast.unparse(item) for item in node.decorator_list}
            private = name.startswith("_") or "api.private" in decorators
            if not private and name not in ORM_METHODS and not overrides(model, node):
                yield model, name, node


def overrides(model, node):
    """Whether core has the method already: then it is no new door."""
    return model.extends and node.name in set(calls(node)) and "super" in calls(node)


@pytest.mark.parametrize(
    ("model", "name", "node"),
    list(public_methods()),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_public_method_was_reviewed_or_checks_rights(model, name, node):
    reviewed = f"{model.model}.{name}" in REVIEWED
    checked = name.startswith("action_") and RIGHTS_CHECKS & set(calls(node))
    assert reviewed or checked, f"{model}: {name} can be called over RPC by anyone"


def test_reviewed_methods_exist():
    public = {f"{model.model}.{name}" for model, name, _node in public_methods()}
    assert set(REVIEWED) <= public, "a reviewed method is gone: take it off the list"


PYTHON = [path for folder in ADDON_DIRS for path in python_files(folder)]


def is_built(argument):
    """Whether a string is put together from values instead of binding them."""
    if isinstance(argument, ast.JoinedStr):
        return True
    if isinstance(argument, ast.BinOp):
        return isinstance(argument.op, (ast.Mod, ast.Add))
    return isinstance(argument, ast.Call) and "format" in set(calls(argument))


@pytest.mark.parametrize("path", PYTHON, ids=shown)
def test_sql_binds_its_values(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", None))
            if name in {"execute", "SQL", "execute_query", "execute_query_dict"}:
                assert not is_built(node.args[0]), f"{shown(path)}:{node.lineno}"
