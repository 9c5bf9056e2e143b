"""When people work: moments on working days, in working hours, in their zone."""

from bisect import bisect_left
from datetime import date, datetime, time, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(8), time(18)
#: How many minutes of the morning a move needs at least after the previous one.
PAUSE = timedelta(minutes=5)
DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Monday to Friday, except the firm's closing days at the turn of the year.

    >>> is_working_day(date(2026, 5, 4)), is_working_day(date(2026, 5, 3))
    (True, False)
    >>> is_working_day(date(2026, 12, 28))
    False
    """
    turn_of_year = (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1)
    return day.weekday() < 5 and not turn_of_year


def next_working_day(day: date) -> date:
    """``day`` itself, or the first working day after it.

    >>> next_working_day(date(2026, 12, 24))
    datetime.date(2027, 1, 4)
    """
    while not is_working_day(day):
        day += DAY
    return day


def working_days(start: date, end: date) -> list[date]:
    """The working days from ``start`` to before ``end``."""
    days = (end - start).days
    return [
        day
        for day in (start + timedelta(days=n) for n in range(days))
        if is_working_day(day)
    ]


def quarter_end(day: date) -> date:
    """The last day of the quarter that ``day`` is in.

    >>> quarter_end(date(2026, 2, 3)), quarter_end(date(2026, 12, 31))
    (datetime.date(2026, 3, 31), datetime.date(2026, 12, 31))
    """
    month = (day.month - 1) // 3 * 3 + 3
    first_of_next = date(day.year + month // 12, month % 12 + 1, 1)
    return first_of_next - DAY


def moment(
    day: date, zone: str, rng: Random, after: datetime | None = None
) -> datetime:
    """A moment of a person's work on ``day`` or the next working day.

    Later than ``after`` (naive UTC, as is the answer), on a later day when that
    one is over.
    """
    tz = ZoneInfo(zone)
    day = next_working_day(day)
    while True:
        opens = datetime.combine(day, OPENS, tz)
        closes = datetime.combine(day, CLOSES, tz)
        if after is not None:
            opens = max(
                opens, after.replace(tzinfo=timezone.utc).astimezone(tz) + PAUSE
            )
        if opens < closes:
            break
        day = next_working_day(day + DAY)
    seconds = rng.random() * (closes - opens).total_seconds()
    found = opens + timedelta(seconds=int(seconds))
    return found.astimezone(timezone.utc).replace(tzinfo=None)


def spread(
    days: list[date], weights: list[float], rng: Random, count: int
) -> list[date]:
    """``count`` days drawn by weight, in their order."""
    totals: list[float] = []
    for weight in weights:
        totals.append(weight + (totals[-1] if totals else 0.0))
    last = len(days) - 1
    return sorted(
        days[min(last, bisect_left(totals, rng.random() * totals[-1]))]
        for _ in range(count)
    )
