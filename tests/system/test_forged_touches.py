"""Nobody writes touches or credits from outside: not a seller, not a manager."""

import pytest
from clients import Refused

from testing import databases
from testing.odoo_log import provoking

FORGED_CONTEXT = {
    "tracking_disable": True,
    "install_mode": True,
    "import_file": True,
    "force": True,
}
REFUSAL = r" WARNING .* odoo\.(http|addons\..*|models|service\..*): "
SAID = r"(?i)cannot be (created, changed or deleted|changed)|not allowed to|access"
#: Tables of the ledger, with a row that somebody might want in them.
TABLES = {
    "crm.touchpoint": {
        "kind_id": 1,
        "channel_id": 1,
        "origin": "odoo",
        "happened_at": "2020-01-01 00:00:00",
        "recorded_at": "2020-01-01 00:00:00",
    },
    "crm.touch.channel": {"campaign_id": 1, "medium_id": 1, "source_id": 1},
    "crm.attribution.credit": {
        "model_id": 1,
        "version": 1,
        "lead_id": 1,
        "touchpoint_id": 1,
        "fraction": 1.0,
    },
    "crm.attribution.stale": {"lead_id": 1},
}


def rows(database, model):
    table = model.replace(".", "_")
    return databases.query(database, f"SELECT * FROM {table} ORDER BY id")


@pytest.fixture
def touched(client, world):
    """A lead of the seller whose source was given: the ledger has its touch."""
    medium = client("manager").call("utm.medium", "search", domain=[], limit=1)[0]
    values = {
        "name": "Touched",
        "user_id": world["users"]["seller"],
        "company_id": world["companies"]["home"],
        "medium_id": medium,
    }
    made = client("seller").call("crm.lead", "create", vals_list=[values])
    return made[0] if isinstance(made, list) else made


def attempts(model, some):
    row = TABLES[model]
    change = {"vals": dict(list(row.items())[:1])}
    return [
        ("create", None, {"vals_list": [row]}),
        ("write", some, change),
        ("unlink", some, {}),
        ("web_save", some, {**change, "specification": {}}),
        ("web_save", [], {"vals": row, "specification": {}}),
        ("copy", some, {}),
    ]


@pytest.mark.parametrize("login", ["seller", "manager"])
@pytest.mark.parametrize("model", sorted(TABLES))
@pytest.mark.parametrize("context", [{}, FORGED_CONTEXT], ids=["plain", "forged"])
def test_rows_cannot_be_written(server, client, world, touched, login, model, context):
    before = rows(world["database"], model)
    some = [row[0] for row in before[:1]] or [1]
    with provoking(server.log, REFUSAL):
        for method, ids, arguments in attempts(model, some):
            with pytest.raises(Refused, match=SAID):
                client(login).call(model, method, ids, context=context, **arguments)
    assert rows(world["database"], model) == before


def test_the_source_of_a_lead_became_a_touch(world, touched):
    found = databases.query(
        world["database"],
        "SELECT kind.code, touch.recorded_by_id FROM crm_touchpoint touch "
        "JOIN crm_touch_kind kind ON kind.id = touch.kind_id WHERE lead_id = %s",
        (touched,),
    )
    assert found == [("created", world["users"]["seller"])]


@pytest.mark.parametrize(
    ("model", "method"),
    [
        ("crm.touchpoint", "_record"),
        ("crm.touchpoint", "_record_sql"),
        ("crm.touchpoint", "_import_past"),
        ("crm.attribution.stale", "_mark"),
        ("crm.lead", "_source_after_create"),
    ],
)
def test_the_private_interface_is_private(server, client, model, method):
    with (
        provoking(server.log, REFUSAL),
        pytest.raises(Refused, match="(?i)private|exist"),
    ):
        client("manager").call(model, method)
