"""What a deal adds to a sum of uncertain deals, exactly.

A deal of amount a that is won with probability p brings p·a on average, p(1−p)a² of
variance and p(1−p)(1−2p)a³ of skewness. Such cumulants of independent deals add up,
in any order and any grouping. They are whole numbers here: probabilities in millionths,
amounts in ten-thousandths, so that a total is the sum of its groups to the last digit,
and the same in a database's numeric.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

#: Parts of one in a probability and in an unit of money.
PARTS = 10**6
MONEY = 10**4

Amount = int | float | Decimal


def as_parts(probability: float) -> int:
    """Millionths, between none and all; what is no number is refused.

    >>> as_parts(0.25), as_parts(1.2), as_parts(-0.1)
    (250000, 1000000, 0)
    """
    if math.isnan(probability):
        raise ValueError("a probability is not a number")
    return round(min(max(probability, 0.0), 1.0) * PARTS)


def as_money(amount: Amount) -> int:
    """Ten-thousandths; an infinite amount or none is refused.

    >>> as_money(12.34), as_money(Decimal("-0.5"))
    (123400, -5000)
    """
    exact = Decimal(repr(amount)) if isinstance(amount, float) else Decimal(amount)
    if not exact.is_finite():
        raise ValueError(f"the amount {amount} is not a number that can be summed")
    return round(Fraction(exact) * MONEY)


@dataclass(frozen=True, slots=True)
class Cumulants:
    """The first four, as whole multiples of PARTS⁻ᵏ · MONEY⁻ᵏ."""

    first: int = 0
    second: int = 0
    third: int = 0
    fourth: int = 0

    def __add__(self, other: "Cumulants") -> "Cumulants":
        return Cumulants(
            self.first + other.first,
            self.second + other.second,
            self.third + other.third,
            self.fourth + other.fourth,
        )

    def times(self, factor: float) -> "Cumulants":
        """Of all amounts times a factor.

        >>> Cumulants(10, 100, 1000, 10000).times(0.5)
        Cumulants(first=5, second=25, third=125, fourth=625)
        """
        exact = Fraction(factor)
        return Cumulants(
            round(self.first * exact),
            round(self.second * exact**2),
            round(self.third * exact**3),
            round(self.fourth * exact**4),
        )

    @property
    def mean(self) -> Fraction:
        """The weighted amount, exactly."""
        return Fraction(self.first, PARTS * MONEY)

    @property
    def deviation(self) -> float:
        return math.sqrt(Fraction(self.second, (PARTS * MONEY) ** 2))

    @property
    def skewness(self) -> float:
        return self._standard(self.third, 3)

    @property
    def excess(self) -> float:
        return self._standard(self.fourth, 4)

    def _standard(self, cumulant: int, order: int) -> float:
        if not self.second:
            return 0.0
        square = float(Fraction(cumulant**2, self.second**order))
        return math.copysign(math.sqrt(square), cumulant)


def of_deal(probability: float, amount: Amount) -> Cumulants:
    """What one deal adds.

    >>> deal = of_deal(0.25, 100)
    >>> deal.mean, round(deal.deviation, 3)
    (Fraction(25, 1), 43.301)
    """
    p, a = as_parts(probability), as_money(amount)
    q, square = PARTS - p, a * a
    spread = p * q
    return Cumulants(
        p * a,
        spread * square,
        spread * (q - p) * square * a,
        spread * (PARTS * PARTS - 6 * spread) * square * square,
    )


def total(deals: Iterable[tuple[float, Amount]]) -> Cumulants:
    """Of (probability, amount), deal by deal."""
    found = Cumulants()
    for probability, amount in deals:
        found += of_deal(probability, amount)
    return found


@dataclass(frozen=True, slots=True)
class Concentration:
    """The deal (by its place) with the largest share of the variance."""

    place: int
    share: float


def concentration(deals: Iterable[tuple[float, Amount]]) -> Concentration | None:
    """None where nothing is uncertain.

    >>> concentration([(0.5, 100), (0.5, 300)])
    Concentration(place=1, share=0.9)
    """
    spreads = [of_deal(probability, amount).second for probability, amount in deals]
    whole = sum(spreads)
    if not whole:
        return None
    place = max(range(len(spreads)), key=spreads.__getitem__)
    return Concentration(place, float(Fraction(spreads[place], whole)))
