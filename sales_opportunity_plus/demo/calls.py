"""What sellers said each week that the month would bring."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from random import Random

from ..engine.period import period_of
from .amounts import rounded
from .people import PEOPLE
from .shape import Deal, Person
from .shape_forecast import Call, Standing
from .standing import standings, total, weighted
from .working_time import is_working_day, moment

WEEKS = 8
#: Who forgets often, and has not submitted this week either.
FORGETFUL, FORGOTTEN, MISSED = "user_gruber", 0.45, 0.05
#: Days of the week on which people submit, and how many do; the leaders do on Monday.
HABITS = (0, 1, 2), (6, 2, 1)
#: How much of what is not sure people promise on top of it.
TONES = (0.0, 0.6)
COMMENTED = 0.4
COMMENTS = (
    "The contract in {city} is at their legal department.",
    "Two offers wait for a budget decision.",
    "Signature was promised for next week.",
    "A competitor is cheaper; I expect to hold the price.",
    "Nothing new since last week.",
    "The purchaser is on holiday, so rather next month.",
    "One large deal decides about the month.",
)
CITIES = ("Bremen", "Leeds", "Antwerp", "Linz", "Utrecht", "Cork", "Kassel")


def calls(seed: str, deals: tuple[Deal, ...], today: date) -> tuple[Call, ...]:
    """Calls of the last weeks and of this one, in their order."""
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=number) for number in range(WEEKS, -1, -1)]
    found = []
    for person in PEOPLE:
        if person.team:
            rng = Random(f"{seed}:calls:{person.key}")
            own = [deal for deal in deals if deal.team == person.team]
            found += _of_person(person, own, weeks, today, rng)
    return tuple(sorted(found, key=lambda call: (call.when, call.person)))


def _of_person(
    person: Person, deals: list[Deal], weeks: list[date], today: date, rng: Random
) -> list[Call]:
    habit = 0 if person.role == "leader" else rng.choices(*HABITS)[0]
    tone = rng.uniform(*TONES)
    chance = FORGOTTEN if person.key == FORGETFUL else MISSED
    found = []
    for week in weeks:
        day = week + timedelta(days=habit)
        is_last = week == weeks[-1]
        when = _moment(day, person, today, rng)
        missed = rng.random() < chance and not is_last
        if when and not missed and not (is_last and person.key == FORGETFUL):
            found.append(_call(person, deals, day, when, tone, rng))
    return found


def _moment(day: date, person: Person, today: date, rng: Random) -> datetime | None:
    """When somebody submits; this week's Monday is over by the time of the build."""
    if not is_working_day(day) or day > today:
        return None
    when = moment(day, person.timezone, rng)
    return when if day < today else datetime.combine(day, time(6))


def _call(
    person: Person,
    deals: Iterable[Deal],
    day: date,
    when: datetime,
    tone: float,
    rng: Random,
) -> Call:
    month = period_of(day, "month")
    own = tuple(
        one
        for one in standings(deals, month.start, month.end, when)
        if one.owner == person.key
    )
    commit, best_case = total(own, "commit"), total(own, "best_case")
    comment = rng.choice(COMMENTS).format(city=rng.choice(CITIES))
    return Call(
        company=person.companies[0],
        team=person.team or "",
        person=person.key,
        start=month.start,
        end=month.end,
        day=day,
        when=when,
        amount=_said(own, commit, best_case, tone),
        commit=commit,
        best_case=best_case,
        closed=total(own, "closed"),
        weighted=round(weighted(own), 2),
        comment=comment if rng.random() < COMMENTED else None,
        deals=own,
    )


def _said(own: tuple[Standing, ...], commit: int, best_case: int, tone: float) -> int:
    """What is closed to the cent, and a round number on top of it."""
    closed = total(own, "closed")
    more = (commit - closed) + tone * (best_case - commit)
    return closed + (rounded(more) if more > 0 else 0)
