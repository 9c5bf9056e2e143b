"""Periods of a forecast: weeks, and months, quarters and years by the fiscal start."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

Kind = Literal["week", "month", "quarter", "year"]

#: Months of each kind that is made of months.
MONTHS = {"month": 1, "quarter": 3, "year": 12}
KINDS: tuple[Kind, ...] = ("week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From the first to the last day, both in it."""

    start: date
    end: date
    kind: Kind

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def moved(self, number: int) -> "Period":
        """So many periods later; earlier where negative.

        >>> period_of(date(2026, 1, 31), "month").moved(-2).start
        datetime.date(2025, 11, 1)
        """
        if self.kind == "week":
            apart = timedelta(weeks=number)
            return Period(self.start + apart, self.end + apart, "week")
        months = MONTHS[self.kind]
        start = _months_on(self.start, months * number)
        end = _months_on(start, months) - timedelta(days=1)
        return Period(start, end, self.kind)

    def previous(self) -> "Period":
        return self.moved(-1)

    def following(self) -> "Period":
        return self.moved(1)

    def year_before(self) -> "Period":
        """The same window a year earlier; 52 weeks earlier for a week.

        >>> period_of(date(2026, 5, 1), "quarter").year_before().start
        datetime.date(2025, 4, 1)
        """
        number = 52 if self.kind == "week" else 12 // MONTHS[self.kind]
        return self.moved(-number)

    def parts(self, kind: Kind) -> list["Period"]:
        """The periods of a shorter kind that begin in this one.

        >>> len(period_of(date(2026, 5, 1), "year").parts("month"))
        12
        """
        if kind == "week":
            # A week belongs to the period that holds its Thursday, as in ISO 8601.
            one = period_of(self.start, "week")
            if one.start + timedelta(days=3) < self.start:
                one = one.following()
        else:
            one = _by_months(self.start, kind)
        found = []
        while (one.start + timedelta(days=3 * (kind == "week"))) in self:
            found.append(one)
            one = one.following()
        return found


def period_of(day: date, kind: str, first_month: int = 1) -> Period:
    """The period that a day is in.

    :param first_month: in which the fiscal year begins, 1 to 12
    :raise ValueError: for another kind or month

    >>> period_of(date(2026, 6, 30), "year", 7)
    Period(start=datetime.date(2025, 7, 1), end=datetime.date(2026, 6, 30), kind='year')
    """
    if kind not in KINDS:
        raise ValueError(f"a period is a week, month, quarter or year, not {kind!r}")
    if not 1 <= first_month <= 12:
        raise ValueError(f"a fiscal year begins in month 1 to 12, not {first_month}")
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6), "week")
    within = (day.month - first_month) % MONTHS[kind]
    return _by_months(_months_on(day.replace(day=1), -within), kind)


def _by_months(first: date, kind: str) -> Period:
    end = _months_on(first, MONTHS[kind]) - timedelta(days=1)
    return Period(first, end, cast(Kind, kind))


def _months_on(first: date, number: int) -> date:
    months = first.year * 12 + first.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)
