"""How the files of Maven's shape become companies, people and opportunities."""

from datetime import datetime

import pytest
import synthetic_crm

from load import shapes
from load.findings import Findings

PIPELINE = "sales_pipeline.csv"
DAY = ("2020-01-02", "2020-02-03")


@pytest.fixture
def read(tmp_path):
    def read(changes=None, more=()):
        findings = Findings()
        folder = synthetic_crm.write(tmp_path, changes, more)
        return shapes.read(folder, findings), findings

    return read


def records(dataset, model):
    """Fields by external id, of all tables of a model."""
    found = {}
    for table in dataset.tables:
        if table.model == model:
            for record in table.records:
                values = dict(zip(table.fields, record.values, strict=True))
                name = record.key.removeprefix("maven_crm.")
                found[name] = values | {"past": record.past}
    return found


def faults(findings, file):
    return [(bad.row, bad.reason) for bad in findings.bad_rows if bad.file == file]


def test_companies(read):
    dataset, findings = read()
    companies = records(dataset, "res.partner")
    assert companies["account_nordlicht"]["industry_id/id"].endswith("_technology")
    assert companies["account_sudwind"]["country_id/id"] == "base.ph"
    assert companies["account_westwerk"]["country_id/id"] == "base.uk"
    assert companies["account_sudwind"]["parent_id/id"] == "maven_crm.account_westwerk"
    assert "70" in companies["account_nordlicht"]["comment"]
    assert [row for row, _reason in faults(findings, "accounts.csv")] == [2, 3, 5, 5]


def test_a_parent_comes_before_its_subsidiary_and_a_circle_is_cut(read):
    header = synthetic_crm.FILES["accounts.csv"][0]
    accounts = [
        header,
        ("A", "retail", "", "", "", "Germany", "B"),
        ("B", "retail", "", "", "", "Germany", "C"),
        ("C", "retail", "", "", "", "Germany", "A"),
        ("D", "retail", "", "", "", "Germany", "D"),
    ]
    dataset, findings = read({"accounts.csv": accounts})
    tables = [t for t in dataset.tables if t.model == "res.partner"]
    names = [[record.values[0] for record in table.records] for table in tables]
    assert names == [["C", "D"], ["B"], ["A"]]
    assert [row for row, _reason in faults(findings, "accounts.csv")] == [4, 5]


def test_people_and_logins(read):
    dataset, _findings = read()
    users = records(dataset, "res.users")
    assert users["person_ann_one"]["login"] == "seller"
    assert users["person_ann_one"]["group_ids/id"].endswith("group_sale_salesman")
    assert users["person_max_lead"]["login"] == "manager"
    assert users["person_eva_lead"]["login"] == "eva.lead"
    assert "password" not in users["person_eva_lead"]
    teams = records(dataset, "crm.team")
    assert teams["team_south_eva_lead"]["user_id/id"] == "maven_crm.person_eva_lead"


def test_opportunities(read):
    dataset, findings = read()
    deals = records(dataset, "crm.lead")
    won, lost = deals["deal_W1"], deals["deal_L1"]
    assert (won["expected_revenue"], won["probability"]) == ("48.0", "100")
    assert won["past"].closed_at == datetime(2020, 2, 3, 12)
    assert lost["tag_ids/id"] == "maven_crm.product_gtx_pro"
    assert lost["past"].stays[0].entered_at == lost["past"].stays[1].entered_at
    assert deals["deal_E1"]["partner_id/id"] == ""
    assert deals["deal_P1"]["past"].created_at == datetime(2020, 3, 1, 12)
    assert faults(findings, PIPELINE) == [
        (3, "“GTXPro” is a spelling of “GTX Pro”"),
        (4, "account is missing"),
        (4, "close_value is missing"),
        (5, "engage_date is missing"),
        (5, "close_value is missing"),
    ]


@pytest.mark.parametrize(
    ("deal", "loaded"),
    [
        (("W1", "Ann One", "Cube", "Nordlicht", "Won", *DAY, "1"), None),
        (("", "Ann One", "Cube", "Nordlicht", "Won", *DAY, "1"), False),
        (("X", "Ann One", "Cube", "Nordlicht", "Dreaming", *DAY, "1"), False),
        (("X", "Ann One", "Cube", "Nordlicht", "Won", DAY[0], "", "1"), False),
        (("X", "Ann One", "Cube", "Nordlicht", "Won", DAY[1], DAY[0], "1"), False),
        (("X", "Ann One", "Cube", "Nordlicht", "Won", "2.1.2020", DAY[1], "1"), True),
        (("X", "Ann One", "Cube", "Nordlicht", "Engaging", *DAY, "1"), True),
        (("X", "Ann One", "Cube", "Nordlicht", "Won", *DAY, "lots"), True),
        (("X", "Ann One", "Cube", "Nordlicht", "Won", *DAY, "nan"), True),
        (("X", "No One", "Cube", "Nordlicht", "Won", *DAY, "1"), True),
        (("X", "Ann One", "Sphere", "Nordlicht", "Won", *DAY, "1"), True),
        (("X", "Ann One", "Cube", "Nowhere", "Won", *DAY, "1"), True),
        (("X", "Ann One", "Cube"), False),
    ],
)
def test_a_bad_row_is_reported(read, deal, loaded):
    dataset, findings = read(more=[deal])
    assert 6 in {row for row, _reason in faults(findings, PIPELINE)}
    deals = records(dataset, "crm.lead")
    assert ("deal_X" in deals) is bool(loaded)
    assert deals["deal_W1"]["expected_revenue"] == "48.0"
