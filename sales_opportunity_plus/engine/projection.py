"""Money in a period: what open deals will bring, what new ones will, and the run-rate.

The clock says when, the score says whether, and as many new deals come as came lately.
"""

from datetime import date

from .period import Period
from .stage_clock import StageClock

#: Days over which it is counted how many deals come, and how much is won: a quarter.
LATELY = 91
#: Deals of the usual amount that those of one salesperson are mixed with.
USUAL = 5


def chance_in_period(chance: float, within: float | None, ever: float | None) -> float:
    """P(won in the period) from the deal's own chance and the clock's two.

    The clock gives the share of the wins that come in time; without it all may come.

    >>> chance_in_period(0.4, 0.1, 0.2), chance_in_period(0.4, None, None)
    (0.2, 0.4)
    """
    if within is None or ever is None:
        return chance
    if ever <= 0.0:
        return 0.0
    return chance * min(within / ever, 1.0)


def share_between(
    clock: StageClock, stage: str, age: int, today: date, period: Period
) -> float | None:
    """Share of the wins of such deals that come in a period; None: nothing is known.

    Of the period that it is, what is left of it.
    """
    ever = clock.won_ever(stage, age)
    if ever is None:
        return None
    if ever <= 0.0:
        return 0.0
    until, before = _days(today, period)
    start = today.toordinal() - 1
    within = clock.won_within(stage, age, until, start) or 0.0
    earlier = clock.won_within(stage, age, before, start) or 0.0
    return min(max(within - earlier, 0.0) / ever, 1.0)


def wins_of_new(clock: StageClock, period: Period, today: date) -> float:
    """Deals won in the rest of a period of those that come, one each day from today."""
    until, before = _days(today, period)
    start = today.toordinal() - 1
    within = clock.won_from_new(1.0, until, start)
    return max(within - clock.won_from_new(1.0, before, start), 0.0)


def _days(today: date, period: Period) -> tuple[int, int]:
    """From today on: to the end of a period, and to the day before it begins."""
    return (
        max((period.end - today).days + 1, 0),
        max((period.start - today).days, 0),
    )


def mean_amount(total: float, count: int, usual: float | None = None) -> float:
    """Mean amount of won deals, mixed with a few usual ones where they are few.

    >>> mean_amount(200.0, 2), mean_amount(0.0, 0), mean_amount(30.0, 3, 20.0)
    (100.0, 0.0, 16.25)
    """
    if usual is None:
        return float(total) / count if count else 0.0
    return (float(total) + USUAL * usual) / (count + USUAL)


def spread_of_amounts(total: float, squares: float, count: int) -> float:
    """Mean square of amounts ÷ the square of their mean; 1 where all are alike.

    >>> spread_of_amounts(200.0, 20000.0, 2), spread_of_amounts(0.0, 0.0, 0)
    (1.0, 1.0)
    """
    if count < 1 or not total:
        return 1.0
    return max(float(squares) * count / float(total) ** 2, 1.0)


def cumulants_of_new(
    wins: float, amount: float, spread: float
) -> tuple[float, float, float, float]:
    """Of what new deals bring: so many wins on average, come as they come.

    The number is Poisson's; amounts are skewed as a log-normal of this spread.

    >>> cumulants_of_new(2.0, 10.0, 1.0)
    (20.0, 200.0, 2000.0, 20000.0)
    """
    first, second, third, fourth = (
        wins * amount**k * spread ** (k * (k - 1) / 2) for k in (1, 2, 3, 4)
    )
    return first, second, third, fourth
