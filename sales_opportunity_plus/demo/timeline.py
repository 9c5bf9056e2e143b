"""When a deal moves: its stays, up to the day of the build."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from .amounts import revised
from .catalogue import STAGES
from .path import Step, path
from .shape import LeadType, Person, Stay
from .working_time import is_working_day, moment, quarter_end, working_days

BY_KEY = {stage.key: stage for stage in STAGES}
#: Spread of the logarithm of a stay, and its pace by how the deal will end.
SPREAD, PACE_WON, PACE_LOST = 0.7, 0.9, 1.35
#: Deals that nobody looks after for a while, and how much longer that takes.
STALLED, STALL = 0.06, (3.0, 7.0)
SUMMER, SUMMER_PACE = (7, 8), 1.35
#: Share of the wins near the end of a quarter that are hurried into it.
HURRIED, NEAR = 0.65, timedelta(days=28)
OWNER_CHANGE, MOVED_BY_LEADER = 0.02, 0.04
#: The manager takes over most deals that are this large when an offer is made.
KEY_ACCOUNT, TAKEN_OVER = 180_000, 0.7


@dataclass(frozen=True, slots=True)
class Start:
    """How a deal begins."""

    day: date
    stage: str
    from_lead: bool
    win_rate: float
    amount: int
    #: Its size against the usual deal: large ones take longer.
    size: float
    owner: Person
    #: The owner's team, the leader first.
    team: tuple[Person, ...]
    manager: Person


def timeline(start: Start, today: date, rng: Random) -> tuple[Stay, ...]:
    """The stays that began before ``today``."""
    cutoff = datetime.combine(today, time())
    steps = path(start.win_rate, start.stage, rng)
    when = moment(start.day, start.owner.timezone, rng)
    owner, amount = start.owner, start.amount
    stays: list[Stay] = []
    if start.from_lead:
        stays.append(_stay(steps[0], when, owner, owner, amount, rng, "lead"))
        when = _after(when, rng.lognormvariate(0.7, 0.8), owner, rng)
    for place, step in enumerate(steps):
        if when >= cutoff:
            break
        if place and step.status == "open":
            amount = revised(amount, step.stage, rng)
            owner = _owner(step, amount, owner, start, rng)
        mover = start.team[0] if rng.random() < MOVED_BY_LEADER else owner
        stays.append(_stay(step, when, owner, mover, amount, rng))
        if place + 1 < len(steps):
            when = _next(steps, place, when, start, owner, rng)
    return tuple(stays)


def _owner(step: Step, amount: int, owner: Person, start: Start, rng: Random) -> Person:
    """Who has the deal from this step on: nearly always who had it before."""
    chance = rng.random()
    if step.stage == "proposition" and amount >= KEY_ACCOUNT and chance < TAKEN_OVER:
        return start.manager
    return rng.choice(start.team) if chance < OWNER_CHANGE else owner


def _stay(
    step: Step,
    when: datetime,
    owner: Person,
    mover: Person,
    amount: int,
    rng: Random,
    lead_type: LeadType = "opportunity",
) -> Stay:
    if step.status == "open":
        guess = BY_KEY[step.stage].probability + rng.gauss(0, 7)
        probability = float(min(97, max(3, round(guess))))
    else:
        probability = 100.0 if step.status == "won" else 0.0
    return Stay(
        step.stage,
        step.status,
        lead_type,
        when,
        owner.key,
        mover.key,
        amount,
        probability,
    )


def _next(
    steps: tuple[Step, ...],
    place: int,
    when: datetime,
    start: Start,
    owner: Person,
    rng: Random,
) -> datetime:
    """When the deal leaves the step at ``place``."""
    step, wins = steps[place], steps[-1].status == "won"
    if step.status != "open":
        return _after(when, rng.uniform(8, 75), owner, rng)
    days = BY_KEY[step.stage].days * rng.lognormvariate(0, SPREAD)
    days *= (PACE_WON if wins else PACE_LOST) * start.size**0.15
    if when.month in SUMMER:
        days *= SUMMER_PACE
    if rng.random() < STALLED:
        days *= rng.uniform(*STALL)
    leaves = _after(when, days, owner, rng)
    if steps[place + 1].status == "won":
        leaves = _hurried(leaves, when, owner, rng)
    return leaves


def _after(when: datetime, days: float, owner: Person, rng: Random) -> datetime:
    """Some ``days`` later, at work."""
    return moment((when + timedelta(days=days)).date(), owner.timezone, rng, when)


def _hurried(
    leaves: datetime, entered: datetime, owner: Person, rng: Random
) -> datetime:
    """A win pulled into, or signed just before, the end of a quarter."""
    day = leaves.date()
    this = quarter_end(day)
    last = quarter_end(this - timedelta(days=100))
    for end in (last, this):
        days = working_days(end - timedelta(days=11), end + timedelta(days=1))
        if abs(day - end) <= NEAR and days[0] > entered.date():
            if rng.random() < HURRIED:
                return moment(rng.choice(days), owner.timezone, rng, entered)
            break
    return leaves if is_working_day(day) else moment(day, owner.timezone, rng, entered)
