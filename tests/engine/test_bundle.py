"""Documents of processes: every kind of damage is named, differences are found."""

import doctest
import json

import pytest

from sales_opportunity_plus.engine import bundle
from sales_opportunity_plus.engine.bundle import (
    FORMAT,
    VERSION,
    Attribute,
    Section,
    compare,
    read,
)

ITEMS = Section("items", (Attribute("name", "translated"),))
RULES = Section(
    "rules",
    (
        Attribute("name", "translated"),
        Attribute("sequence", "number"),
        Attribute("active", "boolean"),
        Attribute("date_from", "date"),
        Attribute("severity", "choice", frozenset({"block", "warn"})),
        Attribute("team_ids", "many"),
        Attribute("domain", "domain"),
        Attribute("field_id", "one"),
    ),
    (ITEMS,),
)


def problems(*rules, **head):
    document = {"format": FORMAT, "version": VERSION, "rules": list(rules), **head}
    return read(json.dumps(document), [RULES])[1]


def test_a_right_document_has_no_problem():
    rule = {
        "key": "a",
        "name": {"en_US": "A", "fr_FR": "B"},
        "sequence": 3,
        "active": False,
        "date_from": "2024-02-29",
        "severity": "warn",
        "team_ids": ["Europe"],
        "domain": [["name", "=", "x"]],
        "field_id": "",
        "items": [{"key": "i", "name": "Item"}],
    }
    assert problems(rule, name="Process", summary="") == []


@pytest.mark.parametrize(
    "text",
    ["", "{", "[", '{"a": NaN}', "[" * 100_000, "\x00", '"' + "a" * 10],
)
def test_malformed_json(text):
    document, found = read(text, [RULES])
    assert (document, [problem.code for problem in found]) == ({}, ["json"])


@pytest.mark.parametrize("value", [[], 3, None, {}, {"format": "other"}])
def test_a_file_of_another_kind(value):
    assert [p.code for p in read(json.dumps(value), [RULES])[1]] == ["format"]


@pytest.mark.parametrize("version", [0, VERSION + 1, "1", True, None, 1.0])
def test_a_version_that_is_not_known(version):
    assert [p.code for p in problems(version=version)] == ["version"]


@pytest.mark.parametrize(
    ("rule", "code", "name"),
    [
        ({"key": "a", "colour": 3}, "unknown", "colour"),
        ({"key": "a", "sequence": "3"}, "type", "sequence"),
        ({"key": "a", "sequence": True}, "type", "sequence"),
        ({"key": "a", "sequence": 2**31}, "type", "sequence"),
        ({"key": "a", "active": 1}, "type", "active"),
        ({"key": "a", "name": ["A"]}, "type", "name"),
        ({"key": "a", "name": {"en_US": 3}}, "type", "name"),
        ({"key": "a", "date_from": "2024-02-30"}, "type", "date_from"),
        ({"key": "a", "severity": "refuse"}, "choice", "severity"),
        ({"key": "a", "team_ids": "Europe"}, "type", "team_ids"),
        ({"key": "a", "team_ids": [7]}, "type", "team_ids"),
        ({"key": "a", "field_id": 7}, "type", "field_id"),
        ({"key": "a", "domain": 7}, "type", "domain"),
        ({"key": "a", "matches": "x"}, "type", "matches"),
        ({"key": "a", "only_if_missing": "x"}, "type", "only_if_missing"),
        ({"key": ""}, "key", ""),
        ({"name": "A"}, "key", ""),
        ("rule", "shape", "rules"),
        ({"key": "a", "items": {}}, "shape", "items"),
        ({"key": "a", "items": [{"key": "i"}, {"key": "i"}]}, "twice", "items"),
    ],
)
def test_one_thing_wrong(rule, code, name):
    assert [(p.code, p.name) for p in problems(rule)] == [(code, name)]


def test_everything_wrong_is_named_at_once():
    found = problems({"key": "a", "x": 1, "active": 2}, {"key": "a"}, other=[])
    assert sorted(p.code for p in found) == ["twice", "type", "unknown", "unknown"]


def test_new_changed_unchanged():
    old = {"key": "a", "name": {"en_US": "A", "fr_FR": "B"}, "team_ids": ["x", "y"]}
    assert compare(RULES, {"key": "a"}, None).state == "new"
    same = {"key": "a", "name": "A", "team_ids": ["y", "x"]}
    assert compare(RULES, same, old).state == "unchanged"
    changed = compare(RULES, {"key": "a", "name": "C"}, old)
    assert [(c.name, c.new) for c in changed.changes] == [("name", "C")]


def test_what_exists_is_left_alone_when_the_document_says_so():
    new = {"key": "a", "name": "Other", "only_if_missing": True}
    assert compare(RULES, new, {"key": "b", "name": "A"}).state == "unchanged"
    assert compare(RULES, new, None).state == "new"


def test_children():
    old = {
        "key": "a",
        "items": [
            {"key": "kept", "name": "K", "active": True},
            {"key": "gone", "name": "G", "active": True},
            {"key": "archived", "name": "X", "active": False},
        ],
    }
    new = {"key": "a", "items": [{"key": "kept", "name": "K"}, {"key": "more"}]}
    found = compare(RULES, new, old)
    states = [(child.key, child.state) for child in found.children]
    assert (found.state, states) == ("changed", [("more", "new"), ("gone", "removed")])
    assert compare(RULES, {"key": "a"}, old).state == "unchanged"


def test_docstrings():
    assert doctest.testmod(bundle).failed == 0
