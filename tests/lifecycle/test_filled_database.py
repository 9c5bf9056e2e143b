"""Install, update and uninstall where people have sold for a year and a half."""

import resource
import time
from itertools import groupby
from operator import itemgetter

import pytest
import touches
from catalogue import difference, snapshot
from fill import fill

from testing import databases
from testing.odoo_process import load, uninstall
from testing.paths import ADDON

LEADS = 20_000
# Generous: the figures that count are those of `make bench`.
MOST_SECONDS_MORE = 30
MOST_MEGABYTES_MORE = 100
ENTERED = ("crm_lead", "crm_stage", "mail_message", "mail_tracking_value")
STAYS = """
    SELECT lead_id, stage_id, status, move, entered_at, left_at, exit_move, to_stage_id,
           from_stage_id, user_id, amount, moved_by_id, origin
      FROM crm_stage_history ORDER BY lead_id, entered_at, id"""
OVERLAPS = """
    SELECT a.lead_id, a.id, b.id
      FROM crm_stage_history a
      JOIN crm_stage_history b ON b.lead_id = a.lead_id AND b.id > a.id
     WHERE tsrange(a.entered_at, a.left_at) && tsrange(b.entered_at, b.left_at)"""
LEAD_COLUMNS = """
    SELECT string_agg(quote_ident(column_name), ', ' ORDER BY column_name)
      FROM information_schema.columns
     WHERE table_name = %s
       AND (table_name <> 'crm_stage'
            OR column_name NOT IN ('write_date', 'write_uid'))"""


def content(database, table, columns):
    # Creating a server action posts a message of its own, on that action.
    where = "WHERE model = 'crm.lead'" if table == "mail_message" else ""
    return databases.query(
        database,
        "SELECT md5(string_agg(t::text, '' ORDER BY id)) "
        f"FROM (SELECT {columns} FROM {table} {where}) t",
    )


def columns(database, table):
    return databases.query(database, LEAD_COLUMNS, (table,))[0][0]


def of_plain_crm(database, plain_columns):
    """Digest of what people entered, addon or no addon."""
    return {
        table: content(database, table, names) for table, names in plain_columns.items()
    }


def timed(action):
    """(seconds, megabytes at the peak of any Odoo process so far)."""
    started = time.monotonic()
    action()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return time.monotonic() - started, peak


@pytest.fixture(scope="module")
def life(plain_template, module_clone):
    """One filled database, looked at before and after each step of its life."""
    empty = module_clone(plain_template, "empty")
    seen = {"empty": timed(lambda: load(empty, install=(ADDON,)))}
    database = module_clone(plain_template, "filled")
    seen["lives"] = fill(database, LEADS)
    plain = {table: columns(database, table) for table in ENTERED}
    seen["plain"] = snapshot(database)
    seen["entered"] = [of_plain_crm(database, plain)]
    seen["filled"] = timed(lambda: load(database, install=(ADDON,)))
    seen["entered"].append(of_plain_crm(database, plain))
    seen["stays"] = databases.query(database, STAYS)
    seen["by lead"] = {
        lead: list(rows) for lead, rows in groupby(seen["stays"], itemgetter(0))
    }
    seen["touches"] = databases.query(database, touches.TOUCHES)
    seen["overlaps"] = databases.query(database, OVERLAPS)
    load(database, update=(ADDON,))
    seen["stays after update"] = databases.query(database, STAYS)
    seen["touches after update"] = databases.query(database, touches.TOUCHES)
    seen["entered"].append(of_plain_crm(database, plain))
    uninstall(database, ADDON)
    seen["entered"].append(of_plain_crm(database, plain))
    seen["uninstalled"] = snapshot(database)
    return seen


@pytest.fixture(scope="module")
def known(life):
    """(lead, its true stays, its stays in the history)."""
    return [
        (number, one.stays, life["by lead"][number])
        for number, one in life["lives"].items()
    ]


def wrong(known, truth, told):
    """The first leads whose history differs from the truth, for the message."""
    pairs = [(n, [*map(truth, stays)], [*map(told, rows)]) for n, stays, rows in known]
    return [pair for pair in pairs if pair[1] != pair[2]][:3]


def test_every_lead_has_one_open_stay_where_it_stands(life):
    for number, one in life["lives"].items():
        rows = life["by lead"][number]
        assert rows[-1][1:3] == (one.stage, one.status), one
        assert [row[5] is None for row in rows] == [False] * (len(rows) - 1) + [True]


def test_no_lead_but_those_that_exist_has_a_history(life):
    assert {row[0] for row in life["stays"]} == set(life["lives"])


def test_stays_do_not_overlap(life):
    assert life["overlaps"] == []


def test_stages_and_times_are_those_of_the_tracking_values(known):
    assert not wrong(
        known,
        lambda stay: (stay.stage, stay.entered_at),
        lambda row: (row[1], row[4]),
    )


def test_outcomes_are_those_of_the_tracking_values(known):
    assert not wrong(known, lambda stay: stay.status, lambda row: row[2])


def test_kinds_of_move(known):
    assert not wrong(known, lambda stay: stay.move, lambda row: row[3])


def test_salesperson_and_amount_are_those_on_entry(known):
    assert not wrong(
        known,
        lambda stay: (stay.user, stay.amount),
        lambda row: (row[9], float(row[10])),
    )


def test_it_tells_who_moved_it(known):
    assert not wrong(known, lambda stay: stay.by, lambda row: row[11])


def test_each_stay_ends_where_the_next_begins(life):
    for before, after in zip(life["stays"], life["stays"][1:], strict=False):
        if before[0] == after[0]:
            assert before[5:8] == (after[4], after[3], after[1])
            assert after[8] == before[1]


def test_the_history_says_that_it_was_reconstructed(life):
    assert {row[12] for row in life["stays"]} == {"reconstructed"}


def test_touches_are_those_of_the_past(life):
    lives = sorted(life["lives"].values(), key=lambda one: one.id)
    expected = [touch for one in lives for touch in touches.expected(one)]
    assert [tuple(row) for row in life["touches"]] == expected


def test_updating_keeps_the_history(life):
    assert life["stays after update"] == life["stays"]
    assert life["touches after update"] == life["touches"]


def test_nothing_that_people_entered_is_changed(life):
    """By the installation, the update and the uninstallation alike."""
    before, *later = life["entered"]
    assert later == [before] * 3


def test_uninstalling_leaves_nothing_behind(life):
    assert difference(life["plain"], life["uninstalled"]) == {}


def test_installing_takes_little_longer_and_little_more_memory(life):
    (empty_seconds, empty_peak), (seconds, peak) = life["empty"], life["filled"]
    assert seconds - empty_seconds < MOST_SECONDS_MORE
    assert peak - empty_peak < MOST_MEGABYTES_MORE
