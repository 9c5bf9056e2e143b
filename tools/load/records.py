"""What a shape hands to the importer: plain data that knows no Odoo.

Records name each other by external ids, as the columns of an import file do.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple


class Stay(NamedTuple):
    """An opportunity entering a stage or an outcome."""

    stage: str
    entered_at: datetime
    status: str = "open"
    salesperson: str | None = None
    team: str | None = None
    moved_by: str | None = None


class Call(NamedTuple):
    """A call that was made; `seconds` is empty where its end is not known."""

    made_at: datetime
    summary: str
    seconds: int | None = None
    employee: str | None = None


class Past(NamedTuple):
    """What happened to an opportunity, and when (naive datetimes, UTC)."""

    created_at: datetime
    assigned_at: datetime | None
    closed_at: datetime | None
    stays: tuple[Stay, ...]
    calls: tuple[Call, ...] = ()


class Record(NamedTuple):
    """A record by its external id; `row` is where its source file has it, if any."""

    key: str
    values: tuple[str, ...]
    row: int | None = None
    past: Past | None = None


@dataclass(frozen=True)
class Table:
    """Records of one model, with values in the order of `fields`."""

    label: str
    model: str
    fields: tuple[str, ...]
    records: list[Record]
    file: str = ""

    def fingerprint(self, record):
        """Changes when anything that is loaded of the record does."""
        content = repr((self.model, self.fields, record.values, record.past))
        return sha256(content.encode()).hexdigest()


@dataclass
class Dataset:
    """Tables in the order in which they are loaded."""

    name: str
    tables: list[Table] = field(default_factory=list)
    first_day: date | None = None
