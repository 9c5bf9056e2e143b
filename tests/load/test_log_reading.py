"""How a case of the log becomes an opportunity with its past."""

from datetime import datetime, timedelta

import pytest
import synthetic_log
from synthetic_log import CALL, FOLLOW_UP, ROBOT, case

from load import shapes
from load.findings import Findings

FILE = "events.csv.gz"
START = datetime(2020, 3, 2, 9, 0)


@pytest.fixture
def read(tmp_path):
    def read(*cases):
        findings = Findings()
        rows = [row for rows in cases for row in rows]
        dataset = shapes.read(synthetic_log.write(tmp_path, rows), findings)
        return dataset, findings

    return read


def deals(dataset):
    """Record by case, as a dict of its fields with its past."""
    found = {}
    for table in dataset.tables:
        if table.model == "crm.lead":
            for record in table.records:
                values = dict(zip(table.fields, record.values, strict=True))
                name = record.key.removeprefix("bpic2012.case_")
                found[name] = values | {"past": record.past}
    return found


def stays(deal):
    return [
        (s.stage.split(".")[1], s.status, int((s.entered_at - START).total_seconds()))
        for s in deal["past"].stays
    ]


def test_stages_outcome_and_dates(read):
    dataset, findings = read(
        case(
            "a",
            [
                (0, "A_SUBMITTED", ROBOT),
                (1, "A_PREACCEPTED", "901"),
                (5, "A_CANCELLED", "902"),
            ],
        )
    )
    deal = deals(dataset)["a"]
    assert stays(deal) == [
        ("submitted", "open", 0),
        ("preaccepted", "open", 60),
        ("preaccepted", "lost", 300),
    ]
    assert deal["active"] == "False" and deal["probability"] == "0"
    assert deal["lost_reason_id/id"] == "bpic2012.cancelled"
    assert deal["past"].created_at == START
    assert deal["past"].closed_at == START + timedelta(minutes=5)
    assert not findings.bad_rows


def test_a_repeated_stage_goes_on_and_a_way_back_is_a_stay(read):
    dataset, findings = read(
        case(
            "a",
            [
                (0, "A_SUBMITTED", ROBOT),
                (1, "A_PREACCEPTED", "901"),
                (2, "A_PREACCEPTED", "901"),
                (3, "A_SUBMITTED", "901"),
            ],
        )
    )
    assert stays(deals(dataset)["a"]) == [
        ("submitted", "open", 0),
        ("preaccepted", "open", 60),
        ("submitted", "open", 180),
    ]
    assert findings.unused[FILE, "events that repeat a stage"] == 1


def test_the_same_instant_keeps_the_order_of_the_file(read):
    dataset, _findings = read(
        case(
            "a",
            [
                (0, "A_SUBMITTED", ROBOT),
                (7, "A_FINALIZED", "901"),
                (7, "A_PREACCEPTED", "901"),
            ],
        )
    )
    names = [stage for stage, _status, _at in stays(deals(dataset)["a"])]
    assert names == ["submitted", "offer", "preaccepted"]


def test_rows_out_of_order_are_put_in_order(read):
    dataset, _findings = read(
        case("a", [(9, "A_DECLINED", "901"), (0, "A_SUBMITTED", ROBOT)])
    )
    assert stays(deals(dataset)["a"])[-1] == ("submitted", "lost", 540)


def test_the_first_outcome_counts(read):
    dataset, findings = read(
        case(
            "won",
            [
                (0, "A_SUBMITTED", ROBOT),
                (1, "A_REGISTERED", "901"),
                (2, "A_APPROVED", "901"),
            ],
        ),
        case(
            "both",
            [
                (0, "A_SUBMITTED", ROBOT),
                (1, "A_DECLINED", "901"),
                (2, "A_ACTIVATED", "901"),
            ],
        ),
    )
    won, both = deals(dataset)["won"], deals(dataset)["both"]
    assert won["stage_id/id"] == "crm.stage_lead4"
    assert won["past"].closed_at == START + timedelta(minutes=1)
    assert stays(both)[-1] == ("submitted", "lost", 60)
    assert [bad.row for bad in findings.bad_rows] == [7]


def test_calls_pair_a_start_with_its_end(read):
    dataset, findings = read(
        case(
            "a",
            [
                (0, "A_SUBMITTED", ROBOT),
                (1, CALL, "901", "SCHEDULE"),
                (2, CALL, "", "START"),
                (4, CALL, "901", "COMPLETE"),
                (5, FOLLOW_UP, "902", "COMPLETE"),
                (6, FOLLOW_UP, "902", "START"),
                (7, CALL, "", "START"),
                (8, CALL, "", "COMPLETE"),
            ],
        )
    )
    calls = [
        (call.summary, call.seconds, call.employee)
        for call in deals(dataset)["a"]["past"].calls
    ]
    assert calls == [
        ("completing the application", 120, "bpic2012.employee_901"),
        ("completing the application", 60, None),
        ("following up the offer", None, "bpic2012.employee_902"),
    ]
    reasons = {bad.row: bad.reason for bad in findings.bad_rows}
    assert reasons == {7: "the call has no end", 8: "the call has no employee"}


def test_salesperson_is_who_called_last_and_never_the_system(read):
    dataset, _findings = read(
        case(
            "called",
            [
                (0, "A_SUBMITTED", ROBOT),
                (1, CALL, "901", "START"),
                (2, "A_PREACCEPTED", "902"),
                (3, CALL, "903", "START"),
                (4, "A_DECLINED", "904"),
            ],
        ),
        case("moved", [(0, "A_SUBMITTED", ROBOT), (1, "A_PREACCEPTED", "902")]),
        case("decided", [(0, "A_SUBMITTED", ROBOT), (1, "A_DECLINED", "904")]),
        case("nobody", [(0, "A_SUBMITTED", ROBOT), (1, "A_DECLINED", ROBOT)]),
    )
    found = deals(dataset)
    owners = {name: deal["user_id/id"][-3:] for name, deal in found.items()}
    assert owners == {
        "called": "903",
        "moved": "902",
        "decided": "904",
        "nobody": "",
    }
    then = [(s.salesperson or "")[-3:] for s in found["called"]["past"].stays]
    assert then == ["", "901", "903"]
    assert [s.moved_by for s in found["nobody"]["past"].stays] == [None, None]


def test_bad_rows_are_named(read):
    good = case("a", [(0, "A_SUBMITTED", ROBOT)])[0]
    broken = {
        3: ("", *good[1:]),
        4: ("b", *good[1:3], "A_UNHEARD", *good[4:]),
        5: ("b", *good[1:4], "PAUSE", *good[5:]),
        6: ("b", *good[1:5], "yesterday", good[6]),
        7: ("b", *good[1:5], "2020-03-02T09:00:00", good[6]),
        8: ("b", *good[1:5], "", good[6]),
        9: good[:4],
        10: ("c", "much", *good[2:]),
        11: ("d", "10", "soon", *good[3:]),
        12: ("d", "11", "soon", *good[3:]),
        13: ("e", *good[1:3], "A_DECLINED", *good[4:]),
    }
    dataset, findings = read([good], broken.values())
    assert [bad.row for bad in sorted(findings.bad_rows, key=lambda b: b.row)] == [
        *broken
    ]
    assert deals(dataset).keys() == {"a", "c", "d"}
    assert deals(dataset)["c"]["expected_revenue"] == "0"
    assert deals(dataset)["d"]["expected_revenue"] == "10.0"
