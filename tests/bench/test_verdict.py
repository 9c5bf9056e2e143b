"""The bench's judgement is code too: a wrong ratio would hide a slow addon."""

from verdict import Operation, summarise, summarise_install

WRITE = Operation("write", "write", ratio=1.10, queries=3)


def readings(wall, cpu=None, queries=10):
    return [{"wall": wall, "cpu": cpu or wall, "queries": queries}] * 3


def judged(**roles):
    return summarise(WRITE, roles)


def verdicts(row):
    return [aim["met"] for aim in row["aims"]]


def test_wall_clock_judges_a_quiet_run():
    row = judged(plain=readings(100), ours=readings(120), control=readings(104))
    assert row["judged_by"] == "wall"
    assert row["ours"]["wall_ratio"] == 1.2
    assert verdicts(row) == [False, True]


def test_cpu_judges_where_the_control_is_off():
    row = judged(
        plain=readings(100, 50), ours=readings(150, 52), control=readings(130, 51)
    )
    assert row["judged_by"] == "cpu"
    assert row["quiet"]
    assert verdicts(row) == [True, True]


def test_a_run_too_noisy_to_judge_says_so():
    row = judged(
        plain=readings(100, 50), ours=readings(100, 50), control=readings(130, 60)
    )
    assert not row["quiet"]


def test_each_further_query_counts():
    row = judged(
        plain=readings(100),
        ours=readings(100, queries=14),
        control=readings(100),
    )
    assert verdicts(row) == [True, False]


def test_a_median_ignores_one_disturbed_round():
    disturbed = readings(100)[:2] + readings(900)[:1]
    row = judged(plain=readings(100), ours=disturbed, control=readings(100))
    assert row["ours"]["wall_ratio"] == 1


def installed(label, count, seconds, smaller=()):
    def run(seconds, peak):
        return {"seconds": seconds, "peak_mb": peak}

    runs = {
        "empty": [run(10, 200)],
        "filled": [run(10 + seconds, 210)],
        "raw": [{"seconds": 2}],
    }
    return summarise_install(label, count, runs, smaller)


def test_installation_is_compared_with_an_empty_database_and_with_bare_sql():
    row = installed("100k", 100_000, 8)
    assert (row["extra_seconds"], row["raw_ratio"], row["extra_mb"]) == (8, 4, 10)
    assert verdicts(row) == [True, True]
    assert verdicts(installed("100k", 100_000, 21)) == [True, False]


def test_installation_has_to_stay_linear():
    smaller = [installed("100k", 100_000, 8)]
    assert verdicts(installed("1m", 1_000_000, 90, smaller)) == [True, True]
    assert verdicts(installed("1m", 1_000_000, 200, smaller)) == [True, False]
