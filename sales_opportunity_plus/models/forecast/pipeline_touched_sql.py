"""Which opportunities may look otherwise than the history has them, at low cost.

PostgreSQL notes on each row the transaction that wrote it (``xmin``), whoever did. A
*mark* is the oldest transaction that was under way when the history was last taken:
what an older one wrote was seen then. One that is known to be another database's
cannot write here and does not count.

Numbers of transactions wrap around, so they are compared by their ``age``, and only
where the mark is less than 2³⁰ old; of a row that was written long before, the age may
come out too low: then it is compared in vain.
Freezing leaves ``xmin`` as it is; what rewrites a table keeps it or renews it.

Deleted opportunities leave no row. The mark has *digests* of the ids that were there:
where they are the same, none is missing, and the history need not be asked.

What else a row of the history depends on is digested into the mark's *inputs*. Where
these are not what they were, or the server was restarted or is another one, a mark says
nothing and all opportunities are compared.
"""

from odoo.tools import SQL

_REACH = 2**30
#: 8,192 ids have a digest in common.
_BITS = 13

# One look at all opportunities, for what was written since and for the digests.
_LEADS = """
    WITH part AS MATERIALIZED (
        SELECT id >> %(bits)s AS number, sum(hashint4(id)) AS digest,
               array_agg(id) FILTER (
                   WHERE age(xmin) <= (SELECT age(%(xid)s::text::xid))) AS ids
          FROM crm_lead
         GROUP BY 1
    )
    SELECT COALESCE(jsonb_object_agg(number, digest), '{}'),
           CASE WHEN COALESCE(SUM(cardinality(ids)), 0) <= %(limit)s
                THEN ARRAY(SELECT unnest(ids) FROM part) END
      FROM part
"""

_MORE = """
    SELECT lead.id
      FROM crm_lead lead
     WHERE lead.forecast_manual_until >= %(first)s
       AND lead.forecast_manual_until < %(last)s
     UNION ALL
    SELECT standing.lead_id
      FROM unnest(%(first_ids)s::int[], %(last_ids)s::int[]) AS part(first_id, last_id)
      JOIN crm_pipeline_history standing
        ON standing.lead_id BETWEEN part.first_id AND part.last_id
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


def leads(xid, limit):
    """Digests of the ids that are there, and the ids that were touched; none: too many.

    :param xid: the mark
    """
    return SQL(_LEADS, xid=short(xid), bits=_BITS, limit=limit)


def changed(digests, before):
    """Ranges of ids, first and last, that are not as in all digests before.

    >>> changed({"0": 7, "1": 8}, [{"0": 7, "1": 9, "2": 1}])
    [(8192, 16383), (16384, 24575)]
    >>> changed({}, [None])
    [(0, 2147483647)]
    """
    if not all(before):
        return [(0, 2**31 - 1)]
    numbers = digests.keys() | {number for one in before for number in one}
    return [
        (number << _BITS, (number + 1 << _BITS) - 1)
        for number in sorted(map(int, numbers))
        if any(one.get(str(number)) != digests.get(str(number)) for one in before)
    ]


def more(ranges, days, limit):
    """Ids of opportunities to compare beside those that were touched.

    :param ranges: of ids, where deleted ones are looked for
    :param days: two days; probabilities by hand that end between them are compared
    """
    return SQL(
        _MORE,
        first_ids=[first for first, _last in ranges],
        last_ids=[last for _first, last in ranges],
        first=min(days),
        last=max(days),
        limit=limit,
    )


def of_ids(ids):
    """``leads`` of ``pipeline_history_sql.take``: some, and those that had these ids.

    An array as text is one constant to PostgreSQL, not thousands of them.
    """
    numbers = ",".join(map(str, ids))
    return lambda column: SQL("%s = ANY(%s::int[])", column, f"{{{numbers}}}")
