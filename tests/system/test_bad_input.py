"""Wrong ids and mixed-up companies: a clear error, and nothing half done."""

import pytest
from clients import Refused
from world import history, inconsistencies, stage_of

from testing import databases
from testing.odoo_log import provoking

REFUSAL = r" (WARNING|ERROR) .* odoo\.(http|sql_db|models|addons\..*|service\..*): "


@pytest.mark.parametrize("stage", [987_654, -3])
def test_a_stage_that_does_not_exist(server, client, world, stage):
    lead = world["leads"]["seller"][2]
    before = history(world["database"]), stage_of(world["database"], lead)
    with provoking(server.log, REFUSAL), pytest.raises(Refused) as refused:
        client("seller").call("crm.lead", "write", [lead], vals={"stage_id": stage})
    said = str(refused.value)
    assert "Traceback" not in said
    assert "stage" in said.lower()
    assert (history(world["database"]), stage_of(world["database"], lead)) == before


def test_a_team_of_another_company(server, client, world):
    """Odoo refuses it; the history must not know of a lead that was never made."""
    before = history(world["database"])
    values = {
        "name": "Nowhere",
        "type": "opportunity",
        "company_id": world["companies"]["home"],
        "team_id": world["teams"]["abroad"],
    }
    with provoking(server.log, REFUSAL), pytest.raises(Refused) as refused:
        client("manager").call("crm.lead", "create", vals_list=[values])
    assert "compan" in str(refused.value).lower() or "access" in str(refused.value)
    assert history(world["database"]) == before


def test_a_lead_without_company_team_and_salesperson(client, world):
    values = {
        "name": "Nobody's",
        "type": "opportunity",
        "company_id": False,
        "team_id": False,
        "user_id": False,
        "expected_revenue": 12,
    }
    made = client("manager").call("crm.lead", "create", vals_list=[values])
    (row,) = history(world["database"], made)
    assert (row["status"], row["move"]) == ("open", "created")
    client("manager").call("crm.lead", "unlink", made)
    (row,) = history(world["database"], made)
    assert row["exit_move"] == "deleted"
    assert row["left_at"] is not None


def test_a_stage_that_the_history_names_stays(server, client, world):
    """No opportunity is in it any more, but its past would lose its name."""
    (stage,) = client("manager").call(
        "crm.stage", "create", vals_list=[{"name": "Gone"}]
    )
    lead = world["leads"]["seller"][3]
    back = stage_of(world["database"], lead)
    seller = client("seller")
    seller.call("crm.lead", "write", [lead], vals={"stage_id": stage})
    seller.call("crm.lead", "write", [lead], vals={"stage_id": back})
    with provoking(server.log, REFUSAL), pytest.raises(Refused) as refused:
        client("manager").call("crm.stage", "unlink", [stage])
    assert "Archive" in str(refused.value)
    named = databases.query(
        world["database"], "SELECT count(*) FROM crm_stage WHERE id = %s", (stage,)
    )
    assert named == [(1,)]
    client("manager").call("crm.stage", "write", [stage], vals={"active": False})


def test_a_currency_without_rate(client, world):
    """Its amounts count one to one, as Odoo converts them; no page breaks."""
    database = world["database"]
    databases.query(
        database,
        "UPDATE res_company SET currency_id = (SELECT id FROM res_currency c WHERE NOT "
        "EXISTS (SELECT FROM res_currency_rate r WHERE r.currency_id = c.id) "
        "ORDER BY (name = 'XAF') DESC, id LIMIT 1) WHERE id = %s",
        (world["companies"]["abroad"],),
    )
    rows = client("stranger").call(
        "crm.lead",
        "search_read",
        domain=[["id", "in", world["leads"]["stranger"]]],
        fields=["weighted_amount", "expected_revenue", "probability"],
    )
    assert len(rows) == len(world["leads"]["stranger"])
    for row in rows:
        weighted = row["expected_revenue"] * row["probability"] / 100
        assert row["weighted_amount"] == pytest.approx(weighted, abs=1)
    groups = client("stranger").call(
        "crm.forecast.report",
        "formatted_read_group",
        domain=[],
        groupby=["forecast_category"],
        aggregates=["__count"],
    )
    assert sum(group["__count"] for group in groups) >= len(rows)


def test_nothing_of_this_broke_the_history(world):
    """Deleted leads keep closed stays; the others agree with theirs."""
    assert inconsistencies(world["database"]) == []
