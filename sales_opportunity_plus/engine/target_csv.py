"""A file of targets: text into rows, each with what is wrong with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from .csv_table import Line, Problem, read_lines, usual_problems
from .period import Period, period_of

COLUMNS = (
    "company",
    "team",
    "salesperson",
    "period",
    "measure",
    "target",
    "counts_from",
    "counts_until",
    "note",
)
REQUIRED = ("period", "target")
LONGEST = dict.fromkeys(COLUMNS, 255)
FIRST_YEAR, LAST_YEAR = 1971, 2198

# Where only one sign is in a number, three digits after it may be thousands or
# thousandths: nobody guesses.
_PLAIN = re.compile(r"\d{1,15}([.,]\d{1,2})?", re.ASCII)
_GROUPED = re.compile(
    r"\d{1,3}(\.\d{3})+,\d{1,2}|\d{1,3}(,\d{3})+\.\d{1,2}"
    r"|\d{1,3}(\.\d{3}){2,}|\d{1,3}(,\d{3}){2,}",
    re.ASCII,
)
_SPACES = str.maketrans("", "", " '\u00a0\u202f\u2019")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_QUARTER = re.compile(r"(?:FY ?)?(\d{4})[ -]?Q([1-4])", re.ASCII | re.IGNORECASE)
_YEAR = re.compile(r"(?:FY ?)?(\d{4})", re.ASCII | re.IGNORECASE)
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.ASCII | re.IGNORECASE)


@dataclass(slots=True)
class Row:
    """A line of the file. ``number`` counts as a spreadsheet does, the heading is 1."""

    number: int
    values: dict[str, str]
    amount: float | None = None
    counts_from: date | None = None
    counts_until: date | None = None
    problems: list[Problem] = field(default_factory=list)


def read(data: bytes) -> Iterator[Row]:
    """The rows of a file; periods are read by ``period_named``, as companies differ."""
    for line in read_lines(data, COLUMNS, REQUIRED):
        yield _row(line)


def _row(line: Line) -> Row:
    values = line.values
    problems = usual_problems(line, REQUIRED, LONGEST)
    row = Row(line.number, values, problems=problems)
    period = values.get("period", "")
    if period and period_named(period) is None:
        row.problems.append(Problem("period", "period", period[:60]))
    if "target" in values:
        row.amount = number_of(values["target"])
        if row.amount is None:
            row.problems.append(Problem("amount", "target", values["target"][:60]))
    row.counts_from = _day(row, "counts_from")
    row.counts_until = _day(row, "counts_until")
    return row


def _day(row: Row, name: str) -> date | None:
    text = row.values.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        row.problems.append(Problem("day", name, text[:60]))
        return None


def number_of(text: str) -> float | None:
    """An amount of zero or more, with a decimal point or a decimal comma.

    >>> number_of("1234,5"), number_of("1 234.50"), number_of("1.234.567,89")
    (1234.5, 1234.5, 1234567.89)
    >>> number_of("1,234") is number_of("-1") is number_of("1e5") is None
    True
    """
    number = text.translate(_SPACES)
    if _GROUPED.fullmatch(number):
        sign = max(number.rfind("."), number.rfind(","))
        is_decimal = len({*number} & {".", ","}) == 2
        whole, rest = (
            (number[:sign], number[sign + 1 :]) if is_decimal else (number, "")
        )
        number = re.sub("[.,]", "", whole) + "." + (rest or "0")
    elif not _PLAIN.fullmatch(number):
        return None
    amount = float(number.replace(",", "."))
    return amount if amount < 1e15 else None


def period_named(text: str, first_month: int = 1) -> Period | None:
    """The period of a name; quarters and years are fiscal ones.

    A fiscal year is named after the year in which it ends.

    >>> period_named("2026-07").start, period_named("2026-W01").start
    (datetime.date(2026, 7, 1), datetime.date(2025, 12, 29))
    >>> period_named("2026-Q3", 7).start, period_named("FY2026", 7).start
    (datetime.date(2026, 1, 1), datetime.date(2025, 7, 1))
    >>> period_named("2026-13"), period_named("soon")
    (None, None)
    """
    for pattern, make in _KINDS:
        found = pattern.fullmatch(text.strip())
        if found:
            year, *rest = map(int, found.groups())
            if not FIRST_YEAR <= year <= LAST_YEAR:
                return None
            try:
                return make(year, rest[0] if rest else 1, first_month)
            except ValueError:
                return None
    return None


def _month(year: int, number: int, first_month: int) -> Period:
    return period_of(date(year, number, 1), "month", first_month)


def _week(year: int, number: int, first_month: int) -> Period:
    return period_of(date.fromisocalendar(year, number, 1), "week", first_month)


def _year(year: int, _number: int, first_month: int) -> Period:
    # The year of a first of January ends in the next one, but where it begins then.
    start = date(year if first_month == 1 else year - 1, first_month, 1)
    return period_of(start, "year", first_month)


def _quarter(year: int, number: int, first_month: int) -> Period:
    return _year(year, 1, first_month).parts("quarter")[number - 1]


_KINDS = ((_MONTH, _month), (_QUARTER, _quarter), (_YEAR, _year), (_WEEK, _week))
