"""Reads the log into cases."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import NamedTuple

from ..reading import read_rows
from .process import CALLS, MOVES, OTHER_ACTIVITIES, TRANSITIONS

FILE = "events.csv.gz"
COLUMNS = ("case", "amount", "reg", "activity", "transition", "ts", "resource")


class Event(NamedTuple):
    row: int
    activity: str
    transition: str
    at: datetime
    resource: str


@dataclass
class Case:
    name: str
    row: int
    amount: str
    registered: str
    events: list[Event] = field(default_factory=list)


@dataclass
class Log:
    cases: dict[str, Case] = field(default_factory=dict)
    # By resource: what it worked on, and whether it ever started a piece of work.
    work: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))
    starters: set[str] = field(default_factory=set)


def utc(text):
    """A time with its offset as naive UTC; ValueError when either is missing."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def read_log(folder, findings):
    """Cases in the order of the file, the events of each in the order of time."""
    log = Log()
    for row, values in read_rows(folder / FILE, COLUMNS, findings):
        _read_event(log, row, values, findings)
    for case in log.cases.values():
        case.events.sort(key=lambda event: event.at)
    return log


def _read_event(log, row, values, findings):
    name, amount, registered, activity, transition, moment, resource = values
    reason = _fault(name, activity, transition)
    try:
        at = utc(moment)
    except ValueError:
        reason = reason or (
            f"“{moment}” is no time with an offset" if moment else "the time is missing"
        )
    if reason:
        findings.bad(FILE, row, reason, "event not loaded")
        return
    case = log.cases.setdefault(name, Case(name, row, amount, registered))
    if (amount, registered) != (case.amount, case.registered):
        reason = "amount or registration differs from the first row of the case"
        findings.bad(FILE, row, reason, "the first row counts")
    if resource:
        log.work[resource][activity] += 1
        if transition == "START":
            log.starters.add(resource)
    if _counts(activity, transition):
        case.events.append(Event(row, activity, transition, at, resource))
    else:
        findings.unused[FILE, "events that are no stage, outcome or call"] += 1


def _counts(activity, transition):
    if activity in CALLS:
        return transition != "SCHEDULE"
    return activity in MOVES and transition == "COMPLETE"


def _fault(name, activity, transition):
    if not name:
        return "the case is missing"
    if activity not in MOVES | CALLS.keys() | OTHER_ACTIVITIES:
        return f"unknown activity “{activity}”"
    if transition not in TRANSITIONS:
        return f"unknown transition “{transition}”"
    return None
