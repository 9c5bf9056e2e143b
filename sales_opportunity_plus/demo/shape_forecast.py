"""What the demo company's people say of its forecast, as plain frozen values."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class BudgetRate:
    key: str
    company: str
    currency: str
    #: What one unit is worth in the company's own currency.
    rate: float
    start: date


@dataclass(frozen=True, slots=True)
class Target:
    company: str
    team: str | None
    person: str | None
    kind: str
    start: date
    amount: int
    measure: str = "revenue"
    #: What it was before somebody changed it, and why.
    before: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A deal as it stood at a moment."""

    deal: str
    team: str
    owner: str
    stage: str
    amount: int
    category: str
    probability: float
    #: When it closed, or is expected to.
    closing: date


@dataclass(frozen=True, slots=True)
class Call:
    company: str
    team: str
    person: str
    start: date
    end: date
    day: date
    when: datetime
    amount: int
    commit: int
    best_case: int
    #: What had closed, and what was expected by the sellers' probabilities.
    closed: int
    weighted: float
    comment: str | None
    deals: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Adjustment:
    key: str
    company: str
    team: str | None
    person: str | None
    author: str
    when: datetime
    start: date
    end: date
    category: str
    kind: str
    amount: int
    reason_kind: str
    reason: str
    #: The figure then, and what the forecast said without the adjustment.
    base: int
    base_forecast: int
    #: The one that it was said in place of.
    instead_of: str | None = None
    #: When it was undone, and why.
    undone: datetime | None = None
    undone_reason: str | None = None
