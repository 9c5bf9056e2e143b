"""Pipeline history and waterfall in a process of their own, and what comes of it."""

import verdict

NAME, TITLE, SCRIPT = "pipeline", "pipeline history", "pipeline.py"
RATIOS = {"first": 2.5, "next": 0.8, "waterfall": 1.5, "rights": 1.5}
MEMORY_MB = 32
#: What grows with the opportunities; a bit of each is there for none at all.
GROWING = ("first", "next", "waterfall")
SLACK = 1.2
CHANGES = 0.02 * 365  # rows that an opportunity adds in a year, at 2 % a day


def aims(figures, smaller):
    same = figures["rows"] == figures["rows_bare"]
    yield verdict.aim("as many open rows as the bare SQL", same)
    for name, ratio in RATIOS.items():
        text = f"{name} ≤ {ratio:.2f}× cpu"
        yield verdict.aim(text, figures[f"{name}_cpu_ratio"] <= ratio)
    flat = figures["extra_mb"] <= MEMORY_MB
    yield verdict.aim(f"memory flat: ≤ +{MEMORY_MB} MB", flat)
    for other in smaller[:1]:
        times = figures["rows"] / other["rows"]
        for name in GROWING:
            grown = figures[f"{name}_cpu_ms"] / other[f"{name}_cpu_ms"]
            text = f"{name} × {grown:.1f} for × {times:.1f} opportunities"
            yield verdict.aim(text, grown <= SLACK * times)


def sentence(figures):
    """One line for the table."""
    year = (1 + CHANGES) * figures["row_bytes"]
    snapshots = 365 * figures["bare_row_bytes"] / year
    return (
        f"pipeline history, {figures['rows']:,} open: bare INSERT "
        f"{figures['bare_wall_ms']:,.0f} ms; first day × "
        f"{figures['first_wall_ratio']:.2f} wall × "
        f"{figures['first_cpu_ratio']:.2f} CPU; "
        f"a day with 2 % changes × {figures['next_wall_ratio']:.2f} wall × "
        f"{figures['next_cpu_ratio']:.2f} CPU (the day after the first × "
        f"{figures['second_cpu_ratio']:.2f}); waterfall "
        f"{figures['waterfall_wall_ms']:,.0f} ms, × "
        f"{figures['waterfall_wall_ratio']:.2f} wall × "
        f"{figures['waterfall_cpu_ratio']:.2f} CPU of its bare join, with the rights "
        f"of a manager on both sides × {figures['rights_cpu_ratio']:.2f} CPU; "
        f"{figures['extra_mb']:+.1f} MB; {figures['row_bytes']:.0f} bytes a row with "
        f"its indexes, in a year at 2 % a day 1/{snapshots:.0f} of "
        f"daily snapshots without any ({figures['bare_row_bytes']:.0f} bytes a row)"
    )
