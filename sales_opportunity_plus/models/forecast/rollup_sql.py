"""The SQL of a period's roll-up: one statement, each opportunity looked at once."""

from datetime import timedelta

from odoo.tools import SQL

from ..rows_sql import rows_table
from ..selections import FORECAST_CATEGORIES
from . import rollup_source_sql
from .cumulant_sql import HUGE, cumulants

#: The column of the amount, by measure; opportunities are counted without one.
AMOUNTS = {
    "revenue": "expected_revenue",
    "mrr": "recurring_revenue_monthly",
    "count": None,
    "new_business": "expected_revenue",
}
CATEGORIES = tuple(category for category, _label in FORECAST_CATEGORIES)

# Open opportunities and those won in the period. ``bucket`` is the category of those
# that count in the period; open ones that are expected later, or never, have none.
# What turns out not to be asked for is ``beside`` and goes one step later: PostgreSQL
# would believe that such conditions leave next to nothing, and not share the work out.
_DEALS = """
    SELECT %(lead)s.id, %(lead)s.team_id, %(lead)s.user_id, %(amount)s AS amount,
           CASE WHEN place.company_id IS NULL OR %(is_won)s AND NOT COALESCE(
                    %(lead)s.date_closed >= place.closed_from
                    AND %(lead)s.date_closed < place.closed_until,
                    %(lead)s.date_deadline BETWEEN %(start)s AND %(end)s, FALSE)
                THEN 'beside'
                WHEN %(is_won)s THEN 'closed'
                WHEN %(is_due)s THEN %(category)s
           END AS bucket,
           CASE WHEN NOT %(is_won)s AND %(is_due)s THEN %(probability)s END AS percent,
           %(said)s
           NOT %(is_won)s AND %(lead)s.date_deadline < place.today AS is_overdue,
           NOT %(is_won)s AND %(lead)s.date_deadline IS NULL AS is_undated
      FROM %(tables)s
     WHERE %(readable)s
       AND (%(lead)s.won_status = 'pending' AND %(lead)s.active
            OR %(is_won)s AND COALESCE(
                %(lead)s.date_closed BETWEEN %(first)s AND %(last)s, TRUE))
"""

# ``OFFSET``: what is computed here is computed once, not once for each sum; a plain 0
# is no constant yet when PostgreSQL asks whether it may share the work out.
_SIZES = """
    SELECT id, team_id, user_id, bucket, is_undated,
           is_overdue AND bucket IS NOT NULL AS is_overdue,
           ROUND(amount, %(digits)s) AS amount,
           CASE WHEN bucket <> 'omitted'
                THEN ROUND(amount * percent::numeric * 0.01, %(digits)s)
           END AS weighted,
           CASE WHEN amount IS NOT NULL AND percent IS NOT NULL AND bucket <> 'omitted'
                THEN LEAST(GREATEST(amount, -%(huge)s), %(huge)s)::float8 END AS size,
           %(said)s
           ROUND(LEAST(GREATEST(percent, 0), 100) * 1e4) / 1e6 AS chance
      FROM (%(deals)s OFFSET '0') deal
     WHERE bucket IS DISTINCT FROM 'beside'
    OFFSET '0'
"""

_ROLLUP = """
    SELECT COALESCE(team_id, 0) AS team_id, COALESCE(user_id, 0) AS user_id,
           %(categories)s,
           COUNT(*) FILTER (WHERE bucket = 'closed')::int AS closed_count,
           COUNT(*) FILTER (WHERE bucket <> 'closed')::int AS open_count,
           COALESCE(SUM(amount) FILTER (WHERE is_overdue), 0) AS overdue,
           COUNT(*) FILTER (WHERE is_overdue)::int AS overdue_count,
           COALESCE(SUM(weighted), 0) AS weighted,
           %(cumulants)s,
           %(said)s
           (%(top)s)[2]::int AS top_lead_id,
           COALESCE((%(top)s)[1] / NULLIF(SUM(chance * (1 - chance) * size * size), 0),
                    0) AS top_share,
           COALESCE(SUM(amount) FILTER (WHERE bucket IS DISTINCT FROM 'closed'), 0)
               AS open_total,
           COUNT(*) FILTER (WHERE is_undated)::int AS undated_count,
           COUNT(*) FILTER (WHERE amount IS NULL AND bucket IS NOT NULL)::int
               AS rate_missing
      FROM (%(sizes)s) deal
     GROUP BY deal.team_id, deal.user_id
     ORDER BY 1, 2
"""
_TOP = """
    MAX(ARRAY[chance * (1 - chance) * size * size, id])
        FILTER (WHERE size <> 0 AND chance > 0 AND chance < 1)
"""

_FEW = """
    SELECT COALESCE(team_id, 0) AS team_id, COALESCE(user_id, 0) AS user_id,
           chance::float8 AS chance, size
      FROM (%(sizes)s) deal
     WHERE size <> 0 AND chance > 0
     ORDER BY id
"""

# The first win of a customer: of any contact of it, in any company.
_CUSTOMERS = """
    (SELECT person.commercial_partner_id,
            MIN(COALESCE(won.date_closed, won.create_date)) AS since
       FROM crm_lead won
       JOIN res_partner person ON person.id = won.partner_id
      WHERE won.won_status = 'won'
      GROUP BY person.commercial_partner_id)
"""
_PLACES = {
    "company_id": "int",
    "factor": "numeric",
    "closed_from": "timestamp",
    "closed_until": "timestamp",
    "due_from": "date",
    "today": "date",
}


def places_table(places):
    """The companies asked for, as a table.

    :param places: rows of ``_PLACES``: the moments (UTC) between which it is the
        period there, and the earliest expected closing that counts in it
    """
    return SQL("(SELECT * FROM %s)", rows_table(places, _PLACES, "one"))


def join_places(query, lead, places, first_company_id):
    """Add the table ``place`` of the company whose day and currency count, if asked."""
    team = query.left_join(lead, "team_id", "crm_team", "id", "team_id")
    owner = query.left_join(lead, "user_id", "res_users", "id", "user_id")
    query.add_join(
        "LEFT JOIN",
        "place",
        places,
        SQL(
            "place.company_id = COALESCE(%s, %s, %s, %s)",
            SQL.identifier(lead, "company_id"),
            SQL.identifier(team, "company_id"),
            SQL.identifier(owner, "company_id"),
            first_company_id,
        ),
    )


def amount_of(query, lead, measure):
    """The amount of an opportunity in the asked currency; joins what it needs."""
    if measure == "new_business":
        _only_new_business(query, lead)
    if AMOUNTS[measure] is None:
        return SQL("1::numeric")
    column = SQL.identifier(lead, AMOUNTS[measure])
    return SQL("COALESCE(%s, 0) * place.factor", column)


def _only_new_business(query, lead):
    """Leave out opportunities of customers that had won ones before.

    Who is no contact yet has bought nothing.
    """
    person = query.left_join(lead, "partner_id", "res_partner", "id", "partner_id")
    query.add_join(
        "LEFT JOIN",
        "customer",
        SQL(_CUSTOMERS),
        SQL(
            "customer.commercial_partner_id = %s",
            SQL.identifier(person, "commercial_partner_id"),
        ),
    )
    query.add_where(
        SQL(
            "(customer.since IS NULL OR %(lead)s.won_status = 'won' AND"
            " customer.since >= COALESCE(%(lead)s.date_closed, %(lead)s.create_date))",
            lead=SQL.identifier(lead),
        )
    )


def rollup(query, lead, period, amount, category, probability, digits, sources):
    """The roll-up of a query on opportunities that has its tables joined.

    :param sources: ``{name: percent, or NULL}``, Odoo's among them, or none: what each
        of them alone would say is told in the same pass, ``weighted_name``, ``k1_name``
    """
    of = period, amount, category, probability, digits, sources
    return SQL(
        _ROLLUP,
        sizes=_sizes(query, lead, *of),
        categories=_by_category(),
        cumulants=cumulants(SQL("chance"), SQL("size")),
        said=rollup_source_sql.sums(sources),
        top=SQL(_TOP),
    )


def few(query, lead, scopes, period, *of):
    """The open deals of some scopes that may be won, one by one.

    :param scopes: ``(team_id, user_id)``, 0 for none
    :param of: as ``rollup`` takes it, after ``period``
    """
    alias = SQL.identifier(lead)
    users = sorted({user_id for _team_id, user_id in scopes})
    # The index on the salesperson finds them without reading the table.
    owned = SQL("%s.user_id = ANY(%s)", alias, users)
    if 0 in users:
        owned = SQL("(%s OR %s.user_id IS NULL)", owned, alias)
    query.add_where(owned)
    query.add_where(
        SQL(
            "%(lead)s.won_status = 'pending' AND %(lead)s.date_deadline <= %(end)s"
            " AND (COALESCE(%(lead)s.team_id, 0), COALESCE(%(lead)s.user_id, 0))"
            " IN (SELECT * FROM unnest(%(team_ids)s::int[], %(user_ids)s::int[]))",
            lead=alias,
            end=period.end,
            team_ids=[team_id for team_id, _user_id in scopes],
            user_ids=[user_id for _team_id, user_id in scopes],
        )
    )
    return SQL(_FEW, sizes=_sizes(query, lead, period, *of))


def _sizes(query, lead, period, amount, category, probability, digits, sources):
    alias = SQL.identifier(lead)
    is_due = SQL("%s.date_deadline BETWEEN place.due_from AND %s", alias, period.end)
    deals = SQL(
        _DEALS,
        lead=alias,
        amount=amount,
        is_won=SQL("%s.won_status = 'won'", alias),
        is_due=is_due,
        category=category,
        probability=probability,
        said=rollup_source_sql.percents(sources, alias, is_due),
        tables=query.from_clause,
        readable=query.where_clause or SQL("TRUE"),
        start=period.start,
        end=period.end,
        # No zone is farther away than this: fewer opportunities are looked at closely.
        first=period.start - timedelta(days=1),
        last=period.end + timedelta(days=2),
    )
    return SQL(
        _SIZES,
        deals=deals,
        digits=digits,
        huge=HUGE,
        said=rollup_source_sql.sizes(sources, digits),
    )


def _by_category():
    return SQL(", ").join(
        SQL(
            "COALESCE(SUM(amount) FILTER (WHERE bucket = %s), 0) AS %s",
            category,
            SQL.identifier(category),
        )
        for category in CATEGORIES
    )
