"""What each source of probabilities alone would say, in the pass of the roll-up.

Where a source says nothing of an opportunity, Odoo's probability counts, as it does at
the end of the order of any team. Each part ends with a comma; without sources all are
empty, and the roll-up is as if there were no such parts.
"""

from odoo.tools import SQL

from .cumulant_sql import cumulants

_SOURCE_SIZE = """
    %(percent)s,
    CASE WHEN bucket <> 'omitted' THEN ROUND(
         amount * COALESCE(%(percent)s, percent_odoo)::numeric * 0.01, %(digits)s)
    END AS %(weighted)s,
    ROUND(LEAST(GREATEST(COALESCE(%(percent)s, percent_odoo), 0), 100) * 1e4) / 1e6
    AS %(chance)s,
"""
_SOURCE_SUMS = """
    COUNT(%(percent)s) FILTER (WHERE bucket <> 'closed')::int AS %(known)s,
    COALESCE(SUM(%(weighted)s), 0) AS %(weighted)s, %(cumulants)s,
"""


def percents(sources, alias, is_due):
    """Of single opportunities that are open and due: what each source says, or NULL.

    :param sources: ``{name: percent, or NULL}``, or none
    """
    return SQL().join(
        SQL(
            "CASE WHEN %s.won_status <> 'won' AND %s THEN %s END AS %s,",
            *(alias, is_due, percent, _named("percent", name)),
        )
        for name, percent in (sources or {}).items()
    )


def sizes(sources, digits):
    """Of single opportunities: ``weighted_…`` and ``chance_…``."""
    return SQL().join(
        _of_source(_SOURCE_SIZE, name, digits=digits) for name in sources or ()
    )


def sums(sources):
    """By team and salesperson: ``known_…``, ``weighted_…``, ``k1_…`` to ``k4_…``."""
    return SQL().join(
        _of_source(
            _SOURCE_SUMS,
            name,
            cumulants=cumulants(_named("chance", name), SQL("size"), f"_{name}"),
        )
        for name in sources or ()
    )


def _named(figure, source):
    return SQL.identifier(f"{figure}_{source}")


def _of_source(code, name, **more):
    figures = ("percent", "weighted", "chance", "known")
    return SQL(code, **{figure: _named(figure, name) for figure in figures}, **more)
