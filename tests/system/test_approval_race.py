"""Two people decide at once, ask at once, or change the amount meanwhile."""

import json

import pytest
from clients import Json2, Refused
from test_concurrency import CONFLICT, at_once
from world import build, history, inconsistencies, stage_of

from testing import databases
from testing.odoo_log import provoking
from testing.odoo_process import serving, shell
from testing.paths import logs

ROUNDS = 5
# Seller asks, two approvers decide.
RULE = """
import json
stages = env["crm.stage"].search([])
approvers = env["res.users"].search([("login", "in", ["manager", "team_leader"])])
rule = env["crm.stage.rule"].create({{
    "name": "Race", "approval": True, "to_stage_ids": [(6, 0, stages[2].ids)],
    "approver_user_ids": [(6, 0, approvers.ids)]}})
leads = env["crm.lead"].browse({leads})
leads.write({{"stage_id": stages[0].id, "expected_revenue": 1000}})
json.dump({{"from": stages[0].id, "to": stages[2].id}}, open({path!r}, "w"))
env.cr.commit()
"""


@pytest.fixture(scope="module", params=[0, 2], ids=["threads", "workers"])
def race(request, addon_template, module_clone):
    """(world, server, leads to race for, stages) of a database of its own."""
    world = build(module_clone(addon_template, f"approve{request.param}"))
    leads = world["leads"]["seller"][: 3 * ROUNDS]
    path = logs() / f"{world['database']}-rule.json"
    shell(world["database"], RULE.format(leads=leads, path=str(path)))
    stages = json.loads(path.read_text())
    path.unlink()
    with serving(world["database"], workers=request.param) as server:
        yield world, server, iter(leads), stages


def rows(world, lead):
    sql = """SELECT id, state, amount, decided_by_id FROM crm_stage_approval
              WHERE lead_id = %s ORDER BY id"""
    return databases.query(world["database"], sql, (lead,))


def people(world, server, *logins):
    return [Json2(server.url, world, login) for login in logins]


def ask(client, lead, stages):
    values = {"stage_id": stages["to"]}
    replay = {"ids": [lead], "method": "write", "values": values}
    answer = client.call(
        "crm.lead", "action_stage_rule_request_approval", [lead], replay=replay
    )
    return answer["ids"]


def test_two_approvers_at_once(race):
    world, server, leads, stages = race
    seller, *approvers = people(world, server, "seller", "manager", "team_leader")
    for _round in range(ROUNDS):
        lead = next(leads)
        ids = ask(seller, lead, stages)
        with provoking(server.log, CONFLICT):
            errors = at_once(
                [
                    lambda who=who, ids=ids: who.call(
                        "crm.stage.approval", "action_approve", ids
                    )
                    for who in approvers
                ]
            )
        assert errors.count(None) == 1, errors
        [late] = [error for error in errors if error]
        assert "waits no longer" in str(late)
        [(_id, state, _amount, decided_by)] = rows(world, lead)
        assert state == "used"
        winner = approvers[errors.index(None)]
        assert decided_by == winner.uid
        assert stage_of(world["database"], lead) == stages["to"]
        assert history(world["database"], [lead])[-1]["moved_by_id"] == seller.uid
    assert inconsistencies(world["database"]) == []


def test_approving_while_the_amount_changes(race):
    """Either the move comes first and the amount after, or the request is void."""
    world, server, leads, stages = race
    seller, manager = people(world, server, "seller", "manager")
    for _round in range(ROUNDS):
        lead = next(leads)
        ids = ask(seller, lead, stages)
        with provoking(server.log, CONFLICT):
            raised, approved = at_once(
                [
                    lambda lead=lead: seller.call(
                        "crm.lead", "write", [lead], vals={"expected_revenue": 9e5}
                    ),
                    lambda ids=ids: manager.call(
                        "crm.stage.approval", "action_approve", ids
                    ),
                ]
            )
        assert raised is None
        [(_id, state, amount, _by)] = rows(world, lead)
        assert float(amount) == 1000
        if approved is None and state == "used":
            assert stage_of(world["database"], lead) == stages["to"]
        else:
            assert state == "void"
            assert approved is None or "waits no longer" in str(approved)
            assert stage_of(world["database"], lead) == stages["from"]
    assert inconsistencies(world["database"]) == []


def test_asking_twice_at_once(race):
    world, server, leads, stages = race
    askers = people(world, server, "seller", "manager")
    for _round in range(ROUNDS):
        lead = next(leads)
        found = []
        with provoking(server.log, CONFLICT):
            errors = at_once(
                [
                    lambda who=who, lead=lead, found=found: found.extend(
                        ask(who, lead, stages)
                    )
                    for who in askers
                ]
            )
        assert all(error is None for error in errors), errors
        [(request, state, _amount, _by)] = rows(world, lead)
        assert state == "open"
        assert found == [request, request]
    with provoking(server.log, "by hand"), pytest.raises(Refused, match="by hand"):
        askers[0].call("crm.stage.approval", "write", found, vals={"state": "used"})
