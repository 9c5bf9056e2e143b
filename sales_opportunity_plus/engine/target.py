"""Targets of a scope: what they come to in any period, to the unit.

Each day belongs to the shortest target that covers it. What a longer target holds
more than the shorter ones inside it is spread evenly over the days that they leave
open, in whole units (cents, or single deals). So periods that make up a longer one add
up to it exactly, and a target whose dates fit no period any more still counts, by days.

Who joins or leaves within a longer target has no target before or after, in the shorter
ones inside it neither. What the longer one is then worth follows the shorter ones where
they fill it: that is how it was split, say by season. Else it goes by days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

#: So many won deals weigh as much as the assumption that all months are the same.
STEADY = 60


@dataclass(frozen=True, slots=True)
class Target:
    """Whole units for the days from ``start`` to ``end``, both of them in it.

    :param units: for the whole period, also where the person is there for a part of it
    :param first: first day that counts: the day on which somebody joined
    :param last: last day that counts
    :param fits: whether the days are those of a period of today's fiscal year
    """

    start: date
    end: date
    units: int
    first: date | None = None
    last: date | None = None
    fits: bool = True

    @property
    def days(self) -> int:
        return self.end.toordinal() - self.start.toordinal() + 1

    def window(self) -> range:
        """The days that count, as ordinals."""
        first = max(self.start, self.first or self.start)
        last = min(self.end, self.last or self.end)
        return range(first.toordinal(), max(first.toordinal(), last.toordinal() + 1))

    def holds(self, other: "Target") -> bool:
        return self.start <= other.start and other.end <= self.end


def half_up(dividend: int, divisor: int) -> int:
    """The nearest whole number, away from zero in the middle.

    >>> half_up(5, 2), half_up(-5, 2), half_up(4, 3)
    (3, -3, 1)
    """
    rounded = (2 * abs(dividend) + divisor) // (2 * divisor)
    return rounded if dividend >= 0 else -rounded


def effective(target: Target, targets: Sequence[Target]) -> int:
    """What counts of a target for who is there for a part of its days.

    :param targets: those of its scope, itself among them

    >>> june = Target(date(2026, 6, 1), date(2026, 6, 30), 3000, date(2026, 6, 21))
    >>> effective(june, [june])
    1000
    >>> parts = [Target(date(2026, 6, 1), date(2026, 6, 20), 600),
    ...          Target(date(2026, 6, 21), date(2026, 6, 30), 2400)]
    >>> effective(june, [june, *parts])
    2400
    """
    there = _there(target, targets)
    if len(there) == target.days:
        return target.units
    parts = _parts(target, targets)
    if whole := sum(part.units for part in parts):
        counted = sum(effective(part, targets) for part in parts)
        return half_up(target.units * counted, whole)
    return half_up(target.units * len(there), target.days)


def _there(target: Target, targets: Sequence[Target]) -> range:
    """The days that count, by the longer targets around it too."""
    days = target.window()
    for other in targets:
        if other.holds(target):
            window = other.window()
            first = max(days.start, window.start)
            days = range(first, max(first, min(days.stop, window.stop)))
    return days


def _parts(target: Target, targets: Sequence[Target]) -> list[Target]:
    """Shorter targets that fill it, one after the other; none where they leave gaps."""
    inside = [
        one
        for one in targets
        if target.holds(one) and one.days < target.days and one.fits
    ]
    found: list[Target] = []
    day = target.start.toordinal()
    while day <= target.end.toordinal():
        here = [one for one in inside if one.start.toordinal() == day]
        if not here:
            return []
        found.append(max(here, key=lambda one: one.days))
        day = found[-1].end.toordinal() + 1
    return found


def amount_in(start: date, end: date, targets: Sequence[Target]) -> int | None:
    """Units of the targets of one scope from one day to another; ``None``: no target.

    >>> year = Target(date(2026, 1, 1), date(2026, 12, 31), 36500)
    >>> june = Target(date(2026, 6, 1), date(2026, 6, 30), 9000)
    >>> amount_in(date(2026, 6, 1), date(2026, 6, 30), [year, june])
    9000
    >>> amount_in(date(2026, 6, 1), date(2026, 6, 30), [year])
    3000
    >>> amount_in(date(2025, 6, 1), date(2025, 6, 30), [year, june])
    """
    for target in targets:
        if (target.start, target.end) == (start, end):
            return effective(target, targets)
    if not any(target.start <= end and target.end >= start for target in targets):
        return None
    by_day = _by_day(targets)
    days = range(start.toordinal(), end.toordinal() + 1)
    return sum(by_day.get(day, 0) for day in days)


def _by_day(targets: Sequence[Target]) -> dict[int, int]:
    """Units of each day that a target covers."""
    found: dict[int, int] = {}
    order = sorted(targets, key=lambda one: (one.days, not one.fits, one.start))
    for target in order:
        covered = range(target.start.toordinal(), target.end.toordinal() + 1)
        left = effective(target, targets) - sum(found.get(day, 0) for day in covered)
        free = [day for day in _there(target, targets) if day not in found]
        # Shorter targets that come to more than the longer one stand as they are.
        for place, day in enumerate(free):
            found[day] = max(left, 0) * (place + 1) // len(free)
            found[day] -= max(left, 0) * place // len(free)
        for day in covered:
            found.setdefault(day, 0)
    return found


def steadied(
    won: Sequence[int], deals: Sequence[int], steady: int = STEADY
) -> list[int]:
    """Weights of parts by what was won in each, even where little was won.

    :param won: units won in each part (of the year, of the team), zero or more
    :param deals: how many deals that was
    :param steady: so many deals count half, and the even share the other half

    >>> steadied([900, 100], [0, 0])
    [1, 1]
    >>> first, second = steadied([300, 100], [30, 30])
    >>> round(first / (first + second), 3)
    0.625
    """
    if any(units < 0 for units in won):
        raise ValueError("what was won is zero or more")
    whole, number = sum(won), sum(deals)
    if not whole or not number:
        return [1] * len(won)
    return [number * units * len(won) + steady * whole for units in won]
