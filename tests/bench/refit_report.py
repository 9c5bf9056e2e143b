"""Learning anew in a process of its own, and what comes of it."""

import verdict

NAME, TITLE, SCRIPT = "refit", "learning anew", "refit.py"
MEMORY_MB = 50


def aims(figures, _smaller):
    faster = figures["ours_cpu_s"] < figures["core_cpu_s"]
    yield verdict.aim("faster than Odoo's scoring cron (cpu)", faster)
    yield verdict.aim(f"≤ +{MEMORY_MB} MB", figures["ours_mb"] <= MEMORY_MB)


def sentence(figures):
    """One line for the table."""
    return (
        f"refit from {figures['closed']:,} closed ({figures['rung']}) and scoring: "
        f"{figures['ours_wall_s']:.1f} s wall {figures['ours_cpu_s']:.1f} s CPU "
        f"{figures['ours_mb']:+.0f} MB; Odoo's scoring cron "
        f"{figures['core_wall_s']:.1f} s wall {figures['core_cpu_s']:.1f} s CPU "
        f"{figures['core_mb']:+.0f} MB"
    )
