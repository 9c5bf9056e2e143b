"""Share an amount out so that the parts add up to it, exactly.

Everything is counted in whole units (cents, billionths): integers do not round. The
method is the largest remainder: each part gets the whole units of its share, and the
units that are left go one by one to the parts whose share was cut most. Parts whose
share was cut by the same come in their order.
"""

from collections.abc import Sequence
from decimal import Context, Decimal

#: Enough for the product of any two amounts; never rounds.
_EXACT = Context(prec=400)


def allocate_units(total: int, weights: Sequence[int]) -> list[int]:
    """Share ``total`` whole units out in proportion to weights of zero or more.

    A weight of zero gets nothing; where all are zero, all count the same.

    >>> allocate_units(100, [1, 1, 1])
    [34, 33, 33]
    >>> allocate_units(-100, [1, 1, 1])
    [-34, -33, -33]
    >>> allocate_units(10, [0, 0])
    [5, 5]
    >>> allocate_units(10, [])
    []
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is less than zero")
    if total < 0:
        return [-part for part in allocate_units(-total, weights)]
    weights = _or_equal(weights)
    return _hand_out(total, weights, by_remainder(total, weights))


def allocate_in_order(total: int, weights: Sequence[int]) -> list[int]:
    """The same for zero or more units, what is left going to the first ones.

    >>> allocate_in_order(10, [0, 1, 2, 3, 1])
    [0, 2, 3, 4, 1]
    """
    weights = _or_equal(weights)
    return _hand_out(total, weights, [n for n, weight in enumerate(weights) if weight])


def _or_equal(weights: Sequence[int]) -> Sequence[int]:
    return weights if any(weights) else [1] * len(weights)


def _hand_out(total: int, weights: Sequence[int], order: Sequence[int]) -> list[int]:
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    for place in order[: total - sum(parts) if parts else 0]:
        parts[place] += 1
    return parts


def by_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Places of the weights that are not zero, the most cut one first."""
    whole = sum(weights)
    places = [place for place, weight in enumerate(weights) if weight]
    return sorted(places, key=lambda place: (-(total * weights[place] % whole), place))


def allocate(
    value: Decimal, weights: Sequence[int], rounding: Decimal
) -> list[Decimal]:
    """Share an amount of money out in units of its currency's rounding.

    What is less than a unit (an amount that was not rounded) goes along with the
    first unit that is left.

    >>> [str(part) for part in allocate(Decimal("100"), [1, 1, 1], Decimal("0.01"))]
    ['33.34', '33.33', '33.33']
    >>> [str(part) for part in allocate(Decimal("-10.5"), [3, 1], Decimal("1"))]
    ['-8.5', '-2']
    """
    if rounding <= 0:
        raise ValueError("the rounding of a currency is more than zero")
    if value < 0:
        parts = allocate(value.copy_abs(), weights, rounding)
        return [part.copy_negate() for part in parts]
    weights = _or_equal(weights)
    units = int(_EXACT.divide_int(value, rounding))
    rest = _EXACT.subtract(value, _EXACT.multiply(rounding, Decimal(units)))
    parts = [
        _EXACT.multiply(rounding, Decimal(part))
        for part in allocate_units(units, weights)
    ]
    if rest and parts:
        first = by_remainder(units, weights)[0]
        parts[first] = _EXACT.add(parts[first], rest)
    return parts
