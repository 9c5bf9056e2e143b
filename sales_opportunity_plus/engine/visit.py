"""A web visit that a campaign brought: one tuple, first and last, small enough.

Odoo keeps campaign, medium and source in three cookies of which each has a life of
its own. Here a visit is one thing: what its address said, where it landed, where it
came from and how an ad platform names the click.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

#: Names of parameters that make a visit worth keeping, in the address.
UTM = ("utm_campaign", "utm_medium", "utm_source")
CLICKS = ("gclid", "fbclid", "msclkid", "li_fat_id", "ttclid")
PARAMETERS = frozenset(UTM + CLICKS)
#: Seconds that a browser keeps it, as Odoo's own cookies.
MAX_AGE = 31 * 24 * 3600
#: Bytes of JSON for both visits: with its signature in base 64 a cookie of 4 kB.
LONGEST = 2600
_LENGTHS = (120, 120, 120, 300, 300, 160)


class Visit(NamedTuple):
    """What is known of a visit; empty text is nothing."""

    #: Seconds since 1970, UTC.
    at: int
    campaign: str = ""
    medium: str = ""
    source: str = ""
    #: Without its parameters: they may hold what is nobody's business.
    landing_page: str = ""
    referrer: str = ""
    #: With the name of its parameter, as ``gclid:abc``.
    click_id: str = ""

    @property
    def came_through(self) -> tuple[str, str, str, str]:
        """What tells this visit from the one before."""
        return (self.campaign, self.medium, self.source, self.click_id)


def visit_of(
    parameters: Mapping[str, str], url: str, referrer: str, now: int
) -> Visit | None:
    """The visit that an address stands for, or ``None`` when it says nothing."""
    if not PARAMETERS & parameters.keys():
        return None
    utm = [parameters.get(name, "") for name in UTM]
    clicks = [
        f"{name}:{parameters[name]}" for name in CLICKS if parameters.get(name, "")
    ]
    texts = [*utm, bare(url), bare(referrer), clicks[0] if clicks else ""]
    visit = Visit(now, *map(_cut, texts, _LENGTHS))
    return visit if any(visit.came_through) else None


def bare(url: str) -> str:
    """An address without parameters, user and fragment.

    >>> bare("https://me:secret@example.com/shop?token=1#x")
    'https://example.com/shop'
    >>> bare("http://[broken")
    ''
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def _cut(text: str, longest: int) -> str:
    # Half a character of two cannot be written anywhere.
    text = text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "")
    return text.strip()[:longest]


def join(visits: list[Visit], visit: Visit) -> list[Visit] | None:
    """First and last visit after this one; ``None`` when nothing is new."""
    if visits and visits[-1].came_through == visit.came_through:
        return None
    return [visits[0], visit] if visits else [visit]


def packed(visits: list[Visit]) -> list[list[Any]]:
    """The visits as plain lists that are short enough for a cookie."""
    rows: list[list[Any]] = [list(visit) for visit in visits]
    while len(json.dumps(rows)) > LONGEST:
        # Whatever is longest gives way first: that is a path, not a campaign.
        row, place = max(
            ((row, place) for row in rows for place in range(1, len(row))),
            key=lambda where: len(json.dumps(where[0][where[1]])),
        )
        row[place] = row[place][: len(row[place]) // 2]
    return rows


def unpacked(rows: Any, now: int) -> list[Visit]:
    """The visits of a cookie; none where it does not hold visits."""
    if not isinstance(rows, list) or len(rows) > 2:
        return []
    visits = []
    for row in rows:
        if not isinstance(row, list) or len(row) != len(Visit._fields):
            return []
        if type(row[0]) is not int or not all(isinstance(x, str) for x in row[1:]):
            return []
        if not 0 < row[0] <= now + 60:
            return []
        visits.append(Visit(*row))
    return visits
