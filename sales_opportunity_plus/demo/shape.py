"""What the demo company consists of, as plain frozen values.

Values name each other by key, and a key becomes the external identifier, so that
each room can find what another one wrote. Moments are naive UTC, as Odoo keeps them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from .shape_forecast import Adjustment, BudgetRate, Call, Target
from .shape_source import Campaign, CampaignCost, Source, Touch

Status = Literal["open", "won", "lost"]
LeadType = Literal["lead", "opportunity"]
Role = Literal["seller", "leader", "manager"]


@dataclass(frozen=True, slots=True)
class Company:
    key: str
    name: str
    country: str
    currency: str
    city: str
    email: str


@dataclass(frozen=True, slots=True)
class Team:
    key: str
    name: str
    company: str
    #: Share of the firm's opportunities.
    share: float


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    name: str
    login: str
    role: Role
    timezone: str
    #: No team: the manager of all of them.
    team: str | None
    #: Companies that the person may see; the first is the one they start in.
    companies: tuple[str, ...]
    #: Share of the team's opportunities.
    share: float = 0.0
    #: How much better than the average this person wins.
    skill: float = 1.0
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    key: str
    #: External identifier of a stage that Odoo ships; ours have none.
    shared: str | None
    name: str
    #: Place in the order, which is that of Odoo's own stages.
    sequence: int
    color: int
    #: Probability that a seller sees in it, in percent.
    probability: float
    category: str
    #: Median stay in days of an average deal.
    days: float
    rotting_days: int = 0
    requirements: str = ""


@dataclass(frozen=True, slots=True)
class Solution:
    key: str
    name: str
    color: int
    share: float
    #: Median one-off amount in euros.
    amount: float
    #: Share of its deals that bring recurring revenue, with the external
    #: identifier of the usual plan and its part of the one-off amount.
    recurring_share: float
    recurring_plan: str
    recurring_part: float
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LostReason:
    key: str
    name: str
    #: External identifier of a reason that Odoo ships.
    shared: str | None
    share: float


@dataclass(frozen=True, slots=True)
class Rate:
    """One currency's units for one unit of the company's own currency."""

    day: date
    company: str
    currency: str
    rate: float


@dataclass(frozen=True, slots=True)
class Contact:
    key: str
    name: str
    function: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Customer:
    key: str
    name: str
    company: str
    team: str
    country: str
    city: str
    zip: str
    street: str
    #: External identifier of the industry.
    industry: str
    website: str
    email: str
    phone: str
    #: How large its projects are against the average.
    size: float
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay of a deal in a stage; it ends where the next one begins."""

    stage: str
    status: Status
    lead_type: LeadType
    entered: datetime
    owner: str
    moved_by: str
    amount: int
    probability: float


@dataclass(frozen=True, slots=True)
class Slip:
    """An expected closing that was moved, and why."""

    when: datetime
    before: date
    after: date
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class Recurring:
    amount: int
    plan: str


@dataclass(frozen=True, slots=True)
class Meeting:
    key: str
    name: str
    start: datetime
    hours: float
    person: str


@dataclass(frozen=True, slots=True)
class Activity:
    #: External identifier of the type of activity.
    kind: str
    summary: str
    due: date
    person: str


@dataclass(frozen=True, slots=True)
class Override:
    """A forecast category that a person chose, against the stage's own."""

    category: str
    person: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Deal:
    key: str
    name: str
    company: str
    team: str
    owner: str
    customer: str
    contact: str
    solutions: tuple[str, ...]
    source: str
    campaign: str | None
    priority: int
    stays: tuple[Stay, ...]
    deadline: date
    slips: tuple[Slip, ...]
    lost_reason: str | None = None
    recurring: Recurring | None = None
    #: The seller's own probability, where it differs from Odoo's.
    probability: float | None = None
    meetings: tuple[Meeting, ...] = ()
    activity: Activity | None = None
    override: Override | None = None
    touches: tuple[Touch, ...] = ()

    @property
    def created(self) -> datetime:
        return self.stays[0].entered

    @property
    def last(self) -> Stay:
        return self.stays[-1]

    @property
    def status(self) -> Status:
        return self.last.status

    @property
    def amount(self) -> int:
        return self.last.amount

    @property
    def converted(self) -> datetime | None:
        """When the lead became an opportunity, if it was a lead and did."""
        if self.stays[0].lead_type != "lead" or self.last.lead_type == "lead":
            return None
        return next(s.entered for s in self.stays if s.lead_type == "opportunity")

    @property
    def closed(self) -> datetime | None:
        return None if self.status == "open" else self.last.entered


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """Everything of one build."""

    today: date
    companies: tuple[Company, ...]
    rates: tuple[Rate, ...]
    teams: tuple[Team, ...]
    people: tuple[Person, ...]
    stages: tuple[Stage, ...]
    solutions: tuple[Solution, ...]
    sources: tuple[Source, ...]
    campaigns: tuple[Campaign, ...]
    costs: tuple[CampaignCost, ...]
    lost_reasons: tuple[LostReason, ...]
    customers: tuple[Customer, ...]
    deals: tuple[Deal, ...]
    budget_rates: tuple[BudgetRate, ...]
    targets: tuple[Target, ...]
    calls: tuple[Call, ...]
    adjustments: tuple[Adjustment, ...]
