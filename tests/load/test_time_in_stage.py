"""Time in stage in Odoo is what pm4py computes from the same log."""

import json

import pm4py_venv
import pytest
import synthetic_log
from loader import load_well

from testing import databases, odoo_process

STAGES = {
    "A_SUBMITTED": "Submitted",
    "A_PREACCEPTED": "Preaccepted",
    "A_ACCEPTED": "Accepted",
    "A_FINALIZED": "Offer Made",
    "O_SENT_BACK": "Customer Answered",
}
# A millisecond: the log has no finer time, the database and pm4py count in floats.
PRECISION = 0.001
# What the report shows to a manager, as the pivot asks for it.
REPORT = """
import json
report = env["crm.stage.history.report"].with_context(active_test=False)
groups = report._read_group(
    [("status", "=", "open"), ("left_at", "!=", False)],
    ["stage_id"],
    ["__count", "duration_mean:avg", "duration_median:median"],
)
rows = {stage.name: figures for stage, *figures in groups}
with open(PATH, "w") as output:
    json.dump(rows, output)
"""


class Loaded:
    """A log, the database that it was loaded into, and what pm4py says of it."""

    def __init__(self, folder, database):
        self.database = database
        self.outcome = load_well(folder, database)
        self.pm4py = pm4py_venv.time_in_stage(folder / "events.csv.gz")


def in_database(database):
    """By stage: stays, mean, median in seconds, and the stays of each case."""
    found = {}
    stays = """
        SELECT stage.name->>'en_US', substr(data.name, 6),
               EXTRACT(epoch FROM h.left_at - h.entered_at)::float8
          FROM crm_stage_history h
          JOIN crm_stage stage ON stage.id = h.stage_id
          JOIN ir_model_data data ON data.model = 'crm.lead' AND data.res_id = h.lead_id
         WHERE h.status = 'open' AND h.left_at IS NOT NULL"""
    for stage, case, seconds in databases.query(database, stays):
        found.setdefault(stage, {}).setdefault(case, []).append(seconds)
    return found


class TimeInStage:
    """What has to agree, whatever the log."""

    @pytest.mark.parametrize("activity", STAGES)
    def test_every_stay_of_every_case(self, loaded, activity):
        expected = loaded.pm4py[activity]["cases"]
        found = in_database(loaded.database)[STAGES[activity]]
        assert found.keys() == expected.keys()
        for case, seconds in expected.items():
            assert sorted(found[case]) == pytest.approx(seconds, abs=PRECISION), case

    def test_count_mean_and_median_in_the_report(self, loaded, tmp_path):
        path = tmp_path / "report.json"
        odoo_process.shell(loaded.database, f"PATH = {str(path)!r}\n{REPORT}")
        shown = json.loads(path.read_text())
        for activity, stage in STAGES.items():
            stays, mean, median = shown[stage]
            expected = loaded.pm4py[activity]
            assert stays == expected["stays"]
            assert mean * 86400 == pytest.approx(expected["mean"], abs=PRECISION)
            assert median * 86400 == pytest.approx(expected["median"], abs=PRECISION)


class TestSyntheticLog(TimeInStage):
    @pytest.fixture(scope="class")
    @classmethod
    def loaded(cls, tmp_path_factory, addon_template, module_clone):
        rows = synthetic_log.random_rows(seed=3, cases=400)
        folder = synthetic_log.write(tmp_path_factory.mktemp("log"), rows)
        return Loaded(folder, module_clone(addon_template, "load_synthetic"))

    def test_it_has_stays_of_no_length_and_ways_back(self, loaded):
        stages = in_database(loaded.database)
        cases = [stays for cases in stages.values() for stays in cases.values()]
        assert any(0.0 in stays for stays in cases)
        assert any(len(stays) > 1 for stays in cases)


class TestRealLog(TimeInStage):
    @pytest.fixture(scope="class")
    @classmethod
    def loaded(cls, tmp_path_factory, addon_template, module_clone, real_folder):
        folder = tmp_path_factory.mktemp("log")
        real = real_folder("bpic2012") / "events.csv.gz"
        (folder / "events.csv.gz").symlink_to(real)
        return Loaded(folder, module_clone(addon_template, "load_real"))

    def test_figures_of_the_source(self, loaded):
        """What the data set's SOURCE.txt says of it."""
        counts = dict(
            databases.query(
                loaded.database, "SELECT won_status, count(*) FROM crm_lead GROUP BY 1"
            )
        )
        assert sum(counts.values()) == 13087
        assert counts["pending"] == 399
        assert round(100 * counts["won"] / 13087, 1) == 17.2
