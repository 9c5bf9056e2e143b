"""Paths into a JSON document.

``contact.emails[0].value``: names with dots between them, numbers for places in a
list. ``answers[type=email].email``: the first entry of the list whose ``type`` is
``email``; the name before ``=`` may be a path itself.
"""

import re

#: Nothing is there: not the same as an empty value.
MISSING = object()
#: A name (anything but dots and brackets) or what stands between brackets.
_STEP = re.compile(r"\.?(?:([^.\[\]]+)|\[([^\[\]]*)\])")


class PathError(ValueError):
    """This is not a path."""


def steps(path: str) -> list[str | int | tuple[str, str]]:
    """The steps of a path: a name, a place, or (path, value) to search for."""
    found: list[str | int | tuple[str, str]] = []
    at = 0
    while at < len(path):
        step = _STEP.match(path, at)
        if not step:
            raise PathError(path)
        name, bracket = step.groups()
        if bracket is None:
            found.append(int(name) if re.fullmatch("[0-9]{1,6}", name) else name)
        elif re.fullmatch("[0-9]{1,6}", bracket):
            found.append(int(bracket))
        elif "=" in bracket:
            key, value = bracket.split("=", 1)
            steps(key)
            found.append((key.strip(), value.strip()))
        else:
            raise PathError(path)
        at = step.end()
    if not found:
        raise PathError(path)
    return found


def find(document: object, path: str) -> object:
    """What is at a path, or ``MISSING``."""
    here = document
    for step in steps(path):
        here = _step(here, step)
        if here is MISSING:
            break
    return here


def _step(here: object, step: str | int | tuple[str, str]) -> object:
    if isinstance(here, dict):
        # A name may look like a number: {"12": …}.
        return MISSING if isinstance(step, tuple) else here.get(str(step), MISSING)
    if not isinstance(here, list):
        return MISSING
    if isinstance(step, int):
        return here[step] if step < len(here) else MISSING
    if isinstance(step, tuple):
        key, value = step
        for entry in here:
            if _written(find(entry, key)) == value:
                return entry
    return MISSING


def _written(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int)) else None
