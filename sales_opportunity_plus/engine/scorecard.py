"""A score that can be read: the overall win rate, and what each feature adds to it.

The log-odds of winning are the overall ones plus, for each feature, the effect of the
deal's case beyond what the other features say. A shift that follows the last months
comes on top.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .feature import KINDS, UNSEEN, Case, Coding, Feature, Value
from .log_odds import logit, sigmoid


@dataclass(frozen=True, slots=True)
class Part:
    """One feature of a score: by case, looks at closed deals, at won ones, effect."""

    coding: Coding
    seen: tuple[int, ...]
    won: tuple[int, ...]
    effects: tuple[float, ...]

    def effect(self, code: int) -> float:
        return 0.0 if code == UNSEEN else self.effects[code]


@dataclass(frozen=True, slots=True)
class Line:
    """What one feature says of one deal.

    ``seen`` and ``rate`` are of closed deals with the same case, whatever else they
    were; ``effect`` is in log-odds, beyond what the other lines say. ``points`` are
    percentage points; those of all lines add up to the difference between the deal's
    probability and that of a deal of which nothing is known.
    """

    feature: str
    case: Case
    seen: int
    rate: float | None
    effect: float
    points: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The maths of one deal, line by line, strongest first."""

    start: float
    probability: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What closed deals taught; ``shift`` is where the last months went."""

    intercept: float
    parts: tuple[Part, ...]
    shift: float = 0.0

    def log_odds(self, row: Sequence[Value]) -> float:
        """Before the shift."""
        return self.intercept + sum(
            part.effect(part.coding.code(row)) for part in self.parts
        )

    def all_log_odds(
        self, columns: Sequence[Sequence[Value]], count: int
    ) -> list[float]:
        """``log_odds`` of many rows, given by what they have in each place."""
        found = [self.intercept] * count
        for part in self.parts:
            if any(part.effects):
                told = (*part.effects, 0.0)  # the last one answers for UNSEEN
                codes = part.coding.codes(columns)
                found = [s + told[code] for s, code in zip(found, codes, strict=True)]
        return found

    def probability(self, row: Sequence[Value]) -> float:
        """That the deal is won at last; the row holds the values in their places."""
        return sigmoid(self.log_odds(row) + self.shift)

    def shifted(self, shift: float) -> "Scorecard":
        return replace(self, shift=shift)

    def reading(self, row: Sequence[Value]) -> Reading:
        start = self.intercept + self.shift
        found = [(part, part.coding.code(row)) for part in self.parts]
        end = start + sum(part.effect(code) for part, code in found)
        slope = _slope(start, end)
        lines = [_line(part, code, slope) for part, code in found]
        lines.sort(key=lambda line: -abs(line.effect))
        return Reading(sigmoid(start), sigmoid(end), tuple(lines))

    def as_json(self) -> dict[str, object]:
        """Plain lists, numbers and texts, for a record."""
        return {
            "intercept": self.intercept,
            "shift": self.shift,
            "parts": [_part_as_json(part) for part in self.parts],
        }

    @classmethod
    def from_json(cls, data: dict[str, object]) -> "Scorecard":
        parts, intercept, shift = data["parts"], data["intercept"], data["shift"]
        assert isinstance(parts, list)
        assert isinstance(intercept, (int, float)) and isinstance(shift, (int, float))
        return cls(intercept, tuple(_part_from_json(part) for part in parts), shift)


def _slope(start: float, end: float) -> float:
    """Probability per log-odds between two scores: it shares the way out among lines.

    >>> round(_slope(0.0, 0.0), 3), round(_slope(-1.0, 1.0), 3)
    (0.25, 0.231)
    """
    if abs(end - start) > 1e-6:
        return (sigmoid(end) - sigmoid(start)) / (end - start)
    rate = sigmoid(start)
    return rate * (1.0 - rate)


def _line(part: Part, code: int, slope: float) -> Line:
    seen = 0 if code == UNSEEN else part.seen[code]
    effect = part.effect(code)
    return Line(
        feature=part.coding.feature.name,
        case=part.coding.case(code),
        seen=seen,
        rate=part.won[code] / seen if seen else None,
        effect=effect,
        points=100.0 * effect * slope,
    )


def _part_as_json(part: Part) -> dict[str, object]:
    feature = part.coding.feature
    return {
        "name": feature.name,
        "kind": feature.kind,
        "at": [*feature.at],
        "edges": [*part.coding.edges],
        "categories": [*part.coding.categories],
        "seen": [*part.seen],
        "won": [*part.won],
        "effects": [*part.effects],
    }


def _part_from_json(data: dict[str, object]) -> Part:
    def many(key: str) -> Sequence[object]:
        found = data[key]
        assert isinstance(found, (list, tuple))
        return found

    def numbers(key: str) -> tuple[float, ...]:
        return tuple(float(str(number)) for number in many(key))

    kind = KINDS[str(data["kind"])]
    at = tuple(int(str(place)) for place in many("at"))
    feature = Feature(str(data["name"]), kind, at)
    names = tuple(str(name) for name in many("categories"))
    coding = Coding(feature, numbers("edges"), names)
    seen = tuple(int(str(count)) for count in many("seen"))
    won = tuple(int(str(count)) for count in many("won"))
    return Part(coding, seen, won, numbers("effects"))


def rate_only(rate: float) -> Scorecard:
    """The score that knows nothing of a deal.

    >>> round(rate_only(0.2).probability([]), 3)
    0.2
    """
    return Scorecard(logit(rate), ())
