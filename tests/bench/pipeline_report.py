"""Pipeline history and waterfall in a process of their own, and what comes of it."""

import verdict

NAME, TITLE, SCRIPT = "pipeline", "pipeline history", "pipeline.py"
RATIOS = {"first": 2.5, "next": 0.8, "waterfall": 1.5}


def aims(figures):
    same = figures["rows"] == figures["rows_bare"]
    yield verdict.aim("as many open rows as the bare SQL", same)
    for name, ratio in RATIOS.items():
        text = f"{name} ≤ {ratio:.2f}× cpu"
        yield verdict.aim(text, figures[f"{name}_cpu_ratio"] <= ratio)


def sentence(figures):
    """One line for the table."""
    return (
        f"pipeline history, {figures['rows']:,} open: bare INSERT "
        f"{figures['bare_wall_ms']:,.0f} ms; first day × "
        f"{figures['first_wall_ratio']:.2f} wall × "
        f"{figures['first_cpu_ratio']:.2f} CPU; "
        f"a day with 2 % changes × {figures['next_wall_ratio']:.2f} wall × "
        f"{figures['next_cpu_ratio']:.2f} CPU; waterfall "
        f"{figures['waterfall_wall_ms']:,.0f} ms, × "
        f"{figures['waterfall_wall_ratio']:.2f} wall of its bare join"
    )
