"""Days and events of a stage clock by calendar month, as far as they are complete."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from operator import add

from .stage_hazard import STARTS, HazardCounts
from .stage_stay import LOST, WON, Stay

#: Days in stage at which a bucket is over.
ENDS = (*STARTS[1:], 1 << 62)
#: Share of all outcomes that may come before a history begins to be complete.
STRAY = 0.01


@lru_cache(maxsize=16_384)
def month_of(day: int) -> tuple[int, int]:
    """Months since the year 0, and the last day of the month.

    >>> month_of(date(2026, 2, 3).toordinal()) == (2026 * 12 + 1, 739675)
    True
    """
    found = date.fromordinal(min(max(day, 1), date.max.toordinal() - 31))
    month = found.year * 12 + found.month - 1
    following = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return month, following.toordinal() - 1


@dataclass(slots=True)
class MonthlyCounts:
    """Days and events of a clock by calendar month.

    ``days`` are by month and stage, in the order of the buckets.
    """

    days: dict[tuple[int, str], list[float]] = field(default_factory=dict)
    events: dict[int, dict[tuple[str, int, str], float]] = field(default_factory=dict)

    def add(self, stays: Iterable[Stay]) -> "MonthlyCounts":
        # The innermost loop of what the clock learns.
        known, ends = self.days, ENDS
        for stage, entered, left, event in stays:
            age = place = month = 0
            length = left - entered
            while age < length:
                month, last = month_of(entered + age + 1)
                end = last - entered if last < left else length
                if end <= age:  # a day that no calendar has
                    end = age + 1
                row = known.get((month, stage))
                if row is None:
                    row = known[month, stage] = [0.0] * len(STARTS)
                # From one bucket to the next, up to the end of the month.
                over = ends[place]
                while over < end:
                    row[place] += over - age
                    age = over
                    place += 1
                    over = ends[place]
                row[place] += end - age
                age = end
            if event is not None and length > 0:
                events = self.events.setdefault(month, {})
                happened = (stage, place, event)
                events[happened] = events.get(happened, 0.0) + 1.0
        return self

    def plus(self, *others: "MonthlyCounts") -> "MonthlyCounts":
        days = {key: [*row] for key, row in self.days.items()}
        events = {month: {**found} for month, found in self.events.items()}
        for other in others:
            for key, row in other.days.items():
                mine = days.get(key)
                days[key] = [*row] if mine is None else list(map(add, mine, row))
            for month, found in other.events.items():
                into = events.setdefault(month, {})
                for happened, count in found.items():
                    into[happened] = into.get(happened, 0.0) + count
        return MonthlyCounts(days, events)

    def total(self) -> HazardCounts:
        found = HazardCounts()
        for (_month, stage), row in self.days.items():
            for place, days in enumerate(row):
                if days:
                    key = stage, place
                    found.days[key] = found.days.get(key, 0.0) + days
        for events in self.events.values():
            for happened, count in events.items():
                found.events[happened] = found.events.get(happened, 0.0) + count
        return found

    def months(self) -> dict[int, HazardCounts]:
        found: dict[int, HazardCounts] = {}
        for (month, stage), row in self.days.items():
            counts = found.setdefault(month, HazardCounts())
            for place, days in enumerate(row):
                if days:
                    counts.days[stage, place] = days
        for month, events in self.events.items():
            found[month].events.update(events)
        return found

    def complete(self) -> "MonthlyCounts":
        """Without the months before outcomes were kept.

        Deals that came before then are there only if they were still open: their days
        would count as days on which nothing could happen.
        """
        ends = {
            month: sum(n for key, n in events.items() if key[2] in (WON, LOST))
            for month, events in self.events.items()
        }
        allowed, seen, first = STRAY * sum(ends.values()), 0.0, None
        for month in sorted(ends):
            seen += ends[month]
            if seen > allowed:
                first = month
                break
        if first is None:
            return self
        return MonthlyCounts(
            {key: row for key, row in self.days.items() if key[0] >= first},
            {month: found for month, found in self.events.items() if month >= first},
        )
