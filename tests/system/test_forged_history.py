"""Nobody writes history from outside: not a seller, not a manager, by no context."""

import pytest
from clients import Refused
from world import history, stage_of

from testing.odoo_log import provoking

FORGED_CONTEXT = {
    "stage_rule_one_move": True,
    "tracking_disable": True,
    "mail_notrack": True,
    "install_mode": True,
    "import_file": True,
    "module": "sales_opportunity_plus",
    "force": True,
}
# What Odoo logs about a refusal that a test provokes.
REFUSAL = r" WARNING .* odoo\.(http|addons\..*|models|service\..*): "
# Whoever may not even read it is told so, everybody else how history is made.
SAID = r"(?i)the stage history is written by the moves|not allowed to|access"
MODEL = "crm.stage.history"


def forged_row(world):
    return {
        "lead_id": world["leads"]["seller"][0],
        "stage_id": world["stages"][0],
        "status": "won",
        "move": "won",
        "origin": "live",
        "entered_at": "2020-01-01 00:00:00",
    }


def attempts(world):
    """(method, ids, arguments) of every way to write a row."""
    row = forged_row(world)
    some = [one["id"] for one in history(world["database"])][:2]
    return [
        ("create", None, {"vals_list": [row]}),
        ("write", some, {"vals": {"entered_at": "2019-01-01 00:00:00"}}),
        ("unlink", some, {}),
        ("web_save", some, {"vals": {"status": "lost"}, "specification": {}}),
        ("web_save", [], {"vals": row, "specification": {}}),
        ("copy", some[:1], {}),
        ("name_create", None, {"name": "1"}),
    ]


@pytest.mark.parametrize("login", ["seller", "manager"])
@pytest.mark.parametrize("context", [{}, FORGED_CONTEXT], ids=["plain", "forged"])
def test_rows_cannot_be_written(server, client, world, login, context):
    before = history(world["database"])
    with provoking(server.log, REFUSAL):
        for method, ids, arguments in attempts(world):
            with pytest.raises(Refused, match=SAID):
                client(login).call(MODEL, method, ids, context=context, **arguments)
    assert history(world["database"]) == before


@pytest.mark.parametrize("login", ["seller", "manager"])
def test_rows_cannot_be_imported(server, client, world, login):
    before = history(world["database"])
    names = ["lead_id", "stage_id", "status", "move", "origin", "entered_at"]
    row = [str(forged_row(world)[name]) for name in names]
    with provoking(server.log, REFUSAL):
        try:
            client(login).call(MODEL, "load", fields=names, data=[row])
        except Refused:
            # `load` answers some errors and raises others: both are a refusal.
            assert history(world["database"]) == before
    assert history(world["database"]) == before


@pytest.mark.parametrize(
    ("model", "method"),
    [
        (MODEL, "_import_past"),
        (MODEL, "_backfill"),
        ("crm.lead", "_stage_history_backdate"),
        ("crm.lead", "_stage_rule_record"),
        ("crm.lead", "_stage_rule_after_unlink"),
    ],
)
def test_the_private_interface_is_private(server, client, world, model, method):
    before = history(world["database"])
    with (
        provoking(server.log, REFUSAL),
        pytest.raises(Refused, match="(?i)private|exist"),
    ):
        client("manager").call(model, method)
    assert history(world["database"]) == before


@pytest.mark.parametrize("model", [MODEL, "crm.stage.history.report"])
@pytest.mark.parametrize("method", ["create", "unlink"])
def test_the_report_is_no_way_in(server, client, world, model, method):
    before = history(world["database"])
    ids = [before[0]["id"]] if method == "unlink" else None
    arguments = {} if ids else {"vals_list": [{"status": "won"}]}
    with provoking(server.log, REFUSAL), pytest.raises(Refused, match=SAID):
        client("manager").call(model, method, ids, **arguments)
    assert history(world["database"]) == before


def test_a_forged_context_does_not_silence_the_history(client, world):
    lead = world["leads"]["seller"][1]
    others = [s for s in world["stages"] if s != stage_of(world["database"], lead)]
    before = len(history(world["database"], [lead]))
    client("seller").call(
        "crm.lead",
        "write",
        [lead],
        context=FORGED_CONTEXT,
        vals={"stage_id": others[0]},
    )
    rows = history(world["database"], [lead])
    assert len(rows) == before + 1
    assert rows[-1]["stage_id"] == others[0]
    assert rows[-1]["moved_by_id"] == world["users"]["seller"]
    assert rows[-1]["origin"] == "live"
