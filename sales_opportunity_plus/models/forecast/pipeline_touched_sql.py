"""Which opportunities may look otherwise than the history has them, at low cost.

PostgreSQL notes on each row the transaction that wrote it (``xmin``), whoever did. A
*mark* is the oldest transaction that was under way when the history was last taken:
what an older one wrote was seen then. One that is known to be another database's
cannot write here and does not count.

Numbers of transactions wrap around, so they are compared by their ``age``, and only
where the mark is less than 2³⁰ old; of a row that was written long before, the age may
come out too low: then it is compared in vain.
Freezing leaves ``xmin`` as it is; what rewrites a table keeps it or renews it.

What else a row of the history depends on is digested into the mark's *inputs*. Where
these are not what they were, or the server was restarted or is another one, a mark says
nothing and all opportunities are compared.
"""

from odoo.tools import SQL

_REACH = 2**30

# Deleted opportunities leave no row to look at: their history tells.
_TOUCHED = """
    SELECT lead.id
      FROM crm_lead lead
     WHERE age(lead.xmin) <= age(%(xid)s::text::xid)
     UNION ALL
    SELECT lead.id
      FROM crm_lead lead
     WHERE lead.forecast_manual_until >= %(first)s
       AND lead.forecast_manual_until < %(last)s
     UNION ALL
    SELECT standing.lead_id
      FROM crm_pipeline_history standing
     WHERE standing.valid_to IS NULL
       AND NOT EXISTS (SELECT FROM crm_lead lead WHERE lead.id = standing.lead_id)
     LIMIT %(limit)s
"""

# Without the mask a number counts the rounds, which those of sessions do not.
_NOW = """
    SELECT LEAST(
               pg_snapshot_xmax(taken.snapshot)::text::bigint,
               pg_current_xact_id_if_assigned()::text::bigint,
               (SELECT min(running.xid::text::bigint)
                  FROM pg_snapshot_xip(taken.snapshot) AS running(xid)
                 WHERE NOT EXISTS (
                       SELECT FROM pg_stat_activity abroad
                        WHERE abroad.backend_xid::text::bigint
                              = running.xid::text::bigint & 4294967295
                          AND abroad.datname <> current_database()))),
           md5(concat_ws('/', %(code)s::text, pg_postmaster_start_time(),
               (SELECT string_agg((id, forecast_category, forecast_probability)::text,
                                  ',' ORDER BY id) FROM crm_stage),
               (SELECT string_agg((id, company_id)::text, ',' ORDER BY id)
                  FROM crm_team),
               (SELECT string_agg((id, company_id)::text, ',' ORDER BY id)
                  FROM res_users)))
      FROM (SELECT pg_current_snapshot() AS snapshot) taken
"""


def now(code):
    """The mark of this transaction, and the digest of the inputs.

    :param code: what there is to digest beside tables
    """
    return SQL(_NOW, code=code)


def is_in_reach(xid, current):
    """Whether the age of a transaction says what is older, and what is not."""
    return 0 <= current - xid < _REACH


def short(xid):
    """The number of a transaction as rows have it: without what counts the rounds."""
    return xid % 2**32


def touched(xid, days, limit):
    """Ids of opportunities to compare, the deleted ones' too.

    :param xid: the mark
    :param days: two days; probabilities by hand that end between them are compared
    """
    return SQL(_TOUCHED, xid=short(xid), first=min(days), last=max(days), limit=limit)


def of_ids(ids):
    """``leads`` of ``pipeline_history_sql.take``: some, and those that had these ids.

    An array as text is one constant to PostgreSQL, not thousands of them.
    """
    numbers = ",".join(map(str, ids))
    return lambda column: SQL("%s = ANY(%s::int[])", column, f"{{{numbers}}}")
