"""Reports show what the record rules on opportunities show, to each user his own."""

import pytest
from clients import Refused

from testing.odoo_log import provoking

REPORTS = ("crm.stage.history.report", "crm.forecast.report")
REFUSAL = r" WARNING .* odoo\.(http|addons\..*|models): "
# Whose leads each user may read; the company rule holds for all of them.
VISIBLE = {
    "seller": {"seller", "nobody"},
    "other_seller": {"other_seller", "nobody"},
    "team_leader": {"seller", "other_seller", "nobody"},
    "manager": {"seller", "other_seller", "nobody"},
    "stranger": {"stranger"},
}


def seen(client, login, model, field="lead_id"):
    rows = client(login).call(model, "search_read", domain=[], fields=[field])
    return {row[field][0] for row in rows if row[field]}


@pytest.mark.parametrize("login", sorted(VISIBLE))
@pytest.mark.parametrize("model", REPORTS)
def test_rows_of_readable_leads_only(client, world, login, model):
    expected = {lead for owner in VISIBLE[login] for lead in world["leads"][owner]}
    ours = {lead for leads in world["leads"].values() for lead in leads}
    assert seen(client, login, model) & ours == expected


@pytest.mark.parametrize("model", REPORTS)
def test_totals_count_no_hidden_row(client, world, model):
    groups = client("seller").call(
        model,
        "formatted_read_group",
        domain=[],
        groupby=["user_id"],
        aggregates=["__count"],
    )
    owners = {group["user_id"][0] for group in groups if group["user_id"]}
    hidden = {world["users"]["other_seller"], world["users"]["stranger"]}
    assert not owners & hidden


@pytest.mark.parametrize("model", REPORTS)
def test_a_row_that_is_hidden_cannot_be_read_by_its_id(server, client, world, model):
    theirs = world["leads"]["other_seller"]
    rows = client("manager").call(
        model, "search_read", domain=[["lead_id", "in", theirs]], fields=["id"]
    )
    assert rows
    ids = [row["id"] for row in rows]
    with provoking(server.log, REFUSAL):
        try:
            told = client("seller").call(model, "read", ids, fields=["lead_id"])
        except Refused:
            told = []
    assert told == []


def test_the_history_itself_is_for_administrators(server, client):
    with (
        provoking(server.log, REFUSAL),
        pytest.raises(Refused, match="(?i)access|allow"),
    ):
        client("manager").call("crm.stage.history", "search_read", domain=[])


def test_a_lead_given_away_takes_its_history_along(client, world):
    """Its former salesperson no longer reads it, nor its past."""
    lead = world["leads"]["seller"][29]
    model = "crm.stage.history.report"
    assert lead in seen(client, "seller", model)
    client("manager").call(
        "crm.lead", "write", [lead], vals={"user_id": world["users"]["other_seller"]}
    )
    assert lead not in seen(client, "seller", model)
    assert lead in seen(client, "other_seller", model)
    client("manager").call(
        "crm.lead", "write", [lead], vals={"user_id": world["users"]["seller"]}
    )
