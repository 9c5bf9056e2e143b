"""The campaigns of the firm, and what it spent on them."""

import calendar
from datetime import date
from random import Random

from .shape_source import Campaign, CampaignCost

#: Key, name, source, first month, number of months.
YEARLY = (
    ("spring_fair", "Spring fair Stuttgart", "source_fair", 3, 2),
    ("autumn_fair", "Autumn fair Rotterdam", "source_fair", 9, 2),
    ("retrofit", "Retrofit before winter", "source_newsletter", 9, 3),
    ("webinar", "Webinar: robots in brownfield", "source_linkedin", 2, 3),
    ("search_ads", "Search ads warehouse software", "source_search", 4, 6),
)
#: What a month costs in euros, and what it is spent on.
MONTHLY_COST = {
    "source_fair": (38_000, "Stand, travel and freight"),
    "source_newsletter": (2_400, "Texts and mailing"),
    "source_linkedin": (9_500, "Sponsored posts"),
    "source_search": (12_000, "Clicks"),
}
#: Part of it that the company abroad pays, in its own currency.
SHARES = (("company_de", 0.7), ("company_uk", 0.26))


def campaigns(start: date, today: date) -> tuple[Campaign, ...]:
    """The campaigns of every year that ``start`` to ``today`` touches."""
    found: list[Campaign] = []
    for year in range(start.year, today.year + 1):
        for key, name, source, month, months in YEARLY:
            first = date(year, month, 1)
            end = _last_day(year, month + months - 1)
            if first < today and end >= start:
                key = f"campaign_{key}_{year}"
                found.append(Campaign(key, f"{name} {year}", source, first, end))
    return tuple(found)


def costs(
    seed: str, campaigns: tuple[Campaign, ...], today: date
) -> tuple[CampaignCost, ...]:
    """What each company spent on each campaign, month by month, before ``today``."""
    found: list[CampaignCost] = []
    for campaign in campaigns:
        rng = Random(f"{seed}:costs:{campaign.key}")
        month_cost, note = MONTHLY_COST[campaign.source]
        for month in range(campaign.start.month, campaign.end.month + 1):
            first = date(campaign.start.year, month, 1)
            if first >= today:
                break
            for company, share in SHARES:
                amount = round(month_cost * share * rng.uniform(0.8, 1.25), -1)
                found.append(
                    CampaignCost(
                        f"{campaign.key}_{month:02d}_{company}",
                        campaign.key,
                        company,
                        first,
                        _last_day(first.year, month),
                        int(amount),
                        note,
                    )
                )
    return tuple(found)


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
