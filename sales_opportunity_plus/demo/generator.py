"""The demo company of one seed and one day."""

from datetime import date

from .adjustments import adjustments
from .amounts import rates
from .calls import calls
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
from .targets import budget_rates, targets

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
    sold = deals(seed, start, today, firms, running, opportunities)
    exchanged = rates(seed, start, today)
    return DemoCompany(
        today=today,
        companies=COMPANIES,
        rates=exchanged,
        teams=TEAMS,
        people=PEOPLE,
        stages=STAGES,
        solutions=SOLUTIONS,
        sources=SOURCES,
        campaigns=running,
        costs=costs(seed, running, today),
        lost_reasons=LOST_REASONS,
        customers=firms,
        deals=sold,
        budget_rates=budget_rates(exchanged, (today.year - 1, today.year)),
        targets=targets(sold, start, today),
        calls=calls(seed, sold, today),
        adjustments=adjustments(seed, sold, today),
    )
