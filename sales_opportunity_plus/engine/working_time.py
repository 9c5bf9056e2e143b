"""Reckon with working time: how much of it lies between two moments.

All moments are naive and of one time zone (UTC in the addon).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

Interval = tuple[datetime, datetime]
#: Tells the working intervals between two moments, sorted and disjoint.
Fetch = Callable[[datetime, datetime], Iterable[Interval]]

_CHUNK = timedelta(days=120)
_NONE = timedelta(0)


class WorkingTime:
    """Working intervals with their running total, asked for only as far as needed.

    Every question costs a bisection, so that one calendar serves any number of
    opportunities. ``elapsed``, ``after`` and ``before`` agree with each other to
    the microsecond: ``elapsed(a, b) >= d``, ``after(a, d) <= b`` and
    ``a <= before(b, d)`` say the same.

    >>> day = lambda n, hour: datetime(2024, 1, n, hour)
    >>> week = WorkingTime(lambda low, high: [
    ...     (max(low, day(n, 9)), min(high, day(n, 17))) for n in range(1, 6)
    ...     if low < day(n, 17) and day(n, 9) < high
    ... ])
    >>> week.elapsed(day(1, 16), day(2, 10))
    datetime.timedelta(seconds=7200)
    >>> week.after(day(1, 16), timedelta(hours=2))
    datetime.datetime(2024, 1, 2, 10, 0)
    >>> week.before(day(2, 10), timedelta(hours=2))
    datetime.datetime(2024, 1, 1, 16, 0)
    """

    def __init__(self, fetch: Fetch, reach: timedelta = timedelta(days=1461)) -> None:
        """
        :param reach: how far beyond the moment asked for working time is sought
            before the answer is ``None``: a calendar may have no hours at all
        """
        self._fetch = fetch
        self._reach = reach
        self._low: datetime | None = None
        self._high: datetime | None = None
        self._starts: list[datetime] = []
        self._stops: list[datetime] = []
        self._totals: list[timedelta] = []  # worked before each interval, and in all

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Working time from ``start`` to ``end``; nothing when it ends before."""
        if end <= start:
            return _NONE
        self._cover(start, end)
        return self._worked(end) - self._worked(start)

    def after(self, start: datetime, duration: timedelta) -> datetime | None:
        """The first moment by which ``duration`` was worked since ``start``."""
        if duration <= _NONE:
            return start
        self._cover(start, start)
        while True:
            sought = self._worked(start) + duration
            if self._starts and self._totals[-1] >= sought:
                index = bisect_left(self._totals, sought) - 1
                return self._starts[index] + (sought - self._totals[index])
            assert self._high is not None
            if self._high - start > self._reach + duration:
                return None
            self._cover(start, self._high + _CHUNK)

    def before(self, end: datetime, duration: timedelta) -> datetime | None:
        """The last moment since which ``duration`` was worked until ``end``."""
        if duration <= _NONE:
            return end
        self._cover(end, end)
        while True:
            sought = self._worked(end) - duration
            if sought >= _NONE:
                index = bisect_right(self._totals, sought, hi=len(self._starts)) - 1
                return self._starts[index] + (sought - self._totals[index])
            assert self._low is not None
            if end - self._low > self._reach + duration:
                return None
            self._cover(self._low - _CHUNK, end)

    def _worked(self, at: datetime) -> timedelta:
        """Working time from the beginning of what is known until ``at``."""
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return _NONE
        return self._totals[index] + min(at, self._stops[index]) - self._starts[index]

    def _cover(self, low: datetime, high: datetime) -> None:
        """Know the working intervals from ``low`` to ``high``, chunk-wise."""
        if self._low is None or self._high is None:
            self._low = self._high = low
            high = max(high, low + _CHUNK)
        earlier: list[Interval] = []
        later: list[Interval] = []
        if low < self._low:
            low = min(low, self._low - _CHUNK)
            earlier = list(self._fetch(low, self._low))
            self._low = low
        if high > self._high:
            high = max(high, self._high + _CHUNK)
            later = list(self._fetch(self._high, high))
            self._high = high
        if earlier or later:
            known = zip(self._starts, self._stops, strict=True)
            self._index([*earlier, *known, *later])

    def _index(self, intervals: list[Interval]) -> None:
        self._starts = [start for start, _stop in intervals]
        self._stops = [stop for _start, stop in intervals]
        self._totals = [_NONE]
        for start, stop in intervals:
            self._totals.append(self._totals[-1] + (stop - start))


class WallClock:
    """Every moment counts: calendar days, and firms without working hours."""

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        return max(end - start, _NONE)

    def after(self, start: datetime, duration: timedelta) -> datetime | None:
        return start + duration

    def before(self, end: datetime, duration: timedelta) -> datetime | None:
        return end - duration


Clock = WorkingTime | WallClock


def after_pauses(
    clock: Clock, start: datetime, duration: timedelta, pauses: Iterable[Interval]
) -> datetime | None:
    """``clock.after`` where the time of ``pauses`` does not count.

    >>> day = lambda n: datetime(2024, 1, n)
    >>> after_pauses(WallClock(), day(1), timedelta(days=4), [(day(3), day(9))])
    datetime.datetime(2024, 1, 11, 0, 0)
    """
    due = clock.after(start, duration)
    for begun, ended in sorted(pauses):
        if due is None or begun >= due:
            break
        duration += clock.elapsed(max(begun, start), max(ended, start))
        due = clock.after(start, duration)
    return due
