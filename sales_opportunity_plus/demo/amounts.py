"""What a deal is worth, how that is refined on its way, and exchange rates."""

import math
from datetime import date, timedelta
from random import Random

from .catalogue import COMPANIES
from .shape import Rate, Recurring, Solution

#: Pounds and dollars for one euro, about which the rates wander.
PER_EURO = {"EUR": 1.0, "GBP": 0.86, "USD": 1.09}
#: How the estimate changes on entering a stage: mean and spread of its logarithm.
REVISION = {
    "qualified": (0.04, 0.18),
    "proposition": (0.0, 0.15),
    "negotiation": (-0.04, 0.05),
    "contract": (-0.03, 0.03),
}


def rounded(value: float) -> int:
    """To figures that a seller would write: about two significant digits.

    >>> [rounded(x) for x in (640, 4_273, 38_611, 141_900)]
    [650, 4300, 38500, 142000]
    """
    for limit, step in ((1_000, 50), (10_000, 100), (100_000, 500)):
        if value < limit:
            return max(step, round(value / step) * step)
    return round(value / 1_000) * 1_000


def first_estimate(solution: Solution, size: float, currency: str, rng: Random) -> int:
    """The amount when the deal is written down for the first time."""
    euros = solution.amount * size * rng.lognormvariate(0, 0.6)
    return rounded(euros * PER_EURO[currency])


def revised(amount: int, stage: str, rng: Random) -> int:
    """The amount on entering ``stage``: measured, offered, then bargained over."""
    mean, spread = REVISION.get(stage, (0.0, 0.0))
    if not spread or rng.random() < 0.25:
        return amount
    return rounded(amount * math.exp(rng.gauss(mean, spread)))


def recurring(solution: Solution, amount: int, rng: Random) -> Recurring | None:
    """What the deal brings in again and again, if it does."""
    if rng.random() >= solution.recurring_share:
        return None
    part = amount * solution.recurring_part * rng.uniform(0.7, 1.3)
    return Recurring(max(50, round(part / 10) * 10), solution.recurring_plan)


def rates(seed: str, start: date, today: date) -> tuple[Rate, ...]:
    """Weekly exchange rates as each company keeps them, against its own currency."""
    rng = Random(f"{seed}:rates")
    per_euro = dict(PER_EURO)
    made: list[Rate] = []
    day = start
    while day < today:
        for company in COMPANIES:
            own = per_euro[company.currency]
            made.extend(
                Rate(day, company.key, currency, round(value / own, 6))
                for currency, value in per_euro.items()
                if currency != company.currency or day == start
            )
        day += timedelta(days=7)
        for currency in ("GBP", "USD"):
            pull = 0.06 * math.log(PER_EURO[currency] / per_euro[currency])
            per_euro[currency] *= math.exp(pull + rng.gauss(0, 0.006))
    return tuple(made)
