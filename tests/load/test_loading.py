"""Loading into Odoo: twice, killed and resumed, with rows that Odoo refuses."""

import subprocess
import time

import pytest
import synthetic_crm
import synthetic_log
from loader import (
    command,
    contents,
    expect_errors,
    load,
    load_well,
    opportunities,
)

from testing import databases, odoo_process

DEALS = "sales_pipeline.csv"


def _log_folder(tmp_path):
    return synthetic_log.write(
        tmp_path / "log", synthetic_log.random_rows(seed=7, cases=120)
    )


def _crm_folder(tmp_path):
    return synthetic_crm.write(tmp_path / "crm")


@pytest.fixture(params=[_log_folder, _crm_folder], ids=["bpic2012", "maven_crm"])
def folder(request, tmp_path):
    return request.param(tmp_path)


def test_loading_twice_changes_nothing(folder, database):
    first = load_well(folder, database)
    before = contents(database)
    second = load_well(folder, database)
    assert contents(database) == before
    assert "Nothing has changed since the last load." in second.report
    assert second.bad_rows == first.bad_rows
    loaded, _changed, unchanged, _refused = second.counts("Closed opportunities")
    assert (loaded, unchanged) == (0, first.counts("Closed opportunities")[0])


def test_a_killed_load_carries_on(tmp_path, addon_template, clone):
    folder = _log_folder(tmp_path)
    database, whole = clone(addon_template, "load_kill"), clone(addon_template, "load")
    load_well(folder, whole)
    report = tmp_path / "bad-rows.csv"
    process = subprocess.Popen(
        command(folder, database, report, "--batch", "5"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait_for_opportunities(database, 10, process)
    process.kill()
    process.wait()
    partly = opportunities(database)
    assert 0 < len(partly) < len(opportunities(whole))
    outcome = load_well(folder, database)
    assert outcome.counts("Closed opportunities")[2] == len(partly)
    assert opportunities(database) == opportunities(whole)


def _wait_for_opportunities(database, number, process):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if databases.query(database, "SELECT count(*) FROM crm_lead")[0][0] >= number:
            return
        time.sleep(0.01)
    raise AssertionError("the load did not get that far")


def test_the_past_is_the_past_and_nobody_is_told(folder, database):
    load_well(folder, database)
    late = databases.query(
        database,
        """SELECT count(*) FROM crm_lead
            WHERE GREATEST(create_date, date_open, date_closed,
                           date_last_stage_update) > '2021-01-01'""",
    )
    assert late == [(0,)]
    origins = "SELECT DISTINCT origin FROM crm_stage_history"
    assert databases.query(database, origins) == [("imported",)]
    assert databases.query(database, "SELECT count(*) FROM mail_mail") == [(0,)]
    followers = "SELECT count(*) FROM mail_followers WHERE res_model = 'crm.lead'"
    assert databases.query(database, followers) == [(0,)]
    reachable = """
        SELECT u.login FROM res_users u JOIN res_partner p ON p.id = u.partner_id
          JOIN ir_model_data d ON d.model = 'res.users' AND d.res_id = u.id
         WHERE d.module IN ('bpic2012', 'maven_crm')
           AND (p.email <> '' OR u.notification_type = 'email')"""
    assert databases.query(database, reachable) == []


def test_logins(folder, database):
    """The seller owns deals and has the least rights, the manager the most."""
    load_well(folder, database)
    groups = """
        SELECT u.login, g.name FROM res_users u
          JOIN res_groups_users_rel r ON r.uid = u.id
          JOIN ir_model_data g ON g.res_id = r.gid AND g.model = 'res.groups'
         WHERE u.login IN ('manager', 'seller') AND g.module = 'sales_team'
         ORDER BY 1"""
    assert databases.query(database, groups) == [
        ("manager", "group_sale_manager"),
        ("seller", "group_sale_salesman"),
    ]
    owned = """SELECT count(*) > 0 FROM crm_lead l JOIN res_users u ON u.id = l.user_id
                WHERE u.login = 'seller'"""
    assert databases.query(database, owned) == [(True,)]
    code = """
for login in ("manager", "seller"):
    credential = {"login": login, "password": login, "type": "password"}
    env["res.users"].authenticate(credential, {"interactive": False})
"""
    odoo_process.shell(database, code)


def test_history_knows_who_it_was_then(tmp_path, database):
    """Nobody had the case before the first call, and nobody knew how it would end."""
    events = [
        (0, "A_SUBMITTED", synthetic_log.ROBOT),
        (1, "A_PREACCEPTED", "902"),
        (2, synthetic_log.CALL, "901", "START"),
        (3, "A_APPROVED", "903"),
    ]
    folder = synthetic_log.write(tmp_path, synthetic_log.case("a", events))
    load_well(folder, database)
    then = """
        SELECT h.status, person.name, team.name->>'en_US', mover_name.name,
               h.probability
          FROM crm_stage_history h
          LEFT JOIN res_users u ON u.id = h.user_id
          LEFT JOIN res_partner person ON person.id = u.partner_id
          LEFT JOIN crm_team team ON team.id = h.team_id
          LEFT JOIN res_users mover ON mover.id = h.moved_by_id
          LEFT JOIN res_partner mover_name ON mover_name.id = mover.partner_id
         ORDER BY h.entered_at"""
    assert databases.query(database, then) == [
        ("open", None, None, "OdooBot", None),
        ("open", None, None, "Employee 902", None),
        ("won", "Employee 901", "Applications", "Employee 903", 100.0),
    ]


def test_the_rows_of_a_source_that_has_changed_are_loaded_anew(tmp_path, database):
    rows = synthetic_log.case("a", [(0, "A_SUBMITTED", synthetic_log.ROBOT)])
    call = [(0, "A_SUBMITTED", synthetic_log.ROBOT), (3, synthetic_log.CALL, "901")]
    same = synthetic_log.case("b", call)
    load_well(synthetic_log.write(tmp_path, rows + same), database)
    before = opportunities(database)
    events = [
        (0, "A_SUBMITTED", synthetic_log.ROBOT),
        (5, synthetic_log.CALL, "901", "START"),
        (6, "A_DECLINED", "901"),
    ]
    rows = synthetic_log.case("a", events, amount="77")
    for _time in range(2):
        load_well(synthetic_log.write(tmp_path, rows + same), database)
    after = opportunities(database)
    assert after["case_b"] == before["case_b"]
    assert after["case_a"][1:4] == (77, False, "lost")
    assert after["case_a"][-1].count("Call:") == 1


def test_what_people_changed_stays_and_what_they_deleted_comes_back(folder, database):
    load_well(folder, database)
    code = """
leads = env["crm.lead"].with_context(active_test=False).search([], order="id", limit=2)
leads[0].name = "Renamed by hand"
leads[1].unlink()
env.cr.commit()
"""
    before = opportunities(database)
    odoo_process.shell(database, code)
    outcome = load_well(folder, database)
    after = opportunities(database)
    assert after.keys() == before.keys()
    assert outcome.counts("Closed opportunities")[0] == 1
    changed = [name for name in before if before[name] != after[name]]
    assert [after[name][0] for name in changed] == ["Renamed by hand"]


def test_a_row_that_odoo_refuses_is_reported_and_keeps_out_no_other(tmp_path, database):
    """PostgreSQL refuses a second tag of the same name; that is known to Odoo alone."""
    products = [("product",), ("Cube",), ("GTX Pro",)]
    folder = synthetic_crm.write(tmp_path, {"products.csv": products})
    code = 'env["crm.tag"].create({"name": "Cube"})\nenv.cr.commit()\n'
    odoo_process.shell(database, code)
    outcome = load_well(folder, database)
    expect_errors(database, 'bad query: .*INSERT INTO "crm_tag"')
    assert outcome.counts("Products, as tags") == (1, 0, 0, 1)
    rows = [row for row, reason, _ in outcome.faults("products.csv")]
    assert rows == [2]
    refused = {r for r, reason, _ in outcome.faults(DEALS) if "refuses" in reason}
    assert refused == {2, 5}
    assert opportunities(database).keys() == {"deal_L1", "deal_E1"}


def test_an_unknown_shape_is_one_line_and_exit_code_1(tmp_path):
    outcome = load(tmp_path, "no_database_is_needed")
    assert outcome.code == 1
    errors = [line for line in outcome.progress.splitlines() if "Error:" in line]
    assert len(errors) == 1 and "bpic2012" in errors[0] and "maven_crm" in errors[0]
    assert "Traceback" not in outcome.progress


def test_a_database_without_the_addon_is_refused(tmp_path, plain_template, clone):
    outcome = load(_crm_folder(tmp_path), clone(plain_template, "load_plain"))
    assert outcome.code == 1
    assert "has no sales_opportunity_plus" in outcome.progress.splitlines()[-1]


def test_two_loads_at_once_keep_each_other_out(tmp_path, database):
    with databases.connect(database) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [0x50F_10AD])
        outcome = load(_crm_folder(tmp_path), database)
    assert outcome.code == 1
    assert "Another load is at work" in outcome.progress.splitlines()[-1]
