"""What can be true of a touch that a person or another system reports."""

import math
from datetime import datetime, timedelta

#: Nobody had a CRM before, and no clock is wrong by more than a day.
EARLIEST = datetime(1990, 1, 1)
AHEAD = timedelta(days=1)


def moment_problem(moment: datetime, now: datetime) -> str | None:
    """``early``, ``future`` or ``None`` of a moment; both naive, UTC.

    >>> moment_problem(datetime(1, 1, 1), datetime(2024, 5, 1))
    'early'
    >>> moment_problem(datetime(2024, 5, 3), datetime(2024, 5, 1))
    'future'
    >>> moment_problem(datetime(2024, 5, 1, 12), datetime(2024, 5, 1))
    """
    if moment < EARLIEST:
        return "early"
    if moment > now + AHEAD:
        return "future"
    return None


def is_cost(amount: float) -> bool:
    """Whether an amount can be what a touch cost.

    >>> [is_cost(value) for value in (0.0, 12.5, -1.0, math.nan, math.inf, 1e15)]
    [True, True, False, False, False, False]
    """
    return math.isfinite(amount) and 0 <= amount < 1e12
