"""What brought the deals: the touches before, at and after their creation."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from random import Random

from .shape import Deal
from .shape_source import Campaign, Touch
from .working_time import moment

#: Kind of the touch with which a deal of the source was written down, and its page.
ENTRY = {
    "source_existing": ("call", None),
    "source_referral": ("referral", None),
    "source_partner": ("referral", None),
    "source_fair": ("event", None),
    "source_search": ("form", "/contactus"),
    "source_newsletter": ("form", "/newsletter/offer"),
    "source_linkedin": ("form", "/webinar/robots"),
    "source_outbound": ("call", None),
}
#: Kind, source, page and share of what happens before a deal is one.
EARLIER = (
    ("visit", "source_search", "/solutions", 0.3),
    ("email_click", "source_newsletter", "/newsletter", 0.25),
    ("social", "source_linkedin", None, 0.15),
    ("ad_click", "source_search", "/warehouse-software", 0.12),
    ("event", "source_fair", None, 0.1),
    ("visit", None, "/", 0.08),
)
#: The same of what happens while it is worked on.
LATER = (
    ("reply", None, None, 0.4),
    ("call", None, None, 0.25),
    ("visit", None, "/references", 0.15),
    ("email_click", "source_newsletter", "/newsletter", 0.12),
    ("referral", "source_referral", None, 0.08),
)
#: Deals of which nobody knows where they came from.
UNTRACKED = 0.1
EARLIER_DAYS, AD_CLICK_COST = 75, (1.2, 6.5)


def touches(
    seed: str,
    deal: Deal,
    zone: str,
    today: date,
    campaigns: Iterable[Campaign],
) -> tuple[Touch, ...]:
    """The touches of a deal in the order in which they happened, before ``today``."""
    rng = Random(f"{seed}:touches:{deal.key}")
    if rng.random() < UNTRACKED:
        return ()
    kind, page = ENTRY[deal.source]
    entry = Touch(kind, deal.created, deal.source, deal.campaign, page, is_entry=True)
    found = [entry]
    running = tuple(campaigns)
    for _ in range(rng.choices((0, 1, 2, 3, 4), (30, 28, 20, 14, 8))[0]):
        day = deal.created.date() - timedelta(days=rng.randint(1, EARLIER_DAYS))
        when = moment(day, zone, rng)
        if when < deal.created:
            found.append(_touch(EARLIER, when, running, rng))
    end = min(deal.closed or datetime.max, datetime.combine(today, time()))
    days = (end - deal.created).days
    for _ in range(rng.choices((0, 1, 2, 3, 5), (22, 28, 25, 15, 10))[0]):
        day = deal.created.date() + timedelta(days=rng.randint(0, max(days, 1)))
        when = moment(day, zone, rng, deal.created)
        if when < end:
            found.append(_touch(LATER, when, running, rng))
    return tuple(sorted(found, key=lambda touch: touch.when))


def _touch(
    choices: tuple[tuple[str, str | None, str | None, float], ...],
    when: datetime,
    campaigns: tuple[Campaign, ...],
    rng: Random,
) -> Touch:
    kind, source, page, _share = rng.choices(choices, [c[-1] for c in choices])[0]
    campaign = next(
        (
            campaign.key
            for campaign in campaigns
            if campaign.source == source
            and campaign.start <= when.date() <= campaign.end
        ),
        None,
    )
    cost = round(rng.uniform(*AD_CLICK_COST), 2) if kind == "ad_click" else 0.0
    return Touch(kind, when, source, campaign, page, cost)
