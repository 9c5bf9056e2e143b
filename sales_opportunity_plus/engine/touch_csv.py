"""A file of touches: text into rows, each with what is wrong with it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone, tzinfo

from .csv_table import Line, Problem, read_lines, usual_problems
from .touch_check import is_cost, moment_problem

COLUMNS = (
    "kind",
    "happened_at",
    "lead",
    "email",
    "campaign",
    "medium",
    "source",
    "landing_page",
    "referrer",
    "click_id",
    "cost",
    "currency",
    "external_key",
    "consent",
    "note",
)
REQUIRED = ("kind", "happened_at")
#: Longer values are mistakes: a missing quotation mark, a pasted text.
LONGEST = dict.fromkeys(COLUMNS, 2000) | {
    "campaign": 255,
    "medium": 255,
    "source": 255,
    "email": 320,
    "lead": 255,
    "kind": 255,
    "currency": 16,
    "consent": 64,
    "click_id": 500,
    "external_key": 255,
}
# A comma and three digits may be thousands or thousandths: nobody guesses.
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{0,6}|,\d{1,2})?", re.ASCII)


@dataclass(slots=True)
class Row:
    """A line of the file. ``number`` counts as a spreadsheet does, the heading is 1."""

    number: int
    values: dict[str, str]
    happened_at: datetime | None = None
    cost: float | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """The same for the same line of another copy of the file."""
        text = "\x1f".join(self.values.get(name, "") for name in COLUMNS)
        return "row:" + hashlib.sha256(text.encode()).hexdigest()


def read(data: bytes, zone: tzinfo, now: datetime) -> Iterator[Row]:
    """The rows of a file.

    :param zone: of the moments that name none
    :param now: naive, UTC
    """
    for line in read_lines(data, COLUMNS, REQUIRED):
        yield _row(line, zone, now)


def _row(line: Line, zone: tzinfo, now: datetime) -> Row:
    values = line.values
    problems = usual_problems(line, REQUIRED, LONGEST)
    row = Row(line.number, values, problems=problems)
    if not values.keys() & {"lead", "email"}:
        row.problems.append(Problem("nobody", "lead", ""))
    _read_moment(row, zone, now)
    _read_cost(row)
    return row


def _read_moment(row: Row, zone: tzinfo, now: datetime) -> None:
    text = row.values.get("happened_at", "")
    if not text or len(text) > LONGEST["happened_at"]:
        return
    moment = moment_of(text, zone)
    problem = "moment" if moment is None else moment_problem(moment, now)
    if problem:
        row.problems.append(Problem(problem, "happened_at", text[:60]))
    else:
        row.happened_at = moment


def moment_of(text: str, zone: tzinfo) -> datetime | None:
    """A moment as naive UTC, or ``None`` when it is none.

    >>> moment_of("2024-05-01 09:30", timezone.utc)
    datetime.datetime(2024, 5, 1, 9, 30)
    >>> moment_of("2024-05-01T09:30:00+02:00", timezone.utc)
    datetime.datetime(2024, 5, 1, 7, 30)
    >>> moment_of("1.5.2024", timezone.utc)
    """
    try:
        # Python 3.10 knows no Z.
        moment = datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(timezone.utc).replace(tzinfo=None)
    except OverflowError:
        # The first or the last day that there is: wrong in every time zone.
        return moment.replace(tzinfo=None)


def _read_cost(row: Row) -> None:
    text = row.values.get("cost")
    if not text:
        return
    number = text.replace(" ", "")
    if _NUMBER.fullmatch(number):
        cost = float(number.replace(",", "."))
        if is_cost(cost):
            row.cost = cost
            return
    row.problems.append(Problem("cost", "cost", text[:60]))
