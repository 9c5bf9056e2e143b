"""Share a deal out among the touches that led to it: the models that follow rules.

The reference for the SQL that does it for all deals; a test holds both equal.

* Touches count whose kind the model counts, that are not later than the closing and
  not older than the look-back window. The window ends with the closing, for an open
  deal with the last touch that counts. They are in order of time, then of id.
* A weight for a milestone goes to the last touch at or before it, else to the first
  touch. A touch that is several milestones gets the sum.
* The weight of all others is shared equally by the touches that get no milestone's
  weight. A weight that finds no touch (nothing in between, a lead that became no
  opportunity) is shared by the others in proportion to theirs.
* One touch gets everything; two touches under 40/20/40 get half each. Where all
  weights find no touch, all touches count the same.
* Amounts are shared out by largest remainder; the billionths that fractions leave over
  go to the first touches.
* Weights are whole numbers, so that nothing is rounded before the sharing out. Those
  of the time decay count in 2^-33 of the last touch; its exponent is computed in
  double precision here and in PostgreSQL, by the same steps.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from .allocate import allocate, allocate_in_order

#: The largest weight of a touch.
SCALE = 2**33
#: After so many half-lives a touch gets nothing: its weight would round to zero.
FADED = 34.0
#: Fractions are kept with nine digits.
WHOLE = 10**9
_DAY = 86400.0
#: The channel in which a data-driven model puts those that it does not keep apart.
OTHERS = -9
RULES = ("first", "last", "last_non_direct", "linear", "decay", "position")
DATA_DRIVEN = ("markov", "shapley")


@dataclass(frozen=True, slots=True)
class Touch:
    """A touch of a deal. ``channel`` is what a data-driven model takes for one."""

    id: int
    moment: datetime
    kind: int = 0
    is_direct: bool = False
    channel: int = 0


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal: what it is worth and when its milestones were."""

    value: Decimal
    created: datetime
    #: When it became an opportunity; ``None`` for a lead.
    converted: datetime | None = None
    #: When it was won or lost; ``None`` as long as it is open.
    closed: datetime | None = None
    rounding: Decimal = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Model:
    """How to share out; weights of milestones in hundredths of a percent."""

    shape: str
    half_life: float = 7.0
    first: int = 0
    lead: int = 0
    opportunity: int = 0
    last: int = 0
    middle: int = 0
    #: Days; 0 is no limit.
    lookback: int = 0
    #: Kinds that count; ``None`` is all.
    kinds: frozenset[int] | None = None
    #: Weight of each channel, at most ``SCALE``, for a data-driven model; what it does
    #: not name counts as ``OTHERS``.
    channels: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Credit:
    """What a touch gets: its fraction of the deal and of the deal's value."""

    touch_id: int
    fraction: Decimal
    amount: Decimal


def counted(touches: Sequence[Touch], deal: Deal, model: Model) -> list[Touch]:
    """The touches that a model counts for a deal, in their order."""
    found = sorted(
        (
            touch
            for touch in touches
            if (model.kinds is None or touch.kind in model.kinds)
            and (deal.closed is None or touch.moment <= deal.closed)
        ),
        key=lambda touch: (touch.moment, touch.id),
    )
    if not model.lookback or not found:
        return found
    anchor = deal.closed or found[-1].moment
    since = anchor - timedelta(days=model.lookback)
    return [touch for touch in found if touch.moment >= since]


def weigh(touches: Sequence[Touch], deal: Deal, model: Model) -> list[int]:
    """The weight of each of the counted touches, in their order."""
    count = len(touches)
    if model.shape in ("first", "last", "last_non_direct"):
        chosen = 0 if model.shape == "first" else count - 1
        if model.shape == "last_non_direct":
            sent = [place for place in range(count) if not touches[place].is_direct]
            chosen = sent[-1] if sent else chosen
        return [int(place == chosen) for place in range(count)]
    if model.shape == "decay":
        return [_faded(touches[-1], touch, model.half_life) for touch in touches]
    if model.shape == "position":
        return _by_position(touches, deal, model)
    if model.shape in DATA_DRIVEN:
        return _by_channel(touches, model)
    return [1] * count


def _faded(last: Touch, touch: Touch, half_life: float) -> int:
    lives = (last.moment - touch.moment).total_seconds() / (half_life * _DAY)
    if lives > FADED:
        return 0
    return math.floor(float(SCALE) * math.pow(2.0, -lives) + 0.5)


def _by_position(touches: Sequence[Touch], deal: Deal, model: Model) -> list[int]:
    count = len(touches)
    weights = [0] * count
    if not count:
        return weights
    weights[0] += model.first
    weights[_reached(touches, deal.created)] += model.lead
    if deal.converted is not None:
        weights[_reached(touches, deal.converted)] += model.opportunity
    weights[-1] += model.last
    others = weights.count(0)
    if not any(weights):
        return [1] * count
    # Everything times the number of the others: their equal shares are whole then.
    return [weight * max(others, 1) or model.middle for weight in weights]


def _reached(touches: Sequence[Touch], moment: datetime) -> int:
    """Place of the touch that a milestone credits."""
    return max(sum(touch.moment <= moment for touch in touches) - 1, 0)


def _by_channel(touches: Sequence[Touch], model: Model) -> list[int]:
    """A channel's weight, shared equally by its touches; all alike if none has one."""
    channels = [touch.channel for touch in touches]
    others = model.channels.get(OTHERS, 0)
    return [
        model.channels.get(channel, others) // channels.count(channel)
        for channel in channels
    ]


def credit(touches: Sequence[Touch], deal: Deal, model: Model) -> list[Credit]:
    """What each touch gets of a deal; touches that get nothing are left out.

    >>> day = datetime(2024, 5, 1)
    >>> journey = [Touch(n, day + timedelta(days=n)) for n in range(4)]
    >>> deal = Deal(Decimal(1000), created=day, converted=day)
    >>> model = Model("position", first=4000, middle=2000, last=4000)
    >>> [int(part.amount) for part in credit(journey, deal, model)]
    [400, 100, 100, 400]
    """
    found = counted(touches, deal, model)
    weights = weigh(found, deal, model)
    fractions = allocate_in_order(WHOLE, weights)
    amounts = allocate(deal.value, weights, deal.rounding)
    return [
        Credit(touch.id, Decimal(fraction).scaleb(-9), amount)
        for touch, fraction, amount in zip(found, fractions, amounts, strict=True)
        if fraction or amount
    ]
