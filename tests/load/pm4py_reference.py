"""Time in stage of a log as pm4py computes it; runs in an environment of its own.

Knows nothing of the loader: the stages and outcomes are those of the data set's
SOURCE.txt. A stay is a sub-case from a stage to the first event of another one.
"""

import json
import sys

import pandas
import pm4py
from pm4py.statistics.traces.generic.pandas.case_statistics import (
    get_cases_description,
)

STAGES = ["A_SUBMITTED", "A_PREACCEPTED", "A_ACCEPTED", "A_FINALIZED", "O_SENT_BACK"]
OUTCOMES = ["A_APPROVED", "A_REGISTERED", "A_ACTIVATED", "A_DECLINED", "A_CANCELLED"]


def read(path):
    log = pandas.read_csv(path, dtype=str)
    log = log[(log.transition == "COMPLETE") & log.activity.isin(STAGES + OUTCOMES)]
    log = log.assign(ts=pandas.to_datetime(log.ts, format="ISO8601", utc=True))
    return pm4py.format_dataframe(
        log, case_id="case", activity_key="activity", timestamp_key="ts"
    )


def time_in_stage(log, stage):
    others = [name for name in STAGES + OUTCOMES if name != stage]
    stays = pm4py.filter_between(log, stage, others)
    durations = pandas.Series(pm4py.get_all_case_durations(stays))
    cases = {}
    for name, stay in get_cases_description(stays).items():
        cases.setdefault(name.split("##@@")[0], []).append(stay["caseDuration"])
    return {
        "stays": len(durations),
        "mean": durations.mean(),
        "median": durations.median(),
        "cases": {name: sorted(seconds) for name, seconds in cases.items()},
    }


if __name__ == "__main__":
    events = read(sys.argv[1])
    json.dump({stage: time_in_stage(events, stage) for stage in STAGES}, sys.stdout)
