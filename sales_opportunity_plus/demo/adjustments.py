"""What leaders and the manager said of the forecast of the last months, and why."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from ..engine.period import Period, period_of
from .amounts import rounded
from .catalogue import TEAMS
from .people import PEOPLE
from .shape import Deal, Person
from .shape_forecast import Adjustment, Standing
from .standing import standings, total
from .working_time import moment, working_days

MONTHS_BACK = 2
#: Working day of the month on which it is looked at.
LOOKED_AT = 6
#: Kind of reason, reason, and what is added for each euro of the figure.
REASONS = (
    ("optimism", "Promises more than was won in three of the last four months", -0.3),
    ("caution", "Has always won more than was promised", 0.25),
    ("timing", "The customer's board meets after the end of the month", -0.45),
    ("deal", "The large order is signed, the paper is on its way", 0.4),
    ("missing", "A follow-up order by phone that nobody has written down yet", 0.3),
    ("data", "Counted twice: one opportunity is the old offer of the other", -0.25),
)
LEAST = 8_000
UNDONE = "They confirmed the date: it stays in the month"
CHANGED = "Half of it is signed by now; the rest stays as it is"
MANAGERS = "Agreed with all three leaders in the review"


def adjustments(
    seed: str, deals: tuple[Deal, ...], today: date
) -> tuple[Adjustment, ...]:
    """Those of each month in their order; of this one some were taken back."""
    month = period_of(today, "month")
    found: list[Adjustment] = []
    for number in range(MONTHS_BACK, -1, -1):
        when = _looked_at(month.moved(-number), today)
        found += _of_month(seed, deals, month.moved(-number), when)
    current = [one for one in found if one.start == month.start]
    changed, undone = current[0], current[1]
    later = min(today - timedelta(days=1), changed.when.date() + timedelta(days=4))
    after = _after(later, changed, today)
    found.remove(undone)
    found.append(replace(undone, undone=_after(later, undone, today)))
    found.append(
        replace(
            changed,
            key=f"{changed.key}_changed",
            when=after,
            amount=changed.amount // 2,
            reason=CHANGED,
            instead_of=changed.key,
        )
    )
    return tuple(
        replace(one, undone_reason=UNDONE) if one.undone else one for one in found
    )


def _looked_at(month: Period, today: date) -> date:
    """A few days into the month, and always before today."""
    days = working_days(month.start - timedelta(days=14), today)
    before = [day for day in days if day < month.start]
    inside = [day for day in days if day in month][:LOOKED_AT]
    return (before + inside)[-1]


def _after(day: date, said: Adjustment, today: date) -> datetime:
    """Before today, and after it was said."""
    found = datetime.combine(day, time(15, 20))
    if found <= said.when:
        found = said.when + timedelta(minutes=20)
    return min(found, datetime.combine(today, time()) - timedelta(minutes=1))


def _of_month(
    seed: str, deals: tuple[Deal, ...], month: Period, day: date
) -> list[Adjustment]:
    found = []
    for team in TEAMS:
        rng = Random(f"{seed}:adjustments:{team.key}:{month.start}")
        members = [person for person in PEOPLE if person.team == team.key]
        leader = next(one for one in members if one.role == "leader")
        own = [deal for deal in deals if deal.team == team.key]
        when = moment(day, leader.timezone, rng)
        seen = standings(own, month.start, month.end, when)
        for person in rng.sample([one for one in members if one != leader], 2):
            found.append(_signed(person, leader, seen, month, when, rng))
    manager = next(person for person in PEOPLE if person.role == "manager")
    rng = Random(f"{seed}:adjustments:manager:{month.start}")
    when = moment(day, manager.timezone, rng)
    team = rng.choice(TEAMS)
    own = [deal for deal in deals if deal.team == team.key]
    seen = standings(own, month.start, month.end, when)
    amount = rounded(max(LEAST, 0.7 * _figure(seen, "best_case")))
    return [
        *found,
        _said(
            *("manager", team.company, team.key, None, manager, seen, month, when),
            *("best_case", "override", amount, "market", MANAGERS),
        ),
    ]


def _signed(
    person: Person,
    leader: Person,
    seen: tuple[Standing, ...],
    month: Period,
    when: datetime,
    rng: Random,
) -> Adjustment:
    own = tuple(one for one in seen if one.owner == person.key)
    kind, reason, share = rng.choice(REASONS)
    category = "commit" if _figure(own, "commit") else "most_likely"
    amount = rounded(max(LEAST, abs(share) * _figure(own, category)))
    sign = -1 if share < 0 and _figure(own, category) else 1
    if sign > 0 and share < 0:
        kind, reason, share = REASONS[4]
    return _said(
        *(person.key, person.companies[0], person.team, person.key, leader),
        *(own, month, when, category, "signed", sign * amount, kind, reason),
    )


def _figure(those: Iterable[Standing], category: str) -> int:
    return sum(one.amount for one in those if one.category == category)


def _said(
    key: str,
    company: str,
    team: str | None,
    person: str | None,
    author: Person,
    those: tuple[Standing, ...],
    month: Period,
    when: datetime,
    category: str,
    kind: str,
    amount: int,
    reason_kind: str,
    reason: str,
) -> Adjustment:
    return Adjustment(
        key=f"adjustment_{month.start:%Y_%m}_{key}",
        company=company,
        team=team,
        person=person,
        author=author.key,
        when=when,
        start=month.start,
        end=month.end,
        category=category,
        kind=kind,
        amount=amount,
        reason_kind=reason_kind,
        reason=reason,
        base=_figure(those, category),
        base_forecast=total(those, category),
    )
