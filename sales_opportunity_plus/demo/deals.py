"""The deals: who sells what to whom, where it came from, and how it went."""

import math
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from . import agenda, forecast
from .amounts import first_estimate, recurring
from .catalogue import COMPANIES, LOST_REASONS, SOLUTIONS, SOURCES, TEAMS
from .deadlines import deadlines
from .path import OPEN
from .people import PEOPLE
from .shape import Customer, Deal, Person, Solution
from .shape_source import Campaign, Source
from .timeline import Start, timeline
from .touches import touches
from .working_time import spread, working_days

#: Relative number of new deals by month: a summer dip and a short December.
SEASON = (1.0, 1.05, 1.15, 1.05, 1.0, 1.05, 0.75, 0.6, 1.25, 1.2, 1.1, 0.6)
FRIDAY = 0.7
GROWTH = 0.2
#: Deals that were under way when the firm began to write them down.
CARRIED_OVER, CARRIED_OVER_DAYS = 0.05, 5
CARRIED_OVER_IN = (0.25, 0.3, 0.27, 0.12, 0.06)
SECOND_SOLUTION = 0.22
CURRENCY = {company.key: company.currency for company in COMPANIES}


def deals(
    seed: str,
    start: date,
    today: date,
    customers: tuple[Customer, ...],
    campaigns: tuple[Campaign, ...],
    count: int,
) -> tuple[Deal, ...]:
    """``count`` deals that were written down from ``start`` to before ``today``."""
    days = working_days(start, today)
    rng = Random(f"{seed}:calendar")
    carried = round(count * CARRIED_OVER)
    early = [rng.choice(days[:CARRIED_OVER_DAYS]) for _ in range(carried)]
    weights = [_weight(day, start, today) for day in days]
    created = spread(days, weights, rng, count - carried)
    begins = [(day, True) for day in early] + [(day, False) for day in created]
    return tuple(
        _deal(f"deal_{number:04d}", seed, day, is_old, today, customers, campaigns)
        for number, (day, is_old) in enumerate(sorted(begins), 1)
    )


def _weight(day: date, start: date, today: date) -> float:
    grown = 1 + GROWTH * (day - start) / (today - start)
    return SEASON[day.month - 1] * (FRIDAY if day.weekday() == 4 else 1) * grown


def _deal(
    key: str,
    seed: str,
    day: date,
    is_old: bool,
    today: date,
    customers: tuple[Customer, ...],
    campaigns: tuple[Campaign, ...],
) -> Deal:
    """One deal; a random stream of its own keeps it apart from its neighbours."""
    rng = Random(f"{seed}:{key}")
    team = rng.choices(TEAMS, [team.share for team in TEAMS])[0]
    own = [customer for customer in customers if customer.team == team.key]
    customer = own[int(len(own) * rng.random() ** 1.3)]
    contact = customer.contacts[int(len(customer.contacts) * rng.random() ** 2)]
    solutions = _solutions(rng)
    source = rng.choices(SOURCES, [source.share for source in SOURCES])[0]
    start = _start(day, is_old, customer, solutions[0], source, rng)
    deal = Deal(
        key=key,
        name=f"{rng.choice(solutions[0].projects)} {customer.city}",
        company=team.company,
        team=team.key,
        owner=start.owner.key,
        customer=customer.key,
        contact=contact.key,
        solutions=tuple(solution.key for solution in solutions),
        source=source.key,
        campaign=_campaign(source, day, campaigns, rng),
        priority=0,
        stays=timeline(start, today, rng),
        deadline=today,
        slips=(),
    )
    detailed = _detailed(deal, solutions[0], today, rng)
    zone = start.owner.timezone
    return replace(detailed, touches=touches(seed, detailed, zone, today, campaigns))


def _start(
    day: date,
    is_old: bool,
    customer: Customer,
    solution: Solution,
    source: Source,
    rng: Random,
) -> Start:
    """Who takes the deal on, where, and what there is to expect of it."""
    members = tuple(person for person in PEOPLE if person.team == customer.team)
    owner = rng.choices(members, [person.share for person in members])[0]
    currency = CURRENCY[customer.company]
    amount = first_estimate(solution, customer.size, currency, rng)
    return Start(
        day=day,
        stage=rng.choices(OPEN, CARRIED_OVER_IN)[0] if is_old else OPEN[0],
        from_lead=not is_old and rng.random() < source.lead_share,
        win_rate=_win_rate(source, owner, customer),
        amount=amount,
        size=amount / solution.amount,
        owner=owner,
        team=members,
        manager=next(person for person in PEOPLE if person.role == "manager"),
    )


def _detailed(deal: Deal, solution: Solution, today: date, rng: Random) -> Deal:
    """The deal with what follows from the way it went."""
    last = deal.last
    owner = next(person for person in PEOPLE if person.key == last.owner)
    leader = next(p for p in PEOPLE if p.team == deal.team and p.role == "leader")
    deadline, slips = deadlines(deal.stays, owner.timezone, today, rng)
    lost = last.status == "lost"
    reason = rng.choices(LOST_REASONS, [r.share for r in LOST_REASONS])[0].key
    large = last.amount > 1.6 * solution.amount
    return replace(
        deal,
        owner=owner.key,
        deadline=deadline,
        slips=slips,
        lost_reason=reason if lost else None,
        priority=rng.choices((0, 1, 2, 3), (2, 5, 6, 4) if large else (10, 6, 2, 1))[0],
        recurring=recurring(solution, last.amount, rng),
        probability=forecast.probability(last, rng),
        meetings=agenda.meetings(deal.key, deal.stays, owner.timezone, today, rng),
        activity=agenda.next_activity(last, today, rng),
        override=forecast.override(last, owner, leader, today, rng),
    )


def _solutions(rng: Random) -> tuple[Solution, ...]:
    first = rng.choices(SOLUTIONS, [solution.share for solution in SOLUTIONS])[0]
    if rng.random() >= SECOND_SOLUTION:
        return (first,)
    return first, rng.choice([other for other in SOLUTIONS if other != first])


def _win_rate(source: Source, owner: Person, customer: Customer) -> float:
    """By where it came from, who sells it, and how big the customer is."""
    harder = math.pow(max(0.7, customer.size), 0.3)
    return min(0.9, source.win_rate * owner.skill / harder)


def _campaign(
    source: Source, day: date, campaigns: tuple[Campaign, ...], rng: Random
) -> str | None:
    """The campaign of the source that ran at the time, for most of its deals."""
    for campaign in campaigns:
        runs = campaign.start <= day <= campaign.end
        if campaign.source == source.key and runs and rng.random() < 0.8:
            return campaign.key
    return None


def first_day(today: date, months: int) -> date:
    """The first of the month that lies ``months`` full months before ``today``."""
    ordinal = today.year * 12 + today.month - 1 - months
    first = date(ordinal // 12, ordinal % 12 + 1, 1)
    return first + timedelta(days=min(today.day, 28) - 1)
