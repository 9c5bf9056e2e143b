"""A payload of another system, made an item of the API."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .field_path import MISSING, find
from .refusal import Refusal

_PLACE = re.compile(r"\{([^{}]+)\}")
# Seconds and milliseconds since 1970, up to the year 2199.
_LATEST = 7_258_118_400


@dataclass(frozen=True)
class Line:
    """Where one field of an item comes from."""

    target: str
    #: path: ``source`` is a path; text: a text with {paths}; constant: itself.
    kind: str
    source: str
    #: as_is, number, utc (a moment without zone), seconds, milliseconds
    convert: str = "as_is"
    translation: dict[str, str] = field(default_factory=dict)
    required: bool = False


def places(template: str) -> list[str]:
    """The paths in a text."""
    return _PLACE.findall(template)


def mapped(lines: Iterable[Line], payload: object) -> dict[str, object]:
    """The item that a payload stands for; the first line of a field that finds wins."""
    item: dict[str, object] = {}
    missing = {}
    for line in lines:
        if line.target in item:
            continue
        value = _value(line, payload)
        if value is None or value == "":
            if line.required:
                missing[line.target] = line.source
        else:
            item[line.target] = value
    for target, source in missing.items():
        if target not in item:
            raise Refusal(
                "missing",
                f"The payload has nothing at {source}, where {target} is taken from.",
            )
    return item


def _value(line: Line, payload: object) -> object:
    if line.kind == "constant":
        return line.source
    if line.kind == "text":
        return _text(line.source, payload)
    value = find(payload, line.source)
    if value is MISSING or value is None:
        return None
    if isinstance(value, (dict, list)):
        raise Refusal(
            "not_a_value",
            f"{line.source} holds several values, where {line.target} needs one.",
        )
    if line.translation:
        written = _written(value)
        return line.translation.get(written, line.translation.get("*", written))
    return _converted(line, value)


def _text(template: str, payload: object) -> str | None:
    """The template with its places filled; nothing when nothing was found."""
    found = [find(payload, path) for path in places(template)]
    if found and all(value is MISSING or value is None for value in found):
        return None
    return _PLACE.sub(lambda place: _written(find(payload, place[1])), template).strip()


def _written(value: object) -> str:
    if value is MISSING or value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _converted(line: Line, value: object) -> object:
    if line.convert == "as_is":
        return value if isinstance(value, str) else _written(value)
    if line.convert == "number":
        return _number(line, value)
    if line.convert == "utc":
        return f"{_written(value).strip()}Z"
    divisor = 1000 if line.convert == "milliseconds" else 1
    seconds = _number(line, value) / divisor
    if not 0 < seconds < _LATEST:
        raise Refusal("happened_at", f"{line.source} is not a moment: {value}.")
    return datetime.fromtimestamp(seconds, tz=timezone.utc).isoformat()


def _number(line: Line, value: object) -> float:
    try:
        return float(_written(value))
    except (ValueError, OverflowError):
        raise Refusal(
            line.target, f"{line.source} is not a number: {_written(value)[:40]}."
        ) from None
