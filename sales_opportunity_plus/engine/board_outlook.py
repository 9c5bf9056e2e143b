"""The first screen of the board, and what is read after it, put together."""

from collections.abc import Sequence
from typing import Any

#: A row for a client: ``key``, ``parent``, ``depth``, ``values`` and its texts.
ClientRow = dict[str, Any]


def with_outlook(board: dict[str, Any], outlook: dict[str, Any]) -> dict[str, Any]:
    """The board with the numbers, the rows and the notes of its outlook."""
    names = outlook["names"]
    rows = [*board["rows"]]
    known = {row["key"]: place for place, row in enumerate(rows)}
    for row in outlook["rows"]:
        place = known.get(row["key"])
        if place is None:
            rows.insert(_place_below(rows, row["parent"]), row)
            known = {row["key"]: place for place, row in enumerate(rows)}
        else:
            more = {name: row["values"][name] for name in names}
            old = rows[place]
            rows[place] = {**old, "values": {**old["values"], **more}}
    return {**board, "rows": rows, "notes": [*board["notes"], *outlook["notes"]]}


def _place_below(rows: Sequence[ClientRow], parent: str) -> int:
    """Behind the last row that is below the parent.

    >>> rows = [{"key": "all", "depth": 0}, {"key": "team-3", "depth": 1},
    ...         {"key": "team-3-user-7", "depth": 2}, {"key": "team-4", "depth": 1}]
    >>> _place_below(rows, "team-3"), _place_below(rows, "all")
    (3, 4)
    """
    place = next(k for k, row in enumerate(rows) if row["key"] == parent)
    depth = rows[place]["depth"]
    place += 1
    while place < len(rows) and rows[place]["depth"] > depth:
        place += 1
    return place
