"""What the firm is to win: by company, team and person, a year split by season."""

from collections.abc import Iterable
from datetime import date, timedelta

from ..engine.allocate import allocate_units
from ..engine.period import period_of
from .catalogue import COMPANIES, TEAMS
from .people import PEOPLE
from .shape import Deal, Rate
from .shape_forecast import BudgetRate, Target

#: How the firm spreads a year over its months: quarters end busily, summers are slow.
SEASON = (85, 90, 120, 85, 95, 125, 70, 60, 135, 95, 105, 130)
#: What is to be won against what was won in the last year.
GROWTH, LAST_YEAR = 1.12, 0.95
#: A company promises a little less than its teams.
COMPANY_SHARE = 0.96
RAISED, WHY_RAISED = 1.06, "Raised: the order from the spring fair counts in it"
LEAST = 60_000


def targets(deals: Iterable[Deal], start: date, today: date) -> tuple[Target, ...]:
    """Targets of this year, and of what is known of the last one."""
    won = _won_by_team(deals, today)
    found: list[Target] = []
    for year in (today.year - 1, today.year):
        growth = GROWTH if year == today.year else LAST_YEAR
        goals = {
            team.key: _rounded(max(LEAST, won.get(team.key, 0) * growth), 10_000)
            for team in TEAMS
        }
        for scope, goal in _goals(goals):
            found += _year(*scope, goal, year, start)
    found += _others(today.year, won)
    raised = period_of(today, "quarter").start
    return tuple(
        _raised(one)
        if (one.team, one.person, one.kind, one.start, one.measure)
        == ("team_dach", None, "quarter", raised, "revenue")
        else one
        for one in found
    )


def budget_rates(rates: Iterable[Rate], years: Iterable[int]) -> tuple[BudgetRate, ...]:
    """The rates of the turn of the year, fixed for it."""
    own = {company.key: company.currency for company in COMPANIES}
    known = sorted(rates, key=lambda rate: rate.day)
    found = {}
    for year in years:
        first = date(year, 1, 1)
        for rate in known:
            there = (rate.company, rate.currency, year)
            if rate.currency != own[rate.company] and (
                rate.day <= first or there not in found
            ):
                key = f"budget_{rate.company}_{rate.currency}_{year}".lower()
                found[there] = BudgetRate(
                    key, rate.company, rate.currency, round(1 / rate.rate, 3), first
                )
    return tuple(found.values())


def _won_by_team(deals: Iterable[Deal], today: date) -> dict[str, int]:
    since = today - timedelta(days=365)
    won: dict[str, int] = {}
    for deal in deals:
        if deal.closed and deal.status == "won" and deal.closed.date() >= since:
            won[deal.team] = won.get(deal.team, 0) + deal.amount
    return won


def _rounded(amount: float, step: int) -> int:
    return max(step, round(amount / step) * step)


Scope = tuple[str, str | None, str | None]


def _goals(goals: dict[str, int]) -> list[tuple[Scope, int]]:
    """(company, team, person) and the goal of a year."""
    found: list[tuple[Scope, int]] = []
    for company in COMPANIES:
        teams = [team for team in TEAMS if team.company == company.key]
        whole = sum(goals[team.key] for team in teams) * COMPANY_SHARE
        found.append(((company.key, None, None), _rounded(whole, 10_000)))
        for team in teams:
            found.append(((company.key, team.key, None), goals[team.key]))
            members = [person for person in PEOPLE if person.team == team.key]
            shares = sum(person.share for person in members)
            found += [
                (
                    (company.key, team.key, person.key),
                    _rounded(goals[team.key] * person.share / shares, 5_000),
                )
                for person in members
            ]
    return found


def _year(
    company: str,
    team: str | None,
    person: str | None,
    goal: int,
    year: int,
    start: date,
) -> list[Target]:
    """The year with its quarters and months, as far as the firm wrote deals down."""
    units = allocate_units(goal // 500, SEASON)
    months = {date(year, n, 1): 500 * part for n, part in enumerate(units, 1)}
    quarters: dict[date, int] = {}
    for first, amount in months.items():
        quarter = period_of(first, "quarter").start
        quarters[quarter] = quarters.get(quarter, 0) + amount
    parts = {"year": {date(year, 1, 1): goal}, "quarter": quarters, "month": months}
    return [
        Target(company, team, person, kind, first, amount)
        for kind, amounts in parts.items()
        for first, amount in amounts.items()
        if period_of(first, kind).end > start and (kind != "year" or first > start)
    ]


def _others(year: int, won: dict[str, int]) -> list[Target]:
    """Deals to be won by each team, and new customers by each company."""
    firsts = [date(year, month, 1) for month in (1, 4, 7, 10)]
    found = [
        Target(team.company, team.key, None, "quarter", first, number, "count")
        for team in TEAMS
        for first, number in zip(
            firsts, allocate_units(round(230 * team.share), (3, 3, 2, 4)), strict=True
        )
    ]
    for company in COMPANIES:
        teams = [team.key for team in TEAMS if team.company == company.key]
        goal = _rounded(0.15 * sum(won.get(team, LEAST) for team in teams), 5_000)
        found += [
            Target(company.key, None, None, "quarter", first, goal, "new_business")
            for first in firsts
        ]
    return found


def _raised(target: Target) -> Target:
    return Target(
        target.company,
        target.team,
        target.person,
        target.kind,
        target.start,
        _rounded(target.amount * RAISED, 5_000),
        target.measure,
        before=target.amount,
        note=WHY_RAISED,
    )
