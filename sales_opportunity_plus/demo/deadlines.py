"""Expected closings: the first promise, and how it slips."""

from datetime import date, datetime, time, timedelta
from random import Random

from .catalogue import SLIP_REASONS, STAGES
from .path import OPEN
from .shape import Slip, Stay
from .working_time import moment, next_working_day, quarter_end

DAYS = {stage.key: stage.days for stage in STAGES}
#: Share of sellers' dates that are simply the end of the quarter or of the month.
QUARTER_ENDS, MONTH_ENDS = 0.25, 0.3
#: Share of missed dates that nobody looks at for weeks.
FORGOTTEN = 0.28


def deadlines(
    stays: tuple[Stay, ...], zone: str, today: date, rng: Random
) -> tuple[date, tuple[Slip, ...]]:
    """The expected closing as it stands, and the ones before it."""
    cutoff = datetime.combine(today, time())
    last = stays[-1]
    end = cutoff if last.status == "open" else last.entered
    deadline = _promise(stays[0].entered.date(), _planned(stays[0].stage, rng), rng)
    slips: list[Slip] = []
    previous = stays[0].entered
    while True:
        noticed = deadline + timedelta(days=rng.randint(-3, 6))
        if rng.random() < FORGOTTEN:
            noticed = deadline + timedelta(days=rng.randint(12, 60))
        when = moment(noticed, zone, rng, previous)
        if when >= end:
            return deadline, tuple(slips)
        stay = [stay for stay in stays if stay.entered <= when][-1]
        days = max(10.0, 0.8 * _planned(stay.stage, rng))
        after = _promise(max(deadline, when.date()), days, rng)
        reason = rng.choice(SLIP_REASONS)
        slips.append(Slip(when, deadline, after, stay.owner, reason))
        deadline, previous = after, when


def _planned(stage: str, rng: Random) -> float:
    """How many days the seller allows for the rest: often too few."""
    rest = OPEN[OPEN.index(stage) :] if stage in OPEN else ()
    return sum(DAYS[key] for key in rest) * rng.lognormvariate(0.4, 0.3)


def _promise(start: date, days: float, rng: Random) -> date:
    """A date of the kind that sellers enter, after ``start``."""
    day = start + timedelta(days=max(3, round(days)))
    kind = rng.random()
    if kind < QUARTER_ENDS:
        return quarter_end(day)
    if kind < QUARTER_ENDS + MONTH_ENDS:
        first = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return first - timedelta(days=1)
    return next_working_day(day)
