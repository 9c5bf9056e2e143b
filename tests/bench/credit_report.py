"""The credits of touches in a process of its own, and what comes of the figures."""

import verdict

NAME, TITLE, SCRIPT = "credit", "credits of touches", "credit.py"
MEMORY_MB = 32
RATIO = 1.5


def aims(figures, _smaller):
    same = figures["rows"] == figures["rows_bare"]
    yield verdict.aim("as many rows as the bare SQL", same)
    yield verdict.aim(f"≤ {RATIO:.2f}× cpu", figures["cpu_ratio"] <= RATIO)
    flat = figures["extra_mb"] <= MEMORY_MB
    yield verdict.aim(f"memory flat: ≤ +{MEMORY_MB} MB", flat)


def sentence(figures):
    """One line for the table."""
    return (
        f"credits of {figures['touches']:,} touches, {figures['rows']:,} rows: "
        f"{figures['full_wall_s']:.1f} s, bare SQL {figures['bare_wall_s']:.1f} s, "
        f"× {figures['wall_ratio']:.2f} wall × {figures['cpu_ratio']:.2f} CPU; "
        f"1,000 changed deals {figures['increment_wall_s']:.2f} s; "
        f"{figures['extra_mb']:+.1f} MB"
    )
