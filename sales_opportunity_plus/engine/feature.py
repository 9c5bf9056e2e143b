"""What a score may look at, and how a value becomes one of a few cases.

A number falls into one of six bins with as many deals each, a text is itself, missing
is a value of its own. A crossing is a text and a number together: days in *this*
stage. What was never seen before gets no case, so it says nothing for or against.
"""

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import ne
from types import NoneType
from typing import Literal, cast

Value = str | int | float | bool | None
Kind = Literal["category", "number", "crossing"]
KINDS: dict[str, Kind] = {
    "category": "category",
    "number": "number",
    "crossing": "crossing",
}

BINS = 6
#: Values of a category that keep a case of their own; the rest says nothing.
CATEGORIES = 1000
MISSING = ""
UNSEEN = -1
#: The text of a whole number.
_WHOLE = re.compile("-?[1-9][0-9]{0,17}|0")


@dataclass(frozen=True, slots=True)
class Feature:
    """A property of a deal; ``at`` are the places of its values in a row.

    A crossing has two places: the category's, then the number's.
    """

    name: str
    kind: Kind
    at: tuple[int, ...]


def as_number(value: Value) -> float | None:
    """A number, or nothing for what is none; what is too big is infinite."""
    if value is None or isinstance(value, str):
        return None
    try:
        number = float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    return None if math.isnan(number) else number


def as_numbers(column: Sequence[Value]) -> Sequence[float | None]:
    """Of many values; those of fields mostly are numbers as they stand."""
    if set(map(type, column)) <= {int, float}:
        plain = cast(Sequence[float], column)
        # What is not equal to itself is no number.
        if not any(map(ne, plain, plain)):
            return plain
    return list(map(as_number, column))


def _are_plain(column: Sequence[Value]) -> bool:
    """Whether keys tell the values apart: True is 1, as a key, and so is 1.0."""
    return set(map(type, column)) <= {int, str, NoneType}


def as_category(value: Value) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    return str(value)


def quantile_edges(numbers: Iterable[float], bins: int = BINS) -> tuple[float, ...]:
    """Where bins of about the same number of deals begin; a bin is [edge, next).

    >>> quantile_edges([1, 2, 3, 4, 5, 6], bins=3)
    (3, 5)
    >>> quantile_edges([0, 0, 0, 0, 7], bins=3)
    (7,)
    """
    found = sorted(numbers)
    if not found:
        return ()
    places = (len(found) * part // bins for part in range(1, bins))
    edges = {found[place] for place in places} - {found[0], -math.inf, math.inf}
    if not edges and found[-1] > found[0]:
        above = next(number for number in found if number > found[0])
        edges = {above} - {math.inf}
    return tuple(sorted(edges))


@dataclass(frozen=True, slots=True)
class Coding:
    """The cases of one feature, as learnt from a sample of rows."""

    feature: Feature
    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    # Numbers of records are looked up as they are: texts of them are costly.
    _codes: dict[str | int | None, int] = field(
        default_factory=dict, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        for code, name in enumerate(self.categories):
            self._codes[name] = code
            if _WHOLE.fullmatch(name):
                self._codes[int(name)] = code
            elif name == MISSING:
                self._codes[None] = code

    @property
    def size(self) -> int:
        numbers = len(self.edges) + 2
        if self.feature.kind == "category":
            return len(self.categories)
        if self.feature.kind == "number":
            return numbers
        return len(self.categories) * numbers

    def code(self, row: Sequence[Value]) -> int:
        """The case of a row, or UNSEEN."""
        return self.codes([[value] for value in row])[0]

    def codes(self, columns: Sequence[Sequence[Value]]) -> list[int]:
        """The cases of rows, given by what they have in each place."""
        at = self.feature.at
        if self.feature.kind == "number":
            return self._bins(columns[at[0]])
        found = self._of_categories(columns[at[0]])
        if self.feature.kind == "category":
            return found
        width = len(self.edges) + 2
        return [
            code if code == UNSEEN else code * width + place
            for code, place in zip(found, self._bins(columns[at[1]]), strict=True)
        ]

    def _of_categories(self, column: Sequence[Value]) -> list[int]:
        if not _are_plain(column):
            column = [
                value if type(value) in (int, str) else as_category(value)
                for value in column
            ]
        codes = self._codes
        return [codes.get(value, UNSEEN) for value in column]  # type: ignore[arg-type]

    def _bins(self, column: Sequence[Value]) -> list[int]:
        """0 is missing, then the bins from the lowest."""
        edges = self.edges
        return [
            0 if number is None else bisect_right(edges, number) + 1
            for number in as_numbers(column)
        ]

    def case(self, code: int) -> "Case":
        """What a case stands for, to be put into words elsewhere."""
        if code == UNSEEN:
            return Case(seen=False)
        if self.feature.kind == "category":
            return Case(category=self.categories[code])
        category, place = divmod(code, len(self.edges) + 2)
        low = self.edges[place - 2] if place >= 2 else None
        high = self.edges[place - 1] if 1 <= place <= len(self.edges) else None
        if self.feature.kind == "number":
            return Case(low=low, high=high, has_number=place > 0)
        name = self.categories[category]
        return Case(category=name, low=low, high=high, has_number=place > 0)


@dataclass(frozen=True, slots=True)
class Case:
    """A category, a range low ≤ number < high (None: open), both, or never seen.

    A category of "" and a number without ``has_number`` are missing values.
    """

    category: str | None = None
    low: float | None = None
    high: float | None = None
    has_number: bool = False
    seen: bool = True


def learn_coding(feature: Feature, rows: Iterable[Sequence[Value]]) -> Coding:
    """Bins and categories from a sample of rows."""
    rows = list(rows)
    names: Counter[str] = Counter()
    numbers: list[float] = []
    if feature.kind != "number":
        values = [row[feature.at[0]] for row in rows]
        if not _are_plain(values):
            values = list(map(as_category, values))
        for value, count in Counter(values).items():
            names[as_category(value)] += count
    if feature.kind != "category":
        found = as_numbers([row[feature.at[-1]] for row in rows])
        numbers = [number for number in found if number is not None]
    common = sorted(names, key=lambda name: (-names[name], name))[:CATEGORIES]
    return Coding(feature, quantile_edges(numbers), tuple(sorted(common)))
