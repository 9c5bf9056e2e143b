"""Where the business of the demo company comes from, as plain frozen values."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Source:
    key: str
    name: str
    #: External identifiers of what Odoo ships; a source without is ours.
    shared: str | None
    medium: str
    share: float
    win_rate: float
    #: Share of its deals that came in as leads and were converted.
    lead_share: float


@dataclass(frozen=True, slots=True)
class Campaign:
    key: str
    name: str
    source: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class CampaignCost:
    """What a company spent on a campaign in a stretch of days."""

    key: str
    campaign: str
    company: str
    start: date
    end: date
    amount: int
    note: str


@dataclass(frozen=True, slots=True)
class Touch:
    """One touch of a deal: a visit, a call, a reply, …"""

    #: Code of the kind of touch.
    kind: str
    when: datetime
    #: No source: the customer came by himself.
    source: str | None
    campaign: str | None
    page: str | None = None
    #: In the currency of the deal's company.
    cost: float = 0.0
    #: The one with which the deal was written down.
    is_entry: bool = False
