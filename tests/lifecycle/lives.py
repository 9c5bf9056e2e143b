"""Made-up lives of leads, each with the truth about its stays in stages.

A life is told twice from the same events: as the rows that Odoo leaves behind
(the lead and its tracking values) and as the stays that a person would write down.
The second telling shares no code with the addon.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SEED = 20240229
START = datetime(2023, 1, 2, 8)
SPAN = timedelta(days=600)
OPEN_STAGES = (1, 2, 3)
WON_STAGE = 4
STAGE_ORDER = (1, 2, 3, 4)


@dataclass
class Stay:
    """A stay in a stage as it truly was."""

    stage: int | None
    status: str
    move: str
    entered_at: datetime
    user: int | None
    amount: float
    by: int


@dataclass
class Tracking:
    """One tracked change: what Odoo writes into mail_tracking_value."""

    at: datetime
    name: str
    old: float
    new: float
    by: int


@dataclass
class Life:
    """A lead, what was tracked of it and what its history has to be."""

    id: int
    kind: str
    people: tuple
    created_at: datetime
    stage: int | None
    user: int
    amount: float
    active: bool = True
    status: str = "open"
    moved_at: datetime | None = None
    trackings: list = field(default_factory=list)
    stays: list = field(default_factory=list)

    def enter(self, at, move, by):
        stay = Stay(self.stage, self.status, move, at, self.user, self.amount, by)
        self.stays.append(stay)

    def track(self, at, name, old, new, by):
        self.trackings.append(Tracking(at, name, old or 0, new or 0, by))

    def change_user(self, at, user, by):
        if user != self.user:
            self.track(at, "user_id", self.user, user, by)
            self.user = user

    def change_amount(self, at, amount, by):
        self.track(at, "expected_revenue", self.amount, amount, by)
        self.amount = amount

    def move(self, at, stage, by, tracked=True):
        """Go to another stage; entering or leaving the won stage changes the status."""
        if tracked:
            self.track(at, "stage_id", self.stage, stage, by)
        before, self.moved_at = self.stage, at
        was = self.status
        self.stage = stage
        self.status = "won" if stage == WON_STAGE else "open"
        if tracked and self.status != was:
            self.track(at, "won_status", 0, 0, by)
        self.enter(at, self._name_of(before, was), by)

    def _name_of(self, before, was):
        if self.status != was:
            return "reopened" if self.status == "open" else self.status
        steps = STAGE_ORDER.index(self.stage)
        steps -= STAGE_ORDER.index(before) if before else -1
        return "backward" if steps < 0 else "skip" if steps > 1 else "forward"

    def archive(self, at, status, by):
        """Leave the pipeline: lost has an outcome, archived has none."""
        self.track(at, "active", 1, 0, by)
        if status == "lost":
            self.track(at, "won_status", 0, 0, by)
        self.active, self.status = False, status
        self.enter(at, status, by)

    def restore(self, at, by):
        self.track(at, "active", 0, 1, by)
        if self.status == "lost":
            self.track(at, "won_status", 0, 0, by)
        self.active, self.status = True, "open"
        self.enter(at, "reopened", by)


def _happen(life, rng, at):
    """One more thing in the life of an opportunity."""
    by = rng.choice(life.people)
    roll = rng.random()
    if not life.active:
        life.restore(at, by)
    elif life.status == "won":
        life.move(at, rng.choice(OPEN_STAGES), by)
    elif roll < 0.10:
        life.change_user(at, rng.choice(life.people), by)
    elif roll < 0.20:
        life.change_amount(at, float(rng.randint(1, 900) * 100), by)
    elif roll < 0.28:
        life.archive(at, "lost", by)
    elif roll < 0.32:
        life.archive(at, "archived", by)
    elif roll < 0.40:
        life.move(at, WON_STAGE, by)
    else:
        life.move(at, rng.choice([s for s in OPEN_STAGES if s != life.stage]), by)


def _born(rng, number, people, kind):
    created_at = START + SPAN * rng.random()
    # Odoo keeps microseconds; a test that only knew whole seconds would miss them.
    stage = None if kind == "no stage" else rng.choice((1, 1, 1, 2))
    life = Life(
        number, kind, people, created_at, stage, people[0], float(rng.randint(0, 500))
    )
    life.enter(created_at, "created", people[0])
    return life


def lives(count, people):
    """Yield `count` lives, the same ones on each call."""
    rng = random.Random(SEED)
    for number in range(1, count + 1):
        kind = "no stage" if number % 97 == 0 else "tracked"
        life = _born(rng, number, people, kind)
        at = life.created_at
        for _event in range(rng.choice((0, 1, 1, 2, 3, 5, 9))):
            at += timedelta(hours=1) + timedelta(days=30) * rng.random()
            _happen(life, rng, at)
        if number % 53 == 0 and life.active and life.status == "open":
            _move_in_secret(life, rng, at + timedelta(days=2))
        yield life


def _move_in_secret(life, rng, at):
    """Somebody moved it by SQL or with tracking switched off.

    Where no stage was ever tracked nothing tells that it moved at all: then all
    that can be known is where it stands.
    """
    life.kind = "untracked move"
    stage = rng.choice([s for s in OPEN_STAGES if s != life.stage])
    life.move(at, stage, life.people[0], tracked=False)
    if not any(tracking.name == "stage_id" for tracking in life.trackings):
        life.stays.pop()
        for stay in life.stays:
            stay.stage = stage
