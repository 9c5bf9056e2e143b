"""Read and compare sales processes that travel between databases as one file.

A document is plain JSON: a list of units per section, each with a stable key. What
a section may hold is declared, see ``Section``; which records the names in it mean
is not known here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

FORMAT = "sales_opportunity_plus.process"
VERSION = 1
#: What a unit says about itself, next to its attributes: how it is found where
#: its key is not known, and whether what is found is left as it is.
META = frozenset({"key", "matches", "only_if_missing"})
#: What a document says about itself, next to its sections.
HEAD = frozenset({"format", "version", "name", "summary"})
_INT4 = 2**31

Unit = dict[str, Any]
AttributeType = Literal[
    "text", "translated", "number", "boolean", "date", "choice", "domain", "one", "many"
]
Code = Literal[
    "json",
    "shape",
    "format",
    "version",
    "unknown",
    "type",
    "choice",
    "key",
    "twice",
    "domain",
    "hidden",
    "elsewhere",
]


class Attribute(NamedTuple):
    """A value of a unit. ``one`` and ``many`` are names of other records."""

    name: str
    type: AttributeType
    choices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Section:
    """What a list of units may hold; a unit's children are sections again."""

    name: str
    attributes: tuple[Attribute, ...]
    children: tuple["Section", ...] = ()


class Problem(NamedTuple):
    """What is wrong with a document, and where.

    ``where`` is the key of the unit or the section, ``name`` the attribute,
    ``value`` what was found and ``allowed`` what would be right.
    """

    code: Code
    where: str = ""
    name: str = ""
    value: str = ""
    allowed: str = ""


class Change(NamedTuple):
    """An attribute with its values before and after."""

    name: str
    old: Any
    new: Any


class Difference(NamedTuple):
    """How a unit of the document differs from what is there."""

    section: str
    key: str
    state: Literal["new", "changed", "unchanged", "removed"]
    changes: tuple[Change, ...] = ()
    children: tuple["Difference", ...] = ()


def read(
    text: str, sections: Sequence[Section]
) -> tuple[dict[str, Any], list[Problem]]:
    """The document in a text and everything that is wrong with it.

    >>> read("{", [])[1][0].code
    'json'
    >>> read('{"format": "x"}', [])[1][0].code
    'format'
    """
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return {}, [Problem("json", value=str(error))]
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return {}, [Problem("format", allowed=FORMAT)]
    version = document.get("version")
    if type(version) is not int or not 1 <= version <= VERSION:
        return {}, [Problem("version", value=repr(version), allowed=str(VERSION))]
    return document, list(_check_document(document, sections))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _check_document(
    document: Mapping[str, Any], sections: Sequence[Section]
) -> Iterator[Problem]:
    names = {section.name for section in sections}
    for name in sorted(document.keys() - names - HEAD):
        yield Problem("unknown", name=name, allowed=", ".join(sorted(names)))
    for name in sorted(HEAD - {"version"}):
        if not isinstance(document.get(name, ""), str):
            yield Problem("type", name=name, allowed="text")
    seen: set[tuple[str, str]] = set()
    for section in sections:
        yield from _check_units(section, document.get(section.name, []), seen)


def _check_units(
    section: Section, units: Any, seen: set[tuple[str, str]], where: str = ""
) -> Iterator[Problem]:
    if not isinstance(units, list):
        yield Problem("shape", where or section.name, section.name)
        return
    for unit in units:
        if not isinstance(unit, dict):
            yield Problem("shape", where or section.name, section.name)
            continue
        key = unit.get("key")
        if not isinstance(key, str) or not key.strip():
            yield Problem("key", where or section.name, value=repr(key))
            continue
        if (section.name, key) in seen:
            yield Problem("twice", key, section.name)
        seen.add((section.name, key))
        yield from _check_unit(section, unit, key)
        for child in section.children:
            yield from _check_units(child, unit.get(child.name, []), seen, key)


def _check_unit(section: Section, unit: Unit, key: str) -> Iterator[Problem]:
    attributes = {attribute.name: attribute for attribute in section.attributes}
    children = {child.name for child in section.children}
    for name, value in unit.items():
        if name in META:
            if not _is_meta(name, value):
                yield Problem("type", key, name, repr(value))
        elif name in attributes:
            attribute = attributes[name]
            if not _fits(attribute.type, value):
                yield Problem("type", key, name, repr(value), attribute.type)
            elif attribute.type == "choice" and value not in {"", *attribute.choices}:
                allowed = ", ".join(sorted(attribute.choices))
                yield Problem("choice", key, name, value, allowed)
        elif name not in children:
            yield Problem("unknown", key, name, allowed=", ".join(sorted(attributes)))


def _is_meta(name: str, value: Any) -> bool:
    if name == "matches":
        return _fits("many", value)
    return isinstance(value, bool if name == "only_if_missing" else str)


def _fits(kind: AttributeType, value: Any) -> bool:
    """Whether a JSON value is one of this type; nothing is an empty text.

    >>> _fits("number", True), _fits("date", "2024-02-30"), _fits("many", ["a"])
    (False, False, True)
    """
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "number":
        return type(value) in (int, float) and abs(value) < _INT4
    if kind == "many":
        return isinstance(value, list) and all(isinstance(v, str) for v in value)
    if kind == "translated" and isinstance(value, dict):
        return all(isinstance(v, str) for v in value.values())
    if kind == "domain":
        return isinstance(value, (str, list))
    if kind == "date" and value:
        return isinstance(value, str) and _is_date(value)
    return isinstance(value, str)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def compare(section: Section, new: Unit, old: Unit | None) -> Difference:
    """How ``new`` would change ``old``; what ``new`` does not mention stays.

    A child that ``new`` no longer has is *removed*, one that is out of use
    already is no difference.

    >>> section = Section("stages", (Attribute("fold", "boolean"),))
    >>> compare(section, {"key": "a", "fold": True}, {"key": "b", "fold": False})
    ... # doctest: +NORMALIZE_WHITESPACE
    Difference(section='stages', key='a', state='changed',
        changes=(Change(name='fold', old=False, new=True),), children=())
    """
    if old is not None and new.get("only_if_missing"):
        return Difference(section.name, new["key"], "unchanged")
    before = old or {}
    changes = tuple(
        Change(attribute.name, before.get(attribute.name), new[attribute.name])
        for attribute in section.attributes
        if attribute.name in new
        and not _same(attribute.type, new[attribute.name], before.get(attribute.name))
    )
    children = tuple(
        difference
        for child in section.children
        if child.name in new
        for difference in _compare_children(
            child, new[child.name], before.get(child.name, [])
        )
        if difference.state != "unchanged"
    )
    state: Literal["new", "changed", "unchanged"] = "new"
    if old is not None:
        state = "changed" if changes or children else "unchanged"
    return Difference(section.name, new["key"], state, changes, children)


def _compare_children(
    section: Section, new: Sequence[Unit], old: Sequence[Unit]
) -> Iterator[Difference]:
    there = {unit["key"]: unit for unit in old}
    for unit in new:
        yield compare(section, unit, there.pop(unit["key"], None))
    for key, unit in there.items():
        if unit.get("active", True):
            yield Difference(section.name, key, "removed")


def _same(kind: AttributeType, new: Any, old: Any) -> bool:
    if kind == "translated":
        texts, before = _texts(new), _texts(old)
        return all(before.get(lang, "") == text for lang, text in texts.items())
    if kind == "many":
        return sorted(new) == sorted(old or ())
    return bool(new == old)


def _texts(value: Any) -> Mapping[str, str]:
    """A text by language.

    >>> _texts("Won"), _texts(None)
    ({'en_US': 'Won'}, {})
    """
    if isinstance(value, dict):
        return value
    return {} if value is None else {"en_US": value}
