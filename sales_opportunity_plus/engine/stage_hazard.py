"""How often a deal in a stage is won, lost or moved on the next day, by days there.

Counts are days that opportunities spent and events that ended them. Open opportunities
spent days too, so those that last do not vanish from the account. Where days are few,
the rate leans on the stage's, the stage's own on that of all stages.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from .stage_stay import ENTRY, LOST, WON, Stay

#: Days in stage at which the account starts anew.
STARTS = (0, 1, 2, 3, 5, 7, 10, 14, 21, 28, 45, 60, 90, 120, 180, 365)
#: Opportunity-days that the wider rate weighs.
LEAN = 5.0


def bucket(age: int) -> int:
    """
    >>> bucket(0), bucket(4), bucket(10**6), bucket(-1)
    (0, 3, 15, 0)
    """
    return max(bisect_right(STARTS, age) - 1, 0)


@dataclass(slots=True)
class HazardCounts:
    """Days by (stage, bucket) and events by (stage, bucket, event).

    Fill it by ``add`` or with sums that a database made.
    """

    days: dict[tuple[str, int], float] = field(default_factory=dict)
    events: dict[tuple[str, int, str], float] = field(default_factory=dict)

    def add(
        self,
        stays: Iterable[Stay],
        since: int | None = None,
        until: int | None = None,
    ) -> "HazardCounts":
        """Count stays; only the days after ``since`` and up to ``until``."""
        for stay in stays:
            first = 0 if since is None else max(since - stay.entered, 0)
            left = stay.left if until is None else min(stay.left, until)
            length = left - stay.entered
            if length <= first:
                continue
            last = bucket(length - 1)
            for place in range(bucket(first), last + 1):
                end = STARTS[place + 1] if place < last else length
                key = (stay.stage, place)
                spent = end - max(STARTS[place], first)
                self.days[key] = self.days.get(key, 0.0) + spent
            if stay.event is not None and left == stay.left:
                happened = (stay.stage, last, stay.event)
                self.events[happened] = self.events.get(happened, 0.0) + 1.0
        return self

    def plus(self, other: "HazardCounts") -> "HazardCounts":
        found = HazardCounts(dict(self.days), dict(self.events))
        for key, days in other.days.items():
            found.days[key] = found.days.get(key, 0.0) + days
        for event, count in other.events.items():
            found.events[event] = found.events.get(event, 0.0) + count
        return found


@dataclass(frozen=True, slots=True)
class Hazards:
    """By stage and bucket: won, lost, and the rate to each other stage, per day."""

    won: dict[str, tuple[float, ...]]
    lost: dict[str, tuple[float, ...]]
    moves: dict[str, tuple[dict[str, float], ...]]

    @property
    def stages(self) -> tuple[str, ...]:
        return tuple(self.won)


def learn_hazards(counts: HazardCounts) -> Hazards:
    """Rates from counts; a stage that nobody came to has none."""
    stages = sorted({stage for stage, _place in counts.days})
    grouped = _by_stage(counts)
    overall = _overall(counts)
    won, lost, moves = {}, {}, {}
    for stage in stages:
        rows = [
            _rates(grouped[stage], place, overall, known=set(stages))
            for place in range(len(STARTS))
        ]
        won[stage] = tuple(row.pop(WON, 0.0) for row in rows)
        lost[stage] = tuple(row.pop(LOST, 0.0) for row in rows)
        moves[stage] = tuple(
            {event.removeprefix("to "): rate for event, rate in row.items() if rate}
            for row in rows
        )
    return Hazards(won, lost, moves)


@dataclass(slots=True)
class _Stage:
    """Days and events by bucket; ``totals`` are the events of all buckets."""

    days: list[float]
    events: list[dict[str, float]]
    is_entry: bool
    totals: dict[str, float] = field(default_factory=dict)


def _by_stage(counts: HazardCounts) -> dict[str, _Stage]:
    grouped: dict[str, _Stage] = {}
    for (stage, place), spent in counts.days.items():
        if stage not in grouped:
            empty: list[dict[str, float]] = [{} for _ in STARTS]
            grouped[stage] = _Stage([0.0] * len(STARTS), empty, stage == ENTRY)
        grouped[stage].days[place] = spent
    for (stage, place, event), count in counts.events.items():
        if stage in grouped:
            totals = grouped[stage].totals
            totals[event] = totals.get(event, 0.0) + count
            grouped[stage].events[place][event] = count
    return grouped


def _overall(counts: HazardCounts) -> dict[str, float]:
    """Won and lost per day over all stages."""
    spent = sum(days for (stage, _p), days in counts.days.items() if stage != ENTRY)
    return {
        end: sum(
            count
            for (stage, _place, event), count in counts.events.items()
            if event == end and stage != ENTRY
        )
        / max(spent, 1.0)
        for end in (WON, LOST)
    }


def _rates(
    stage: _Stage, place: int, overall: dict[str, float], known: set[str]
) -> dict[str, float]:
    """Of all events in one bucket; together at most 1."""
    total = sum(stage.days)
    rates = {}
    for event in sorted({*stage.totals, WON, LOST}):
        if event not in (WON, LOST) and event.removeprefix("to ") not in known:
            continue
        wide = 0.0 if stage.is_entry else overall.get(event, 0.0)
        own = (stage.totals.get(event, 0.0) + LEAN * wide) / (total + LEAN)
        count = stage.events[place].get(event, 0.0)
        rates[event] = (count + LEAN * own) / (stage.days[place] + LEAN)
    excess = sum(rates.values())
    return {event: rate / max(excess, 1.0) for event, rate in rates.items()}
