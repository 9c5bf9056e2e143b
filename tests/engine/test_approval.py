"""Who approves: whatever is delegated to whom, it ends, and the right people may."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import approval
from sales_opportunity_plus.engine.approval import find_approvers, stand_ins

PEOPLE = st.integers(1, 6)
GROUPS = st.frozensets(PEOPLE)
ABSENCES = st.dictionaries(PEOPLE, GROUPS)


def test_examples():
    assert doctest.testmod(approval).failed == 0


@given(PEOPLE, ABSENCES)
def test_delegation_ends_and_somebody_is_asked(person, deputies):
    may, asked = stand_ins(person, deputies)
    assert person in may
    assert asked and asked <= may
    away = {one for one in asked if deputies.get(one)}
    assert away <= {person}, "somebody who is away is asked, and it is not the first"


@given(GROUPS, GROUPS, PEOPLE, ABSENCES)
def test_nobody_approves_his_own_while_others_can(named, managers, requester, deputies):
    found = find_approvers(named, managers, requester, deputies)
    assert found.asked <= found.may
    others = (named | managers) - {requester}
    if others:
        assert requester not in found.may
        assert found.asked
        wanted = named - {requester} or managers - {requester}
        assert wanted <= found.may
    elif requester in named | managers:
        assert found.may == found.asked == {requester}
    else:
        assert found.origin == "nobody"
        assert not found.may


@given(GROUPS, GROUPS, PEOPLE, ABSENCES, PEOPLE)
def test_naming_one_more_takes_nobody_away(named, managers, requester, deputies, more):
    before = find_approvers(named, managers, requester, deputies)
    after = find_approvers(named | {more}, managers, requester, deputies)
    if before.origin == "named":
        assert before.may <= after.may
