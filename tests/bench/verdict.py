"""From readings to ratios, and from ratios to aims met or missed."""

from dataclasses import dataclass
from statistics import median

NOISE = 0.05  # a control further from 1 than this makes the wall clock worthless
MORE_QUERIES = 3
RULED_QUERIES = 5


@dataclass(frozen=True)
class Operation:
    name: str
    title: str
    ratio: float | None = None  # at most this many times plain Odoo
    queries: int | None = None  # at most this many more than plain Odoo
    first_size_only: bool = False


# Reading comes first: what writing leaves behind, even rolled back, slows reading.
OPERATIONS = (
    Operation("kanban_salesperson", "pipeline kanban, salesperson"),
    Operation("kanban_manager", "pipeline kanban, manager"),
    # Plain Odoo opens its own forecast pivot on the same opportunities.
    Operation("pivot_upcoming", "forecast pivot, this month on"),
    Operation("pivot", "forecast pivot, all months"),
    Operation("pivot_core", "core's forecast pivot on both"),
    Operation("write_1", "move 1 lead, no tracking", 1.20, MORE_QUERIES),
    Operation("write_1_tracked", "move 1 lead, tracking", 1.10, MORE_QUERIES),
    Operation("write_1000", "move 1,000, no tracking", 1.20, MORE_QUERIES),
    Operation("write_1000_tracked", "move 1,000, tracking", 1.03, MORE_QUERIES),
    # Twenty active stage rules, see process.py; plain Odoo has none of them.
    Operation("write_1:process", "move 1, 20 rules", 1.25, RULED_QUERIES),
    Operation("write_1:every", "move 1, all 20 about it"),
    Operation("write_1:idle", "move 1, none about it", 1.20, MORE_QUERIES),
    Operation("write_1_tracked:process", "move 1, 20 rules, tracking", 1.15),
    Operation("write_1000:process", "move 1,000, 20 rules", 1.35, RULED_QUERIES),
    Operation("write_1000:every", "move 1,000, all 20 about it"),
    Operation("write_1000:idle", "move 1,000, none about it", 1.20, MORE_QUERIES),
    Operation("write_1000_tracked:process", "move 1,000, 20 rules, tracking", 1.05),
    # Once a calibration is in use, it stays: nothing above knows it.
    Operation("save_1_tracked:learned", "save 1 amount, calibrated", 1.05),
    Operation("write_1_tracked:learned", "move 1, calibrated, tracking", 1.05),
    Operation("create_1000", "create 1,000, no tracking", 1.05, MORE_QUERIES),
    # With campaign, medium and source: the ledger gets a touch of each.
    Operation("create_1_source", "create 1 with its source", 1.05, MORE_QUERIES),
    Operation("create_1000_source", "create 1,000 with source", 1.05, MORE_QUERIES),
    # One batch of the API; plain Odoo creates the same leads.
    Operation("ingest_500", "500 leads through the API", 1.20),
    # Twenty seconds a call, whatever the size: Odoo posts a message for each.
    Operation(
        "create_1000_tracked", "create 1,000, tracking", 1.05, MORE_QUERIES, True
    ),
)


def _ratio(readings, role, key):
    return median(r[key] for r in readings[role]) / median(
        r[key] for r in readings["plain"]
    )


def summarise(operation, readings):
    """One row of the table: medians, ratios, and the aim's verdict."""
    row = {"operation": operation.name, "title": operation.title}
    for role, values in readings.items():
        row[role] = {key: median(v[key] for v in values) for key in values[0]}
    for role in readings.keys() - {"plain"}:
        row[role]["wall_ratio"] = _ratio(readings, role, "wall")
        row[role]["cpu_ratio"] = _ratio(readings, role, "cpu")
    control = row["control"]
    row["judged_by"] = "wall" if abs(control["wall_ratio"] - 1) <= NOISE else "cpu"
    row["quiet"] = abs(control[row["judged_by"] + "_ratio"] - 1) <= NOISE
    row["aims"] = list(_aims(operation, row)) if "ours" in row else []
    return row


def _aims(operation, row):
    if operation.ratio:
        value = row["ours"][row["judged_by"] + "_ratio"]
        yield aim(
            f"≤ {operation.ratio:.2f}× {row['judged_by']}", value <= operation.ratio
        )
    if operation.queries is not None:
        more = row["ours"]["queries"] - row["plain"]["queries"]
        yield aim(f"≤ +{operation.queries} queries", more <= operation.queries)


def aim(text, met):
    return {"aim": text, "met": bool(met)}


def summarise_install(label, count, runs, smaller):
    """Installation on one filled database; `smaller`: the rows of smaller sizes."""

    def middle(name, key):
        return median(run[key] for run in runs[name])

    row = {"size": label, "count": count, "rounds": len(runs["filled"])}
    for name in ("empty", "filled"):
        row[name] = {key: middle(name, key) for key in runs[name][0]}
    row["raw_seconds"] = middle("raw", "seconds")
    row["extra_seconds"] = row["filled"]["seconds"] - row["empty"]["seconds"]
    row["raw_ratio"] = row["extra_seconds"] / row["raw_seconds"]
    row["extra_mb"] = row["filled"]["peak_mb"] - row["empty"]["peak_mb"]
    row["aims"] = list(_install_aims(row, smaller))
    return row


def _install_aims(row, smaller):
    yield aim("peak memory flat: ≤ +32 MB", row["extra_mb"] <= 32)
    if row["count"] == 100_000:
        yield aim("≤ 20 s above empty", row["extra_seconds"] <= 20)
    for other in smaller:
        if (row["count"], other["count"]) == (1_000_000, 100_000):
            linear = row["extra_seconds"] <= 12 * other["extra_seconds"]
            yield aim("linear: ≤ 12 × the extra of 100k", linear)
