"""``engine.waterfall`` in SQL: the same definitions, for any number of deals."""

from odoo.tools import SQL

from . import waterfall_step_sql

# A line per deal and what happened to it; its number tells the lines of a deal apart.
_LINE = """
    SELECT bar, number, lead_id, company_id, team_id, user_id, category, status,
           %(month)s AS month, value
      FROM step
     UNION ALL
    SELECT both_days.bar, both_days.number, lead_id, company_id, team_id, user_id,
           category, 'open', %(month)s, value
      FROM kept
     CROSS JOIN (VALUES ('opening', 1), ('closing', 10)) both_days(bar, number)
"""

# What stayed the same is at both ends.
_SUMS = """
    WITH %(steps)s
    SELECT bar, %(kind)s, %(row)s, SUM(value), %(deals)s
      FROM step
     GROUP BY %(sets)s
     UNION ALL
    SELECT both_days.bar, 'same', same.*
      FROM (SELECT %(row)s, SUM(value), COUNT(*) FROM kept GROUP BY 1) same
     CROSS JOIN (VALUES ('opening'), ('closing')) both_days(bar)
"""
_DEALS = SQL("COUNT(*) FILTER (WHERE is_first)")
_DEALS_OF_EACH = """
    CASE GROUPING(%(row)s) WHEN 1 THEN COUNT(*) FILTER (WHERE is_first)
                           ELSE COUNT(*) FILTER (WHERE is_first_there) END
"""
_MONTH = SQL("date_trunc('month', expected::timestamp)::date")
#: What tells the rows of a waterfall apart, by ``split``.
_ROWS = {
    "none": SQL("NULL::int"),
    "company": SQL("company_id"),
    "team": SQL("team_id"),
    "person": SQL("user_id"),
    "category": SQL("category"),
    "month": _MONTH,
}


def lines(scope, readable):
    """The lines of a waterfall, as the body of a WITH that ends with ``line``.

    A line is a step of a deal, opening and closing included. Parameters as
    for ``waterfall_step_sql.steps``.
    """
    return SQL(
        "%s, line AS (%s)",
        waterfall_step_sql.steps(scope, readable),
        SQL(_LINE, month=_MONTH),
    )


def sums(scope, readable):
    """The bars of a waterfall: rows ``(bar, kind, row, value, deals)``.

    What is of kind ``part`` is a part of a row, ``whole`` of the whole, and ``same``
    of both. Parameters as for ``lines``.
    """
    row, is_split = _ROWS[scope["split"]], scope["split"] != "none"
    parts = {"kind": SQL("'whole'"), "deals": _DEALS, "sets": SQL("bar")}
    if is_split:
        parts = {
            "kind": SQL("CASE GROUPING(%s) WHEN 1 THEN 'whole' ELSE 'part' END", row),
            "deals": SQL(_DEALS_OF_EACH, row=row),
            "sets": SQL("GROUPING SETS ((bar), (bar, %s))", row),
        }
    steps = waterfall_step_sql.steps(scope, readable)
    return SQL(_SUMS, steps=steps, row=row, **parts)
