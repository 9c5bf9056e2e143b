"""Two people say something of one forecast at once: nothing is lost, nor halved."""

import pytest
from clients import Json2
from test_concurrency import CONFLICT, at_once
from world import build

from testing import databases
from testing.odoo_log import provoking
from testing.odoo_process import serving, shell

ROUNDS = 3
PEOPLE = ("manager", "other_seller")
PROVOKED = CONFLICT + r"|duplicate key|odoo\.addons\.rpc|UserError|crm_forecast"
# The second one becomes a sales manager, too; all deals close this year.
MANAGERS = """
group = env.ref("sales_team.group_sale_manager")
user = env["res.users"].search([("login", "=", "other_seller")])
user.group_ids += group
today = datetime.date.today()
env["crm.lead"].search([]).write({{"date_deadline": today}})
env.cr.commit()
"""


@pytest.fixture(scope="module", params=[0, 2], ids=["threads", "workers"])
def said(request, addon_template, module_clone):
    """(world, server, two sales managers) of a database of its own."""
    world = build(module_clone(addon_template, f"say{request.param}"))
    shell(world["database"], "import datetime\n" + MANAGERS.format())
    with serving(world["database"], workers=request.param) as server:
        yield world, server, [Json2(server.url, world, who) for who in PEOPLE]


def together(said, calls):
    """Make two calls at once; what each one was told, or ``None``."""
    _world, server, _people = said
    with provoking(server.log, PROVOKED):
        errors = at_once(calls)
    for error in filter(None, errors):
        assert "Traceback" not in str(error)
        assert "serialize" not in str(error)
    return errors


def rows(said, query, *args):
    return databases.query(said[0]["database"], query, args)


def adjust(said, who, category, **values):
    """A function that adjusts the commit of the seller this month."""
    world = said[0]
    vals = {
        "company_id": world["companies"]["home"],
        "team_id": world["teams"]["home"],
        "user_id": world["users"]["seller"],
        "period_kind": "year",
        "forecast_category": category,
        "amount": 1000 + who.uid,
        "reason_kind": "other",
        "reason": f"{who.login} knows",
        **values,
    }
    return lambda: who.call("crm.forecast.adjustment", "create", vals_list=[vals])


STANDING = """
    SELECT author_id, amount::int FROM crm_forecast_adjustment
     WHERE active AND kind = %s AND forecast_category = %s"""


def test_of_two_who_replace_a_figure_one_is_told(said):
    for category in ("commit", "best_case", "pipeline"):
        people = said[2]
        errors = together(
            said, [adjust(said, who, category, kind="override") for who in people]
        )
        assert errors.count(None) == 1, errors
        winner = people[errors.index(None)]
        [late] = filter(None, errors)
        name = winner.login.replace("_", " ").title()
        for part in (
            name,
            f"{winner.login} knows",
            "Change that adjustment or undo it",
        ):
            assert part in str(late), late
        standing = rows(said, STANDING, "override", category)
        assert standing == [(winner.uid, 1000 + winner.uid)]


def test_amounts_that_are_added_at_once_are_both_kept(said):
    errors = together(said, [adjust(said, who, "most_likely") for who in said[2]])
    assert errors == [None, None]
    standing = rows(said, STANDING, "signed", "most_likely")
    assert sorted(standing) == sorted((who.uid, 1000 + who.uid) for who in said[2])


def test_of_two_who_change_an_adjustment_one_is_told(said):
    people = said[2]
    for way in ("change", "undo", "change"):
        [first] = adjust(said, people[0], "pipeline", amount=77)()
        calls = [adjust(said, people[0], "pipeline", supersedes_id=first)]
        if way == "undo":
            calls.append(
                lambda first=first: people[1].call(
                    "crm.forecast.adjustment", "action_undo", [first], reason="No"
                )
            )
        else:
            calls.append(adjust(said, people[1], "pipeline", supersedes_id=first))
        errors = together(said, calls)
        assert errors.count(None) == 1, errors
        [late] = filter(None, errors)
        assert "has already changed or undone Pipeline of Seller" in str(late), late
        assert "Reload the adjustments" in str(late)
        sql = "SELECT count(*) FROM crm_forecast_adjustment WHERE supersedes_id = %s"
        undone = way == "undo" and errors[1] is None
        assert rows(said, sql, first) == [(0 if undone else 1,)]


def test_two_submissions_of_a_call_are_versions(said):
    world, _server, _people = said
    seller = world["users"]["seller"]
    for number in range(ROUNDS):
        calls = [
            lambda who=who, number=number: who.call(
                "crm.forecast.call",
                "action_submit",
                values={
                    "user_id": seller,
                    "team_id": world["teams"]["home"],
                    "period_kind": "year",
                    "amount": 10 * number + who.uid,
                },
            )
            for who in said[2]
        ]
        assert together(said, calls) == [None, None]
    found = rows(
        said,
        """SELECT call.id, call.supersedes_id, call.deals,
                  (SELECT count(*) FROM crm_forecast_call_deal deal
                    WHERE deal.call_id = call.id)::int
             FROM crm_forecast_call call WHERE call.user_id = %s ORDER BY call.id""",
        seller,
    )
    assert len(found) == 2 * ROUNDS
    # A chain: each one comes in place of one before, no two of the same.
    superseded = [before for _id, before, _deals, _kept in found]
    assert superseded.count(None) == 1
    assert len(set(superseded)) == len(superseded)
    assert {deals for _id, _before, deals, _kept in found} == {30}
    assert all(deals == kept for _id, _before, deals, kept in found)


def test_two_splits_of_a_target_are_versions(said):
    world = said[0]
    for number in range(ROUNDS):
        amounts = [12000 * number + 1200, 12000 * number + 2400]
        calls = []
        for who, amount in zip(said[2], amounts, strict=True):
            vals = {
                "company_id": world["companies"]["home"],
                "team_id": world["teams"]["home"],
                "method": "even",
                "amount": amount,
            }
            [split] = who.call("crm.forecast.target.split", "create", vals_list=[vals])
            calls.append(
                lambda who=who, split=split: who.call(
                    "crm.forecast.target.split", "action_split", [split]
                )
            )
        assert together(said, calls) == [None, None]
        found = rows(
            said,
            """SELECT period_kind, amount::int FROM crm_forecast_target
                WHERE team_id = %s AND user_id IS NULL""",
            world["teams"]["home"],
        )
        [year] = [amount for kind, amount in found if kind == "year"]
        months = [amount for kind, amount in found if kind == "month"]
        assert year in amounts
        assert months == [year // 12] * 12
        # What the other one set is in the history of each.
        kept = "SELECT target_id, count(*)::int FROM crm_forecast_target_version"
        versions = rows(said, f"{kept} GROUP BY target_id")
        assert [n for _target, n in versions] == [2 * (number + 1)] * 13
