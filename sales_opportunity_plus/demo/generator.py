"""The demo company of one seed and one day."""

from datetime import date

from .amounts import rates
from .campaigns import campaigns, costs
from .catalogue import (
    COMPANIES,
    LOST_REASONS,
    SOLUTIONS,
    SOURCES,
    STAGES,
    TEAMS,
)
from .customers import customers
from .deals import deals, first_day
from .people import PEOPLE
from .shape import DemoCompany

SEED = "3"
MONTHS, OPPORTUNITIES, CUSTOMERS = 14, 1200, 150


def generate(
    today: date,
    seed: str = SEED,
    opportunities: int = OPPORTUNITIES,
    months: int = MONTHS,
) -> DemoCompany:
    """The firm as it stands on the morning of ``today``.

    The same seed, day and size give the same values; nothing in it happened on
    ``today`` or later, but for what is planned.
    """
    start = first_day(today, months)
    firms = customers(seed, CUSTOMERS)
    running = campaigns(start, today)
    return DemoCompany(
        today=today,
        companies=COMPANIES,
        rates=rates(seed, start, today),
        teams=TEAMS,
        people=PEOPLE,
        stages=STAGES,
        solutions=SOLUTIONS,
        sources=SOURCES,
        campaigns=running,
        costs=costs(seed, running, today),
        lost_reasons=LOST_REASONS,
        customers=firms,
        deals=deals(seed, start, today, firms, running, opportunities),
    )
