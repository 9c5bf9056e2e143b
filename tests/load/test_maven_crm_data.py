"""The real data set of Maven's shape, where it is: nothing of it is lost."""

import pytest
from loader import load_well

from testing import databases

PIPELINE = "sales_pipeline.csv"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, addon_template, module_clone, real_folder):
    folder = tmp_path_factory.mktemp("maven")
    for path in real_folder("maven_crm").glob("*.csv"):
        (folder / path.name).symlink_to(path)
    database = module_clone(addon_template, "load_maven")
    return database, load_well(folder, database)


def test_every_opportunity_is_there(loaded):
    """The figures are those of the data set's SOURCE.txt."""
    database, outcome = loaded
    rows = databases.query(
        database,
        """SELECT lead.won_status, stage.name->>'en_US', count(*) FROM crm_lead lead
             JOIN crm_stage stage ON stage.id = lead.stage_id GROUP BY 1, 2""",
    )
    assert {row[:2]: row[2] for row in rows} == {
        ("won", "Won"): 4238,
        ("lost", "Engaging"): 2473,
        ("pending", "Engaging"): 1589,
        ("pending", "Prospecting"): 500,
    }
    assert outcome.counts("Accounts")[0] + outcome.counts("Subsidiaries")[0] == 85
    assert outcome.counts("Products, as tags") == (7, 0, 0, 0)
    assert outcome.counts("Team members") == (35, 0, 0, 0)


def test_dates_are_those_of_the_data(loaded):
    database, _outcome = loaded
    rows = databases.query(
        database,
        """SELECT min(create_date)::date::text, min(date_closed)::date::text,
                  max(date_closed)::date::text FROM crm_lead""",
    )
    assert rows == [("2016-10-20", "2017-03-01", "2017-12-31")]
    entered = """SELECT count(*) FROM crm_stage_history h
                   JOIN crm_lead lead ON lead.id = h.lead_id
                  WHERE h.status IN ('won', 'lost')
                    AND h.entered_at <> lead.date_closed"""
    assert databases.query(database, entered) == [(0,)]


def test_oddities_are_reported(loaded):
    _database, outcome = loaded
    reasons = [reason for _row, reason, _outcome in outcome.faults(PIPELINE)]
    assert reasons.count("“GTXPro” is a spelling of “GTX Pro”") > 0
    assert reasons.count("close_value is missing") == 1589 + 500
    assert reasons.count("engage_date is missing") == 500
    assert "account is missing" in reasons
    sectors = [reason for _row, reason, _outcome in outcome.faults("accounts.csv")]
    assert "“technolgy” is a spelling of “technology”" in sectors
