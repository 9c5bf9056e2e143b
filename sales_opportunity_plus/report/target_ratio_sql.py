"""How the numbers of several targets come together: right in every cell of a pivot.

See ``ratio_sql`` for what such a function takes and returns.
"""

from odoo.tools import SQL

from .ratio_sql import percent


def _coverage(column):
    """Open ÷ gap of what has not ended, as far as something is missing there."""
    running = SQL("FILTER (WHERE NOT %s)", column("is_over"))
    gap = SQL("SUM(%s) %s", column("gap"), running)
    above = SQL("SUM(%s) %s", column("open_amount"), running)
    return SQL("CASE WHEN %s > 0 THEN (%s / %s)::float8 END", gap, above, gap)


def _needed(column):
    """The sum; empty where one of them is not known, rather than too little."""
    needed = column("pipeline_needed")
    return SQL(
        "CASE WHEN NOT BOOL_OR(%s IS NULL AND %s > 0 AND NOT %s) THEN SUM(%s) END",
        needed,
        column("gap"),
        column("is_over"),
        needed,
    )


def _win_rate(column):
    """Gaps ÷ the pipeline that they need."""
    needed = column("pipeline_needed")
    return SQL(
        "(100 * SUM(%s) FILTER (WHERE %s > 0) / NULLIF(SUM(%s), 0))::float8",
        column("gap"),
        needed,
        needed,
    )


RATIOS = {
    "attainment": percent("attained", "target_amount"),
    "coverage": _coverage,
    "pipeline_needed": _needed,
    "win_rate": _win_rate,
}
SUMS = {"target_amount", "attained", "gap", "open_amount", "weighted_amount"}
#: The same money is told once for each of these.
ONCE = ("scope", "period_kind", "measure")
