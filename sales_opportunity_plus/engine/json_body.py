"""The body of a call to the API, as items; the errors say what the sender did wrong."""

import json
import math
from typing import NoReturn

from .field_path import MISSING, find

#: Bytes of a body and items in it.
MOST_BYTES = 1024 * 1024
MOST_ITEMS = 500


class BodyError(Exception):
    """The whole body is refused, with an HTTP status."""

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.code = code
        self.reason = reason


def items_of(body: bytes, path: str = "") -> list[object]:
    """The items of a body: one object or a list of them.

    :param path: where the list is inside the body, if not the body itself
    """
    content = _read(body)
    if path:
        content = find(content, path)
        if content is MISSING:
            raise BodyError(422, "no_items", f"There is nothing at {path} in the body.")
    items = content if isinstance(content, list) else [content]
    if not items:
        raise BodyError(422, "no_items", "The list of items is empty.")
    if len(items) > MOST_ITEMS:
        raise BodyError(
            422,
            "too_many_items",
            f"A call takes {MOST_ITEMS} items at most; this one has {len(items)}.",
        )
    return items


def _read(body: bytes) -> object:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise BodyError(
            400, "not_utf8", "The body is not text in the encoding UTF-8."
        ) from None
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        raise BodyError(
            400,
            "not_json",
            "The body is not valid JSON (NaN and infinite numbers are not either).",
        ) from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
