"""An event log of our own making, in the shape of the BPI Challenge 2012."""

import csv
import gzip
import random
from datetime import datetime, timedelta, timezone

HEADER = ("case", "amount", "reg", "activity", "transition", "ts", "resource")
STAGES = ("A_SUBMITTED", "A_PREACCEPTED", "A_ACCEPTED", "A_FINALIZED", "O_SENT_BACK")
CALL = "W_Completeren aanvraag"
FOLLOW_UP = "W_Nabellen offertes"
ROBOT = "900"
PEOPLE = ("901", "902", "903", "904")
START = datetime(2020, 3, 2, 9, 0, tzinfo=timezone.utc)


def stamp(moment, hours=1):
    """With an offset, as the real log has them, and milliseconds."""
    local = moment.astimezone(timezone(timedelta(hours=hours)))
    return local.isoformat(timespec="milliseconds")


def case(name, events, amount="1000"):
    """Rows; `events` are (minutes since START, activity, resource[, transition])."""
    rows = []
    moments = [START + timedelta(minutes=event[0]) for event in events]
    for moment, (_minutes, activity, resource, *transition) in zip(
        moments, events, strict=True
    ):
        kind = transition[0] if transition else "COMPLETE"
        registered = stamp(min(moments))
        rows.append((name, amount, registered, activity, kind, stamp(moment), resource))
    return rows


def write(folder, rows, header=HEADER):
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / "events.csv.gz", "wt", newline="") as output:
        writer = csv.writer(output)
        writer.writerow(header)
        writer.writerows(rows)
    return folder


def random_rows(seed, cases):
    """Cases that end anywhere, repeat a stage, go back and move twice in an instant."""
    draw = random.Random(seed)
    rows = []
    for number in range(cases):
        events = _random_events(draw)
        rows += case(f"c{number}", events, str(draw.randrange(500, 50000)))
    return rows


def _random_events(draw):
    minutes, events = draw.randrange(100000), []

    def happen(activity, resource, transition="COMPLETE"):
        nonlocal minutes
        # Sometimes in the same instant as what was before.
        minutes += draw.choice([0, draw.random() * 9000, draw.random() * 50])
        events.append((minutes, activity, resource, transition))

    for place in range(draw.randint(1, len(STAGES))):
        happen(STAGES[place], draw.choice(PEOPLE) if place else ROBOT)
        if draw.random() < 0.3:
            happen(STAGES[place], draw.choice(PEOPLE))
        if draw.random() < 0.5:
            caller = draw.choice(PEOPLE)
            happen(CALL, caller, "START")
            happen(CALL, caller)
        if place and draw.random() < 0.2:
            happen(STAGES[place - 1], draw.choice(PEOPLE))
    ends = ["A_DECLINED", "A_CANCELLED", "A_APPROVED", None]
    if end := draw.choice(ends):
        happen(end, draw.choice(PEOPLE))
    if end == "A_APPROVED":
        happen("A_ACTIVATED", draw.choice(PEOPLE))
    return events
