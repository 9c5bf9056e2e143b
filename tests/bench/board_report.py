"""The forecast board in a process of its own, and what comes of it."""

import verdict

NAME, TITLE, SCRIPT = "board", "forecast board", "board.py"
ROLLUP, WHOLE = 1.2, 2.0
#: Opportunities from which on the SQL, not Python, takes the time of the board.
MANY = 100_000


def aims(figures, _smaller):
    yield verdict.aim("the same figures by hand", figures["is_same"])
    rollup = figures["rollup_cpu_ratio"]
    yield verdict.aim(f"roll-up ≤ {ROLLUP:.2f}× cpu", rollup <= ROLLUP)
    if figures["open"] + figures["closed"] >= MANY:
        whole = figures["board_cpu_ratio"]
        yield verdict.aim(f"whole screen < {WHOLE:.2f}× cpu", whole < WHOLE)


def sentence(figures):
    """One line for the table."""
    return (
        f"forecast board, {figures['open']:,} open: aggregate by hand "
        f"{figures['bare_wall_ms']:,.0f} ms; roll-up × "
        f"{figures['rollup_wall_ratio']:.2f} wall × "
        f"{figures['rollup_cpu_ratio']:.2f} CPU of it; first screen "
        f"{figures['board_wall_ms']:,.0f} ms, × {figures['board_wall_ratio']:.2f} wall "
        f"× {figures['board_cpu_ratio']:.2f} CPU of the roll-up; what follows "
        f"{figures['outlook_wall_ms']:,.0f} ms"
    )
