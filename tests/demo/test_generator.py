"""The demo company as data: believable, complete, and the same every time."""

import ast
from collections import Counter
from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from sales_opportunity_plus import demo
from sales_opportunity_plus.demo.generator import generate
from sales_opportunity_plus.demo.working_time import (
    CLOSES,
    OPENS,
    is_working_day,
    quarter_end,
)

#: An ordinary day, a Sunday, the turn of a year, a leap day, the end of a quarter.
DAYS = (
    date(2026, 11, 24),
    date(2026, 8, 9),
    date(2027, 1, 1),
    date(2028, 2, 29),
    date(2026, 3, 31),
)


@pytest.fixture(scope="module", params=DAYS, ids=str)
def firm(request):
    return generate(request.param)


def of_status(firm, status):
    return [deal for deal in firm.deals if deal.status == status]


def test_a_seed_and_a_day_give_one_company():
    day = DAYS[0]
    assert generate(day, opportunities=80) == generate(day, opportunities=80)
    assert generate(day, opportunities=80) != generate(day, "x", opportunities=80)
    assert (
        generate(day, opportunities=80).deals
        != generate(day + timedelta(days=1), opportunities=80).deals
    )


def test_the_generator_knows_nothing_of_odoo():
    for path in Path(demo.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in getattr(node, "names", [])]
            names.append(getattr(node, "module", None) or "")
            assert not any(name.split(".")[0] == "odoo" for name in names), path.name


def test_fourteen_months_of_twelve_hundred_deals(firm):
    assert len(firm.deals) == 1200
    first = min(deal.created for deal in firm.deals).date()
    # The window may begin with a weekend or the closing days of the year.
    assert timedelta(days=410) < firm.today - first < timedelta(days=430)
    assert 200 <= len(of_status(firm, "open")) <= 310
    closed = len(of_status(firm, "won")) + len(of_status(firm, "lost"))
    assert 0.2 < len(of_status(firm, "won")) / closed < 0.33


def test_twelve_people_in_three_teams_of_two_currencies(firm):
    roles = Counter(person.role for person in firm.people)
    assert roles == {"manager": 1, "leader": 3, "seller": 8}
    assert len({person.login for person in firm.people}) == 12
    company_of = {team.key: team.company for team in firm.teams}
    for person in firm.people:
        if person.team:
            assert person.companies == (company_of[person.team],)
    assert len({company.currency for company in firm.companies}) == 2
    assert len({company.country for company in firm.companies}) == 2
    for deal in firm.deals:
        assert deal.company == company_of[deal.team]
    open_by_owner = Counter(deal.owner for deal in of_status(firm, "open"))
    assert open_by_owner["user_seller"] >= 20
    assert open_by_owner["user_manager"] >= 3


def test_every_key_leads_somewhere(firm):
    customers = {customer.key: customer for customer in firm.customers}
    team_of = {person.key: person.team for person in firm.people}
    solutions = {solution.key for solution in firm.solutions}
    campaigns = {campaign.key: campaign for campaign in firm.campaigns}
    for deal in firm.deals:
        customer = customers[deal.customer]
        assert (customer.team, customer.company) == (deal.team, deal.company)
        assert deal.contact in {contact.key for contact in customer.contacts}
        # The manager has no team and takes over the largest deals.
        assert team_of[deal.owner] in (deal.team, None)
        assert {stay.owner for stay in deal.stays} <= team_of.keys()
        assert set(deal.solutions) <= solutions
        if deal.campaign:
            campaign = campaigns[deal.campaign]
            assert campaign.source == deal.source
            assert campaign.start <= deal.created.date() <= campaign.end
    keys = [deal.key for deal in firm.deals]
    keys += [meeting.key for deal in firm.deals for meeting in deal.meetings]
    keys += [contact.key for c in firm.customers for contact in c.contacts]
    assert len(keys) == len(set(keys))


def test_stays_are_chained_and_end_where_the_deal_stands(firm):
    morning = datetime.combine(firm.today, time())
    moves = Counter()
    order = [stage.key for stage in firm.stages]
    for deal in firm.deals:
        assert deal.stays[0].status == "open"
        for before, after in pairwise(deal.stays):
            assert before.entered < after.entered
            here = (before.stage, before.status, before.lead_type)
            assert here != (after.stage, after.status, after.lead_type)
            if after.status == "lost":
                assert after.stage == before.stage
            if before.status != "open":
                moves["reopened"] += 1
                assert after.status == "open"
            elif after.status == "open":
                moves[order.index(after.stage) - order.index(before.stage)] += 1
        assert deal.last.entered < morning
        assert all((s.stage == "won") == (s.status == "won") for s in deal.stays)
        assert all(s.amount > 0 and 0 <= s.probability <= 100 for s in deal.stays)
    assert moves[1] > 1000
    # Some go back a stage, skip one, come back, or were leads first.
    assert min(moves[-1], moves[2], moves["reopened"], moves[0]) > 20


def test_people_work_on_weekdays_and_in_working_hours(firm):
    zone = {person.key: ZoneInfo(person.timezone) for person in firm.people}
    moments = [
        (when, person)
        for deal in firm.deals
        for when, person in [
            *((stay.entered, stay.owner) for stay in deal.stays[:1]),
            *((slip.when, slip.person) for slip in deal.slips),
            *((meeting.start, meeting.person) for meeting in deal.meetings),
        ]
    ]
    assert len(moments) > 2000
    for when, person in moments:
        local = when.replace(tzinfo=timezone.utc).astimezone(zone[person])
        assert is_working_day(local.date())
        # Colleagues in another zone of the same team are an hour apart at most.
        early = (datetime.combine(local, OPENS) - timedelta(hours=1)).time()
        late = (datetime.combine(local, CLOSES) + timedelta(hours=1)).time()
        assert early <= local.time() <= late


def test_closings_slip_and_each_slip_follows_the_one_before(firm):
    slipped = 0
    for deal in firm.deals:
        end = deal.closed or datetime.combine(firm.today, time())
        dates = [slip.before for slip in deal.slips] + [deal.deadline]
        for slip, following in zip(deal.slips, dates[1:], strict=True):
            assert slip.before < slip.after == following
            assert deal.created < slip.when < end
        slipped += bool(deal.slips)
    assert 0.15 < slipped / len(firm.deals) < 0.5
    ahead = [deal.deadline >= firm.today for deal in of_status(firm, "open")]
    assert 0.6 < sum(ahead) / len(ahead) < 1


def test_lost_deals_have_a_reason_and_open_ones_a_plan(firm):
    assert all(bool(d.lost_reason) == (d.status == "lost") for d in firm.deals)
    closed = of_status(firm, "won") + of_status(firm, "lost")
    assert not any(d.activity or d.override or d.probability for d in closed)
    active = of_status(firm, "open")
    overdue = [d for d in active if d.activity and d.activity.due < firm.today]
    assert 20 < len(overdue) < 100 < sum(bool(d.activity) for d in active)
    chosen = [deal for deal in active if deal.override]
    assert 20 < len(chosen) < 70
    assert all(d.last.entered < d.override.when for d in chosen)
    assert all(d.override.when.date() < firm.today for d in chosen)


def test_meetings_lie_within_the_life_of_a_deal(firm):
    coming = 0
    for deal in firm.deals:
        for meeting in deal.meetings:
            assert meeting.start > deal.created
            if meeting.start.date() > firm.today:
                coming += 1
                assert deal.status == "open"
            else:
                assert meeting.start < (deal.closed or datetime.max)
                assert meeting.start.date() < firm.today
    assert coming > 20


def test_sources_and_sellers_differ_in_what_they_win(firm):
    def win_rate(field, value):
        closed = [d for d in firm.deals if d.closed and getattr(d, field) == value]
        return sum(deal.status == "won" for deal in closed) / len(closed)

    assert win_rate("source", "source_existing") > 0.35
    assert win_rate("source", "source_outbound") < 0.17
    assert win_rate("owner", "user_shah") > win_rate("owner", "user_fraser")


def test_amounts_are_recurring_on_some_and_refined_on_the_way(firm):
    recurring = [deal for deal in firm.deals if deal.recurring]
    assert 0.3 < len(recurring) / len(firm.deals) < 0.6
    assert all(deal.recurring.amount > 0 for deal in recurring)
    changed = [d for d in firm.deals if len({s.amount for s in d.stays}) > 1]
    assert len(changed) > 500
    for team, low, high in (("team_dach", 2e4, 9e4), ("team_uk", 1.5e4, 8e4)):
        assert low < median(d.amount for d in firm.deals if d.team == team) < high


def test_rates_cover_every_day_and_agree_between_the_companies(firm):
    start = min(deal.created for deal in firm.deals).date()
    rates = {(r.company, r.currency, r.day): r.rate for r in firm.rates}
    days = sorted({rate.day for rate in firm.rates})
    assert days[0] <= start and days[-1] < firm.today
    assert all((b - a).days == 7 for a, b in pairwise(days))
    for day in days:
        there = rates["company_de", "GBP", day]
        back = rates["company_uk", "EUR", day]
        assert there * back == pytest.approx(1, abs=1e-5)
        assert 0.7 < there < 1.05
    assert rates["company_de", "EUR", days[0]] == 1
    assert rates["company_uk", "GBP", days[0]] == 1


def test_summer_is_slow_and_quarters_end_busily():
    created, won, near_end = Counter(), 0, 0
    for number in range(4):
        firm = generate(date(2026, 10, 15), f"season {number}")
        # One whole summer: the window of 14 months begins in the one before.
        dates = [deal.created for deal in firm.deals]
        created.update(when.month for when in dates if when.year == 2026)
        for deal in of_status(firm, "won"):
            day = deal.closed.date()
            won += 1
            near_end += (quarter_end(day) - day).days < 12
    assert created[8] < 0.7 * created[6]
    assert created[8] < 0.7 * created[5]
    # Twelve of about ninety-one days would be 13 percent.
    assert near_end / won > 0.22
