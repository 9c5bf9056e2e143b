"""The table on stdout, and the folder of the figures."""

import os
from pathlib import Path

import board_report
import credit_report
import pipeline_report
import refit_report

#: What is measured in a process of its own.
PARTS = (credit_report, pipeline_report, refit_report, board_report)

HEADS = ("", "plain ms", "ours ms", "wall", "CPU", "control", "queries", "aims")
WIDTHS = (31, 10, 10, 7, 7, 15, 15)
INSTALL_HEADS = ("install of the addon on", "empty s", "filled s", "extra s")
INSTALL_MORE = ("raw SQL s", "× raw", "peak MB", "aims")
INSTALL_WIDTHS = (31, 10, 10, 10, 10, 8, 15)


def _line(cells, widths):
    padded = [f"{cells[0]:<{widths[0]}}"]
    padded += [
        f"{cell:>{width}}" for cell, width in zip(cells[1:], widths[1:], strict=False)
    ]
    return "".join(padded) + "  " + cells[-1]


def _verdicts(aims):
    parts = [f"{'met' if aim['met'] else 'MISSED'} {aim['aim']}" for aim in aims]
    return "; ".join(parts)


def _operation_cells(row):
    ours = row.get("ours")
    queries = f"{row['plain']['queries']:,.0f}"
    if ours:
        queries += f" {ours['queries'] - row['plain']['queries']:+,.0f}"
    control = row["control"]
    note = "" if row["quiet"] else " (too noisy to judge)"
    return (
        "  " + row["title"],
        f"{row['plain']['wall']:,.1f}",
        f"{ours['wall']:,.1f}" if ours else "–",
        f"{ours['wall_ratio']:.3f}" if ours else "–",
        f"{ours['cpu_ratio']:.3f}" if ours else "–",
        f"{control['wall_ratio']:.3f} {control['cpu_ratio']:.3f}",
        queries,
        _verdicts(row["aims"]) + note,
    )


def _install_cells(row):
    filled = row["filled"]
    return (
        f"  {row['size']} ({row['rounds']} rounds)",
        f"{row['empty']['seconds']:.1f}",
        f"{filled['seconds']:.1f}",
        f"{row['extra_seconds']:+.1f}",
        f"{row['raw_seconds']:.2f}",
        f"{row['raw_ratio']:.1f}",
        f"{filled['peak_mb']:,.0f} {row['extra_mb']:+.0f}",
        _verdicts(row["aims"]),
    )


def show(results):
    print("\nSales Opportunity Plus against plain Odoo 19: medians; wall and CPU (Odoo")
    print("and its PostgreSQL backend) as ratios to plain; control = plain to plain.\n")
    for label, rows in results["operations"].items():
        if not rows:
            continue
        print(_line((f"{label} opportunities", *HEADS[1:]), WIDTHS))
        for row in rows:
            print(_line(_operation_cells(row), WIDTHS))
        print()
    if results["install"]:
        print(_line(INSTALL_HEADS + INSTALL_MORE, INSTALL_WIDTHS))
        for row in results["install"]:
            print(_line(_install_cells(row), INSTALL_WIDTHS))
        print()
    rows = [row for rows in results["operations"].values() for row in rows]
    rows += results["install"]
    for part in PARTS:
        for row in results[part.NAME]:
            print(f"{row['size']}: {part.sentence(row)}")
            print(f"  {_verdicts(row['aims'])}\n")
        rows += results[part.NAME]
    aims = [aim for row in rows for aim in row["aims"]]
    missed = sum(not aim["met"] for aim in aims)
    print(f"{len(aims) - missed} aims met, {missed} missed.")


def folder():
    path = Path(os.environ["SOP_CACHE"], "bench")
    path.mkdir(parents=True, exist_ok=True)
    return path
