"""What sellers did and will do about a deal: meetings, and the next activity."""

from datetime import date, timedelta
from random import Random

from .shape import Activity, Meeting, Stay
from .working_time import moment, next_working_day

MEETINGS = {
    "qualified": ("Site survey", 0.3),
    "proposition": ("Presentation of the offer", 0.3),
    "negotiation": ("Negotiation", 0.25),
    "contract": ("Contract review", 0.15),
}
UPCOMING = 0.22
#: What comes next, by stage: (type of activity, words).
NEXT = {
    "new": (
        ("mail.mail_activity_data_call", "Call back and qualify"),
        ("mail.mail_activity_data_email", "Send references"),
    ),
    "qualified": (
        ("mail.mail_activity_data_call", "Agree on a site survey"),
        ("mail.mail_activity_data_todo", "Collect throughput figures"),
    ),
    "proposition": (
        ("mail.mail_activity_data_call", "Follow up on the offer"),
        ("mail.mail_activity_data_todo", "Revise the offer"),
    ),
    "negotiation": (
        ("mail.mail_activity_data_call", "Discuss terms with the buyer"),
        ("mail.mail_activity_data_email", "Send the discount proposal"),
    ),
    "contract": (
        ("mail.mail_activity_data_call", "Ask for the signature"),
        ("mail.mail_activity_data_todo", "Check the contract with legal"),
    ),
}
PLANNED, OVERDUE, DUE_TODAY = 0.78, 0.24, 0.08


def meetings(
    key: str, stays: tuple[Stay, ...], zone: str, today: date, rng: Random
) -> tuple[Meeting, ...]:
    """Past meetings inside the stays that call for one, and one to come."""
    found: list[Meeting] = []
    for number, stay in enumerate(stays):
        name, chance = MEETINGS.get(stay.stage, ("", 0.0))
        if stay.status != "open" or rng.random() >= chance:
            continue
        is_last = number + 1 == len(stays)
        end = today if is_last else stays[number + 1].entered.date()
        days = (end - stay.entered.date()).days
        if days < 3:
            continue
        day = stay.entered.date() + timedelta(days=rng.randint(1, days - 2))
        if next_working_day(day) < end:
            found.append(_meeting(key, number, name, day, stay.owner, zone, rng))
    last = stays[-1]
    if last.status == "open" and last.stage in MEETINGS and rng.random() < UPCOMING:
        day = today + timedelta(days=rng.randint(1, 18))
        name = MEETINGS[last.stage][0]
        found.append(_meeting(key, len(stays), name, day, last.owner, zone, rng))
    return tuple(found)


def _meeting(
    key: str, number: int, name: str, day: date, person: str, zone: str, rng: Random
) -> Meeting:
    start = moment(day, zone, rng)
    quarter = start.replace(minute=start.minute // 15 * 15, second=0)
    hours = rng.choice((0.5, 1.0, 1.0, 1.5, 2.0))
    return Meeting(f"{key}_meeting_{number}", name, quarter, hours, person)


def next_activity(last: Stay, today: date, rng: Random) -> Activity | None:
    """The planned next step of an open deal; some are late, some have none."""
    if last.status != "open" or rng.random() >= PLANNED:
        return None
    kind, summary = rng.choice(NEXT[last.stage])
    chance = rng.random()
    if chance < OVERDUE:
        # Nothing was planned before the deal got here.
        age = (today - last.entered.date()).days
        due = today - timedelta(days=rng.randint(1, max(1, min(age, 21))))
    elif chance < OVERDUE + DUE_TODAY:
        due = today
    else:
        due = next_working_day(today + timedelta(days=rng.randint(1, 20)))
    return Activity(kind, summary, due, last.owner)
