"""What a score may look at, and how a value becomes one of a few cases.

A number falls into one of six bins with as many deals each, a text is itself, missing
is a value of its own. A crossing is a text and a number together: days in *this*
stage. What was never seen before gets no case, so it says nothing for or against.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

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
            if name.isdecimal() and len(name) < 19 and str(int(name)) == name:
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
        at = self.feature.at
        if self.feature.kind == "number":
            return self._bin(row[at[0]])
        value = row[at[0]]
        # True is 1, as a key, and negative numbers are no records: these are texts.
        if not (
            value is None or type(value) is str or type(value) is int and value >= 0
        ):
            value = as_category(value)
        code = self._codes.get(value, UNSEEN)
        if self.feature.kind == "category" or code == UNSEEN:
            return code
        return code * (len(self.edges) + 2) + self._bin(row[at[1]])

    def _bin(self, value: Value) -> int:
        """0 is missing, then the bins from the lowest."""
        number = as_number(value)
        return 0 if number is None else bisect_right(self.edges, number) + 1

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
    names: Counter[str] = Counter()
    numbers: list[float] = []
    for row in rows:
        if feature.kind != "number":
            names[as_category(row[feature.at[0]])] += 1
        if feature.kind != "category":
            number = as_number(row[feature.at[-1]])
            if number is not None:
                numbers.append(number)
    common = sorted(names, key=lambda name: (-names[name], name))[:CATEGORIES]
    return Coding(feature, quantile_edges(numbers), tuple(sorted(common)))
