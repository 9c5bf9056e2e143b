"""Stage rules from outside: enforced on every interface, decided in the log."""

import json
import time

import pytest
import requests
from clients import Json2, JsonRpc, Refused
from test_concurrency import CONFLICT, at_once
from world import build, stage_of

from testing import databases
from testing.odoo_log import provoking
from testing.odoo_process import serving, shell
from testing.paths import logs

REFUSAL = r" (WARNING|ERROR) .* odoo\.(http|addons\..*|models|service\..*): "
RULE = """
import json
stages = env["crm.stage"].search([("is_won", "=", False)])
field = env["ir.model.fields"]._get("crm.lead", "date_deadline")
rule = env["crm.stage.rule"].create({{
    "name": "Dated", "to_stage_ids": [(6, 0, stages[-1].ids)],
    "requirement_ids": [(0, 0, {{"kind": "field", "field_id": field.id}})],
}})
json.dump({{"rule": rule.id, "target": stages[-1].id}}, open({path!r}, "w"))
env.cr.commit()
"""


@pytest.fixture(scope="module")
def ruled(addon_template, module_clone):
    """(world with a rule, server) of a database that nothing else touches."""
    world = build(module_clone(addon_template, "ruled"))
    path = logs() / "rule.json"
    shell(world["database"], RULE.format(path=str(path)))
    world.update(json.loads(path.read_text()))
    with serving(world["database"]) as server:
        yield world, server


def decisions(world, lead):
    """(result, way in, who) of each decision about a lead."""
    return databases.query(
        world["database"],
        "SELECT result, path, moved_by_id FROM crm_stage_decision"
        " WHERE lead_id = %s ORDER BY id",
        (lead,),
    )


def move(world):
    return {"stage_id": world["target"]}


@pytest.fixture(params=["json2", "jsonrpc"])
def seller(request, ruled):
    world, server = ruled
    kind = {"json2": Json2, "jsonrpc": JsonRpc}[request.param]
    return kind(server.url, world, "seller")


def free_lead(world):
    """A lead of the seller that is not where the rule leads to, nor was decided on."""
    rows = databases.query(
        world["database"],
        "SELECT id FROM crm_lead l WHERE id = ANY(%s) AND stage_id <> %s"
        "   AND NOT EXISTS (SELECT FROM crm_stage_decision d WHERE d.lead_id = l.id)"
        " ORDER BY id LIMIT 1",
        (world["leads"]["seller"], world["target"]),
    )
    return rows[0][0]


def test_a_refused_move_stays_out_and_is_logged(ruled, seller):
    """Its transaction is rolled back; the decision is there all the same, once."""
    world, server = ruled
    lead = free_lead(world)
    standing = stage_of(world["database"], lead)
    with provoking(server.log, REFUSAL), pytest.raises(Refused) as refused:
        seller.call("crm.lead", "write", [lead], vals=move(world))
    assert "Dated" in str(refused.value)
    assert refused.value.kind.endswith(".StageRuleError")
    assert stage_of(world["database"], lead) == standing
    assert decisions(world, lead) == [("blocked", "api", world["users"]["seller"])]
    seller.call(
        "crm.lead", "write", [lead], vals={**move(world), "date_deadline": "2030-01-01"}
    )
    assert stage_of(world["database"], lead) == world["target"]
    assert [row[0] for row in decisions(world, lead)] == ["blocked", "passed"]


def test_the_web_client_gets_the_whole_decision(ruled):
    world, server = ruled
    lead = free_lead(world)
    session = requests.Session()
    login = {"db": world["database"], "login": "seller", "password": world["password"]}
    session.post(
        f"{server.url}/web/session/authenticate", json={"params": login}, timeout=60
    )
    with provoking(server.log, REFUSAL):
        answer = session.post(
            f"{server.url}/web/dataset/call_kw/crm.lead/web_save",
            json={
                "params": {
                    "model": "crm.lead",
                    "method": "web_save",
                    "args": [[lead], move(world)],
                    "kwargs": {"specification": {}},
                }
            },
            timeout=60,
        ).json()
    data = answer["error"]["data"]
    assert data["name"] == (
        "odoo.addons.sales_opportunity_plus.exceptions.StageRuleError"
    )
    [described] = data["context"]["moves"]
    assert described["lead_id"] == lead
    [rule] = described["rules"]
    assert rule["failures"][0]["fix"] == {"type": "field", "field": "date_deadline"}
    assert decisions(world, lead) == [("blocked", "screen", world["users"]["seller"])]


def test_a_forged_context_opens_nothing(ruled, seller):
    world, server = ruled
    lead = free_lead(world)
    forged = {
        "stage_rule_one_move": True,
        "stage_rule_automatic": True,
        "import_file": True,
        "install_mode": True,
        "su": True,
    }
    with provoking(server.log, REFUSAL), pytest.raises(Refused, match="Dated"):
        seller.call("crm.lead", "write", [lead], context=forged, vals=move(world))


@pytest.mark.parametrize("method", ["create", "write", "unlink"])
@pytest.mark.parametrize(
    "model", ["crm.stage.decision", "crm.stage.rule.version", "crm.stage.approval"]
)
def test_nobody_writes_what_was_decided(ruled, model, method):
    world, server = ruled
    arguments = {
        "create": {"vals_list": [{"result": "passed", "number": 7}]},
        "write": {"vals": {"result": "passed"}},
        "unlink": {},
    }[method]
    manager = Json2(server.url, world, "manager")
    with provoking(server.log, REFUSAL), pytest.raises(Refused):
        ids = None if method == "create" else [1]
        manager.call(model, method, ids, **arguments)


def test_two_people_move_one_opportunity(ruled):
    """One with what is needed, one without: never moved without it."""
    world, server = ruled
    people = [Json2(server.url, world, login) for login in ("seller", "manager")]
    for _round in range(10):
        lead = free_lead(world)
        full = {**move(world), "date_deadline": "2030-01-01"}
        with provoking(server.log, f"{CONFLICT}|{REFUSAL}"):
            at_once(
                [
                    lambda lead=lead: people[0].call(
                        "crm.lead", "write", [lead], vals=move(world)
                    ),
                    lambda lead=lead, full=full: people[1].call(
                        "crm.lead", "write", [lead], vals=full
                    ),
                ]
            )
        time.sleep(0.05)
        [(stage, deadline)] = databases.query(
            world["database"],
            "SELECT stage_id, date_deadline FROM crm_lead WHERE id = %s",
            (lead,),
        )
        assert stage != world["target"] or deadline
        results = [row[0] for row in decisions(world, lead)]
        assert results.count("passed") == 1, results
