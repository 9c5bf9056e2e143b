"""What people say about an open deal's forecast, against its stage."""

from datetime import date, datetime, time
from random import Random

from .path import OPEN
from .shape import Override, Person, Stay
from .working_time import moment

#: Share of the open deals of a stage that somebody judges otherwise, and how.
JUDGED = {
    "qualified": (0.12, ("best_case", "omitted")),
    "proposition": (0.24, ("most_likely", "pipeline", "commit", "omitted")),
    "negotiation": (0.36, ("commit", "best_case", "commit")),
    "contract": (0.25, ("most_likely", "best_case")),
}
BY_LEADER = 0.35
BY_HAND = 0.14


def override(
    last: Stay, owner: Person, leader: Person, today: date, rng: Random
) -> Override | None:
    """The category that the owner or the team's leader chose, since the last move."""
    chance, categories = JUDGED.get(last.stage, (0.0, ("pipeline",)))
    if last.status != "open" or rng.random() >= chance:
        return None
    person = leader if rng.random() < BY_LEADER else owner
    age = (today - last.entered.date()).days
    day = date.fromordinal(today.toordinal() - rng.randint(0, max(0, age - 1)))
    when = moment(day, person.timezone, rng, last.entered)
    if when >= datetime.combine(today, time()):
        return None
    return Override(rng.choice(categories), person.key, when)


def probability(last: Stay, rng: Random) -> float | None:
    """The seller's own probability, for those who do not trust Odoo's."""
    if last.status != "open" or last.stage not in OPEN[1:]:
        return None
    return last.probability if rng.random() < BY_HAND else None
