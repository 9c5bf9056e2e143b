"""What the demo company's people say of its forecast."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest

from sales_opportunity_plus.demo.calls import FORGETFUL
from sales_opportunity_plus.demo.generator import generate
from sales_opportunity_plus.demo.standing import CATEGORIES, standings, total

#: An ordinary day, a Monday, the first days of a year, a leap day, a month's end.
DAYS = (
    date(2026, 11, 24),
    date(2026, 11, 30),
    date(2027, 1, 1),
    date(2027, 1, 4),
    date(2028, 2, 29),
    date(2026, 3, 31),
)


@pytest.fixture(scope="module", params=DAYS, ids=str)
def firm(request):
    return generate(request.param)


def morning(firm):
    return datetime.combine(firm.today, time())


def test_everybody_has_targets_and_periods_add_up(firm):
    year = {
        (one.company, one.team, one.person): one.amount
        for one in firm.targets
        if (one.kind, one.measure, one.start.year)
        == ("year", "revenue", firm.today.year)
    }
    people = [person for person in firm.people if person.team]
    assert len(year) == len(firm.companies) + len(firm.teams) + len(people)
    for kind in ("quarter", "month"):
        sums = Counter()
        for one in firm.targets:
            if (one.kind, one.measure) == (kind, "revenue"):
                if one.start.year == firm.today.year:
                    scope = one.company, one.team, one.person
                    sums[scope] += one.before or one.amount
        assert sums == year


def test_a_scope_has_one_target_for_a_period(firm):
    keys = Counter(
        (one.company, one.team, one.person, one.kind, one.start, one.measure)
        for one in firm.targets
    )
    assert set(keys.values()) == {1}
    assert all(one.amount > 0 for one in firm.targets)
    assert sum(one.before is not None for one in firm.targets) == 1


def test_calls_were_submitted_weekly_and_not_by_everybody(firm):
    calls = Counter((call.person, call.start, call.day) for call in firm.calls)
    assert set(calls.values()) == {1}
    by_person = Counter(call.person for call in firm.calls)
    assert len(by_person) == 11
    assert by_person[FORGETFUL] < min(
        number for person, number in by_person.items() if person != FORGETFUL
    )
    monday = firm.today - timedelta(days=firm.today.weekday())
    this_week = {call.person for call in firm.calls if call.day >= monday}
    assert FORGETFUL not in this_week
    for call in firm.calls:
        assert call.start <= call.day <= call.end
        assert call.when.date() == call.day <= firm.today


def test_calls_are_the_sum_of_their_deals(firm):
    for call in firm.calls:
        assert call.closed == total(call.deals, "closed")
        assert call.commit == total(call.deals, "commit") >= call.closed
        assert call.best_case >= call.commit
        assert call.amount >= call.closed
        assert {deal.owner for deal in call.deals} <= {call.person}


def test_what_stands_this_morning_is_what_the_deals_are(firm):
    start, end = firm.today.replace(day=1), date(firm.today.year + 3, 12, 31)
    now = standings(firm.deals, start, end, morning(firm))
    known = {deal.key: deal for deal in firm.deals}
    is_open = {one.deal for one in now if one.category != "closed"}
    assert is_open == {
        deal.key
        for deal in firm.deals
        if deal.status == "open" and deal.last.lead_type == "opportunity"
    }
    for one in now:
        deal = known[one.deal]
        assert (one.owner, one.stage) == (deal.last.owner, deal.last.stage)
        if one.deal in is_open:
            assert (one.closing, one.amount) == (deal.deadline, deal.amount)


def test_adjustments_are_said_before_today_with_a_reason(firm):
    said = {one.key: one for one in firm.adjustments}
    assert len(said) == len(firm.adjustments) > 15
    for one in firm.adjustments:
        assert one.when < morning(firm)
        assert one.reason and one.category in CATEGORIES[1:-1]
        assert one.amount or one.kind == "override"
        if one.undone:
            assert one.when < one.undone < morning(firm) and one.undone_reason
        if one.instead_of:
            assert one.when > said[one.instead_of].when
    assert sum(bool(one.undone) for one in firm.adjustments) == 1
    assert sum(bool(one.instead_of) for one in firm.adjustments) == 1


def test_budget_rates_are_those_of_the_turn_of_the_year(firm):
    assert len(firm.budget_rates) == 8
    for rate in firm.budget_rates:
        assert (rate.start.month, rate.start.day) == (1, 1)
        assert 0.7 < rate.rate < 1.4
