"""Where the demo company's business comes from: before the deals, and what it cost."""

from datetime import date, datetime, time

import pytest

from sales_opportunity_plus.demo.generator import generate
from sales_opportunity_plus.demo.touches import EARLIER, ENTRY, LATER

DAYS = (date(2026, 11, 24), date(2027, 1, 1), date(2028, 2, 29))


@pytest.fixture(scope="module", params=DAYS, ids=str)
def firm(request):
    return generate(request.param, opportunities=300)


def touches(firm):
    return [(deal, touch) for deal in firm.deals for touch in deal.touches]


def test_touches_stand_in_their_order(firm):
    for deal in firm.deals:
        moments = [touch.when for touch in deal.touches]
        assert moments == sorted(moments), deal.key


def test_nothing_happened_today_or_after_the_closing(firm):
    morning = datetime.combine(firm.today, time())
    for deal, touch in touches(firm):
        assert touch.when < morning
        assert not deal.closed or touch.when <= deal.closed, deal.key


def test_a_deal_with_touches_has_the_one_it_was_written_down_with(firm):
    for deal in firm.deals:
        if deal.touches:
            kind = ENTRY[deal.source][0]
            assert any(
                touch.kind == kind and touch.when == deal.created
                for touch in deal.touches
            ), deal.key


def test_some_deals_came_from_nowhere_and_some_had_many_touches(firm):
    counts = [len(deal.touches) for deal in firm.deals]
    assert 0 < counts.count(0) < 0.2 * len(counts)
    assert max(counts) > 5


def test_touches_name_sources_and_campaigns_of_the_firm(firm):
    sources = {source.key for source in firm.sources} | {None}
    campaigns = {campaign.key: campaign for campaign in firm.campaigns}
    kinds = {kind for kind, _page in ENTRY.values()}
    kinds |= {choice[0] for choice in (*EARLIER, *LATER)}
    for deal, touch in touches(firm):
        assert touch.source in sources and touch.kind in kinds
        if touch.campaign and touch.when != deal.created:
            campaign = campaigns[touch.campaign]
            assert campaign.start <= touch.when.date() <= campaign.end
            assert campaign.source == touch.source


def test_campaigns_cost_something_in_their_own_days(firm):
    campaigns = {campaign.key: campaign for campaign in firm.campaigns}
    assert {cost.campaign for cost in firm.costs} <= set(campaigns)
    assert len({cost.key for cost in firm.costs}) == len(firm.costs)
    for cost in firm.costs:
        campaign = campaigns[cost.campaign]
        assert campaign.start <= cost.start <= cost.end <= campaign.end
        assert cost.start < firm.today and cost.amount > 0
