"""What stood in the pipeline at a moment of the past."""

from collections.abc import Iterable
from datetime import date, datetime

from .catalogue import STAGES
from .shape import Deal, Stay
from .shape_forecast import Standing

#: From the surest one; each figure counts what is surer than itself.
CATEGORIES = ("closed", "commit", "most_likely", "best_case", "pipeline", "omitted")
CATEGORY = {stage.key: stage.category for stage in STAGES}


def standings(
    deals: Iterable[Deal], start: date, end: date, when: datetime
) -> tuple[Standing, ...]:
    """Deals that counted in a period at a moment: won in it, or expected to close.

    What was overdue counts, unless the period was still to come.
    """
    due_from = start if when.date() < start else date.min
    found = []
    for deal in deals:
        if deal.created > when:
            continue
        one = _standing(deal, when)
        if one and one.category == "closed":
            if start <= one.closing <= end:
                found.append(one)
        elif one and due_from <= one.closing <= end:
            found.append(one)
    return tuple(found)


def total(those: Iterable[Standing], least: str) -> int:
    """What is in a category or a surer one."""
    names = CATEGORIES[: CATEGORIES.index(least) + 1]
    return sum(one.amount for one in those if one.category in names)


def weighted(those: Iterable[Standing]) -> float:
    return sum(
        round(one.amount * one.probability / 100, 2)
        for one in those
        if one.category != "omitted"
    )


def _standing(deal: Deal, when: datetime) -> Standing | None:
    stay = [stay for stay in deal.stays if stay.entered <= when][-1]
    if stay.lead_type == "lead" or stay.status == "lost":
        return None
    closing = deal.slips[0].before if deal.slips else deal.deadline
    for slip in deal.slips:
        if slip.when <= when:
            closing = slip.after
    if stay.status == "won":
        closing = stay.entered.date()
    return Standing(
        deal.key,
        deal.team,
        stay.owner,
        stay.stage,
        stay.amount,
        _category(deal, stay, when),
        stay.probability,
        closing,
    )


def _category(deal: Deal, stay: Stay, when: datetime) -> str:
    chosen = deal.override
    if stay is deal.last and chosen and chosen.when <= when:
        return chosen.category
    return CATEGORY[stay.stage]
