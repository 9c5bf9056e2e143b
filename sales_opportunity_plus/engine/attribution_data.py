"""Channel weights learnt from journeys: Markov removal effect and Shapley value.

*Markov*: journeys are walks of a chain of order 1 over channels. The removal effect
of a channel is what share of the conversions is lost when every walk ends that comes
to it. With N = (I − Q)⁻¹, a walk from the start comes to channel c with probability
N[start, c] / N[c, c] and converts from there with probability (N·r)[c]; their product
is the loss. So one exact elimination answers for all channels, nothing is simulated.

*Shapley*: with the conversions of the journeys within a set of channels as the value
of the set, the Shapley value splits each conversion equally over its distinct channels.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .attribution import OTHERS, SCALE

#: Where journeys begin and end; channels are whole numbers of zero or more.
START, WON, LOST = -1, -2, -3
#: Won and lost journeys that a model needs.
NEEDED = {"markov": (100, 100), "shapley": (100, 0)}
#: Channels that a chain keeps apart: solving takes the cube of their number.
CHANNELS = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """How many journeys there are to learn from, and how many a model needs."""

    shape: str
    won: int
    lost: int

    @property
    def needed(self) -> tuple[int, int]:
        return NEEDED[self.shape]

    @property
    def is_enough(self) -> bool:
        return self.won >= self.needed[0] and self.lost >= self.needed[1]


def fold(
    steps: Mapping[tuple[int, int], int], limit: int = CHANNELS
) -> tuple[dict[tuple[int, int], int], frozenset[int]]:
    """Put all but the ``limit`` most frequent channels together.

    :return: the steps between what remains, and the channels that kept their own
    """
    seen: dict[int, int] = {}
    for (_origin, target), count in steps.items():
        if target not in (WON, LOST):
            seen[target] = seen.get(target, 0) + count
    by_count = sorted(seen, key=lambda channel: (-seen[channel], channel))
    kept = frozenset(by_count[:limit])
    ends = kept | {START, WON, LOST}
    folded: dict[tuple[int, int], int] = {}
    for (origin, target), count in steps.items():
        key = (
            origin if origin in ends else OTHERS,
            target if target in ends else OTHERS,
        )
        folded[key] = folded.get(key, 0) + count
    return folded, kept


def removal_effects(steps: Mapping[tuple[int, int], int]) -> dict[int, float]:
    """Share of the conversions that is lost without each channel.

    :param steps: how often each step from a state to the next was taken

    >>> steps = {(START, 1): 2, (1, 2): 1, (1, LOST): 1, (2, WON): 1}
    >>> removal_effects(steps)
    {1: 1.0, 2: 1.0}
    """
    leaving: dict[int, dict[int, int]] = {}
    for (origin, target), count in steps.items():
        if count:
            row = leaving.setdefault(origin, {})
            row[target] = row.get(target, 0) + count
    channels = sorted(set(leaving) - {START})
    place = {channel: number for number, channel in enumerate(channels)}
    chance = {
        origin: {target: count / sum(row.values()) for target, count in row.items()}
        for origin, row in leaving.items()
    }
    inverse = _inverse(
        [
            {place[there]: p for there, p in chance[here].items() if there in place}
            for here in channels
        ]
    )
    begin = chance.get(START, {})
    reach = _times(
        {place[there]: p for there, p in begin.items() if there in place}, inverse
    )
    win = [chance[channel].get(WON, 0.0) for channel in channels]
    wins = [sum(value * win[col] for col, value in row.items()) for row in inverse]
    total = sum(reach.get(col, 0.0) * win[col] for col in range(len(channels)))
    if not total:
        return dict.fromkeys(channels, 0.0)
    return {
        channel: reach.get(n, 0.0) / inverse[n][n] * wins[n] / total
        for n, channel in enumerate(channels)
    }


def _times(
    row: Mapping[int, float], matrix: list[dict[int, float]]
) -> dict[int, float]:
    product: dict[int, float] = {}
    for number, factor in row.items():
        for col, value in matrix[number].items():
            product[col] = product.get(col, 0.0) + factor * value
    return product


def _inverse(chances: list[dict[int, float]]) -> list[dict[int, float]]:
    """(I − Q)⁻¹ by Gauss and Jordan, on rows that hold what is not zero.

    The diagonal is the largest of its column up to the end of elimination (the matrix
    is an M-matrix: every channel can be left), so no rows are exchanged.
    """
    size = len(chances)
    left: list[dict[int, float]] = []
    right: list[dict[int, float]] = []
    for number, row in enumerate(chances):
        own = {col: -value for col, value in row.items()}
        own[number] = own.get(number, 0.0) + 1.0
        left.append(own)
        right.append({number: 1.0})
    for pivot in range(size):
        scale = left[pivot][pivot]
        left[pivot] = {col: value / scale for col, value in left[pivot].items()}
        right[pivot] = {col: value / scale for col, value in right[pivot].items()}
        for number in range(size):
            factor = left[number].pop(pivot, 0.0) if number != pivot else 0.0
            if factor:
                _subtract(left[number], left[pivot], factor, skip=pivot)
                _subtract(right[number], right[pivot], factor)
    return right


def _subtract(
    row: dict[int, float], other: Mapping[int, float], factor: float, skip: int = -1
) -> None:
    for col, value in other.items():
        if col != skip:
            row[col] = row.get(col, 0.0) - factor * value


def shapley(conversions: Iterable[tuple[int, int, int]]) -> dict[int, Fraction]:
    """Shapley value of each channel, in conversions; they add up to all of them.

    :param conversions: (channel, distinct channels of the journey, how many journeys)

    >>> sorted(shapley([(1, 2, 3), (2, 2, 3), (1, 1, 4)]).items())
    [(1, Fraction(11, 2)), (2, Fraction(3, 2))]
    """
    values: dict[int, Fraction] = {}
    for channel, distinct, count in conversions:
        share = Fraction(count, distinct)
        values[channel] = values.get(channel, Fraction(0)) + share
    return values


def as_weights(values: Mapping[int, float | Fraction]) -> dict[int, int]:
    """Whole weights of channels, the largest ``SCALE``; none where nothing counts."""
    largest = max(values.values(), default=0)
    if not largest:
        return {}
    return {
        channel: round(Fraction(value) / Fraction(largest) * SCALE)
        for channel, value in values.items()
    }
