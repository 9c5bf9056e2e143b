"""Two people move the same opportunity at once, on a threaded server and on workers."""

import threading

import pytest
from clients import Json2, Refused
from world import build, history, inconsistencies, stage_of

from testing.odoo_log import provoking
from testing.odoo_process import serving

ROUNDS = 25
# PostgreSQL refuses one of two writes and Odoo repeats it; both are logged.
CONFLICT = r"could not serialize|deadlock|SERIALIZATION|transaction|odoo\.http"


@pytest.fixture(scope="module", params=[0, 2], ids=["threads", "workers"])
def busy(request, addon_template, module_clone):
    """(world, server) of a database that nothing else touches."""
    world = build(module_clone(addon_template, f"busy{request.param}"))
    with serving(world["database"], workers=request.param) as server:
        yield world, server


def at_once(moves):
    """Run functions at the same moment; give what each one raised."""
    barrier = threading.Barrier(len(moves))
    errors = [None] * len(moves)

    def run(place, move):
        barrier.wait(30)
        try:
            move()
        except Refused as refused:
            errors[place] = refused

    threads = [
        threading.Thread(target=run, args=(place, move))
        for place, move in enumerate(moves)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), "a move did not come back"
    return errors


def race(world, server, leads, targets):
    """Seller and manager move the same leads, each to a stage of his own."""
    people = [Json2(server.url, world, login) for login in ("seller", "manager")]
    moves = [
        lambda who=who, stage=stage: who.call(
            "crm.lead", "write", leads, vals={"stage_id": stage}
        )
        for who, stage in zip(people, targets, strict=True)
    ]
    with provoking(server.log, CONFLICT):
        return at_once(moves)


def test_no_move_is_lost_and_no_stay_overlaps(busy):
    world, server = busy
    lead = world["leads"]["seller"][0]
    for _round in range(ROUNDS):
        standing = stage_of(world["database"], lead)
        targets = [s for s in world["stages"] if s != standing][:2]
        before = len(history(world["database"], [lead]))
        errors = race(world, server, [lead], targets)
        outcomes = zip(targets, errors, strict=True)
        done = {stage for stage, error in outcomes if error is None}
        rows = history(world["database"], [lead])
        assert done, f"both moves were refused: {errors}"
        assert {row["stage_id"] for row in rows[before:]} == done
        assert len(rows) == before + len(done)
        assert stage_of(world["database"], lead) == rows[-1]["stage_id"]
    assert inconsistencies(world["database"]) == []


def test_batches_that_share_leads(busy):
    """Locks are taken on many leads at once, in two orders."""
    world, server = busy
    leads = world["leads"]["seller"][5:25]
    for turn in range(5):
        targets = [world["stages"][turn % 3], world["stages"][(turn + 1) % 3]]
        people = [Json2(server.url, world, login) for login in ("seller", "manager")]
        orders = [leads, leads[::-1]]
        moves = [
            lambda who=who, ids=ids, stage=stage: who.call(
                "crm.lead", "write", ids, vals={"stage_id": stage}
            )
            for who, ids, stage in zip(people, orders, targets, strict=True)
        ]
        with provoking(server.log, CONFLICT):
            errors = at_once(moves)
        assert None in errors
        assert inconsistencies(world["database"]) == []


def test_winning_and_losing_at_once(busy):
    """One of the two comes last, and the history says which."""
    world, server = busy
    lead = world["leads"]["seller"][28]
    seller, manager = (Json2(server.url, world, who) for who in ("seller", "manager"))
    with provoking(server.log, CONFLICT + "|won"):
        errors = at_once(
            [
                lambda: seller.call("crm.lead", "action_set_won", [lead]),
                lambda: manager.call("crm.lead", "action_set_lost", [lead]),
            ]
        )
    assert None in errors
    last = history(world["database"], [lead])[-1]
    assert last["status"] in ("won", "lost")
    assert inconsistencies(world["database"]) == []


def test_a_lead_created_and_moved_by_many(busy):
    world, server = busy
    people = [Json2(server.url, world, login) for login in ("seller", "manager")]
    values = {"name": "At once", "type": "opportunity", "user_id": people[0].uid}
    made = []
    errors = at_once(
        [
            lambda who=who: made.extend(
                who.call("crm.lead", "create", vals_list=[values] * 5)
            )
            for who in people * 2
        ]
    )
    assert errors == [None] * 4
    assert len(made) == 20
    rows = history(world["database"], made)
    assert sorted(row["lead_id"] for row in rows) == sorted(made)
    assert inconsistencies(world["database"]) == []
