"""The SQL of a day of the pipeline history: one statement for a range of leads."""

from odoo.tools import SQL

from ..rows_sql import rows_table
from . import pipeline_touched_sql

#: What a row says about an opportunity; a change of any of these is a new row.
COLUMNS = (
    "lead_type",
    "stage_id",
    "team_id",
    "user_id",
    "company_id",
    "status",
    "forecast_category",
    "amount",
    "recurring_amount",
    "currency_id",
    "probability",
    "date_deadline",
    "date_closed",
)

# What opportunities look like now, at the companies whose day it is. These are few and
# found once for each company and team: to join them by a hash PostgreSQL would put all
# opportunities into it rather than them.
_LIVE = """
    SELECT lead.id AS lead_id, lead.type AS lead_type, lead.stage_id, lead.team_id,
           lead.user_id, lead.company_id,
           CASE WHEN lead.active AND lead.won_status = 'pending' THEN 'open'
                WHEN lead.won_status IN ('won', 'lost') THEN lead.won_status
                WHEN lead.active THEN 'open' ELSE 'archived' END AS status,
           %(category)s AS forecast_category,
           COALESCE(lead.expected_revenue, 0) AS amount,
           COALESCE(lead.recurring_revenue_monthly, 0) AS recurring_amount,
           place.currency_id, %(probability)s AS probability, lead.date_deadline,
           CASE WHEN lead.won_status IN ('won', 'lost') THEN
               (lead.date_closed AT TIME ZONE 'UTC' AT TIME ZONE place.tz)::date
           END AS date_closed,
           place.day, place.rate%(more)s
      FROM crm_lead lead
      LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
     CROSS JOIN LATERAL (
           SELECT * FROM place WHERE place.company_id = %(company)s OFFSET 0) place
     WHERE %(leads)s
"""
_MORE = """,
           place.until, lead.create_date, lead.write_date, age(lead.xmin) AS lead_age,
           CASE WHEN lead.won_status IN ('won', 'lost') THEN lead.date_closed
           END AS closed_at"""

# Whose day and currency count. Most have a company: joining would ask for each.
_COMPANY = """
    CASE WHEN %(deal)s.company_id IS NOT NULL THEN %(deal)s.company_id
         ELSE COALESCE(
             (SELECT company_id FROM crm_team WHERE id = %(deal)s.team_id),
             (SELECT company_id FROM res_users WHERE id = %(deal)s.user_id),
             %(first_company_id)s)
    END
"""

# A night's statement runs after the day has ended (``until``): what was written after
# midnight waits for the next night, unless the opportunity was closed before, or is
# not in the history yet. SQL that changes opportunities without their ``write_date``
# counts for the day that ended.
_OF_THE_DAY = """
    live.until IS NULL OR COALESCE(
        CASE WHEN live.closed_at IS NOT NULL
                  AND standing.status IS DISTINCT FROM live.status
             THEN live.closed_at
             WHEN standing.id IS NULL THEN live.create_date
             ELSE live.write_date
        END < live.until, TRUE)
"""

# What is not as the history has it. A full join is never done by looping, whatever
# PostgreSQL believes about the size of a table that has just been filled.
_PAIR = """
    SELECT live.*, standing.id AS standing_id,
           standing.lead_id AS standing_lead_id,
           standing.valid_from AS standing_from,
           live.lead_id IS NULL AS is_missing,
           COALESCE(standing.valid_from <= live.day, TRUE) AND (%(of_the_day)s)
               AS is_due
      FROM live
      FULL JOIN (SELECT * FROM crm_pipeline_history
                  WHERE valid_to IS NULL AND %(standing_leads)s) standing
        ON standing.lead_id = live.lead_id
     WHERE live.lead_id IS NULL OR standing.id IS NULL
           OR (%(columns_live)s) IS DISTINCT FROM (%(standing)s)
"""

# Deleted, or merged into another. Where it was comes from its row.
_GONE = """
    SELECT standing.id AS standing_id, place.day,
           standing.valid_from = place.day AS is_same_day,
           standing.valid_from <= place.day AS is_due
      FROM pair
      JOIN crm_pipeline_history standing ON standing.id = pair.standing_id
      JOIN place ON place.company_id = %(company)s
     WHERE pair.is_missing
       AND NOT EXISTS (SELECT FROM crm_lead lead
                        WHERE lead.id = pair.standing_lead_id)
"""

# A row that began the same day is rewritten, so that a day has one state: its last.
# The result says how much older than a moment the oldest change is that has to wait,
# and whether an opportunity has to that was deleted.
_TAKE = """
    WITH place AS MATERIALIZED (SELECT * FROM %(places)s),
    live AS (%(live)s),
    pair AS MATERIALIZED (%(pair)s),
    changed AS MATERIALIZED (
        SELECT %(kept)s, standing_id, standing_from = day AS is_same_day
          FROM pair WHERE NOT is_missing AND is_due
    ),
    gone AS MATERIALIZED (%(gone)s),
    closed AS (
        UPDATE crm_pipeline_history standing
           SET valid_to = ended.day
          FROM (SELECT standing_id, day FROM changed WHERE NOT is_same_day
                 UNION ALL
                SELECT standing_id, day FROM gone WHERE is_due AND NOT is_same_day
               ) ended
         WHERE standing.id = ended.standing_id
     RETURNING standing.id
    ),
    rewritten AS (
        UPDATE crm_pipeline_history standing
           SET (%(columns)s, rate, is_reconstructed)
               = ROW (%(new)s, changed.rate, FALSE)
          FROM changed
         WHERE standing.id = changed.standing_id AND changed.is_same_day
    ),
    unseen AS (
        DELETE FROM crm_pipeline_history standing
         USING gone
         WHERE standing.id = gone.standing_id AND gone.is_same_day
    ),
    added AS (
        INSERT INTO crm_pipeline_history (
            lead_id, %(columns)s, rate, valid_from, is_reconstructed)
        SELECT changed.lead_id, %(new)s, changed.rate, changed.day, FALSE
          FROM changed
          LEFT JOIN closed ON closed.id = changed.standing_id
         WHERE changed.standing_id IS NULL OR closed.id IS NOT NULL
    )
    SELECT GREATEST(MAX(lead_age) - age(%(xid)s::text::xid), 0),
           EXISTS (SELECT FROM gone WHERE NOT is_due)
      FROM pair WHERE NOT is_missing AND NOT is_due
"""

# Where none of the opportunities has a row yet, there is nothing to compare.
_BEGIN = """
    WITH place AS MATERIALIZED (SELECT * FROM %(places)s)
    INSERT INTO crm_pipeline_history (
        lead_id, %(columns)s, rate, valid_from, is_reconstructed)
    SELECT live.lead_id, %(new)s, live.rate, live.day, FALSE
      FROM (%(live)s) live
"""
_BEGIN_WITH = """
    (lead.active AND lead.won_status = 'pending' OR lead.write_date >= %(since)s)
    AND lead.id > %(after)s AND lead.id <= %(top)s
"""


def take(leads, places, first_company_id, category, probability, xid):
    """Bring the rows of opportunities to their day; those of a range or of some ids.

    :param leads: see ``of_range`` and ``pipeline_touched_sql.of_ids``
    :param places: the table ``places_table`` of the companies whose day it is
    :param first_company_id: the company of leads that no company can be found for
    :param category: SQL of the forecast category by ``lead`` and ``stage``
    :param probability: SQL of the probability that counts, by ``lead``
    :param xid: the moment that what has to wait is measured against
    """
    live = SQL(
        _LIVE,
        category=category,
        probability=probability,
        company=company_of("lead", first_company_id),
        leads=leads(SQL("lead.id")),
        more=SQL(_MORE),
    )
    pair = SQL(
        _PAIR,
        standing_leads=leads(SQL("lead_id")),
        columns_live=_columns("live"),
        standing=_columns("standing"),
        of_the_day=SQL(_OF_THE_DAY),
    )
    return SQL(
        _TAKE,
        places=places,
        live=live,
        pair=pair,
        gone=SQL(_GONE, company=company_of("standing", first_company_id)),
        columns=_names(COLUMNS),
        kept=_names(("lead_id", *COLUMNS, "rate", "day")),
        new=_columns("changed"),
        xid=pipeline_touched_sql.short(xid),
    )


def begin(after, top, since, places, first_company_id, category, probability):
    """The first rows of a range of leads: of the open ones, and those written since.

    For days that have not ended; parameters as for ``take``.
    """
    live = SQL(
        _LIVE,
        category=category,
        probability=probability,
        company=company_of("lead", first_company_id),
        leads=SQL(_BEGIN_WITH, after=after, top=top, since=since),
        more=SQL(),
    )
    columns, new = _names(COLUMNS), _columns("live")
    return SQL(_BEGIN, places=places, live=live, columns=columns, new=new)


def of_range(after, top):
    """``leads`` of ``take``: those with ``after`` < id ≤ ``top``."""
    return lambda column: SQL("%s > %s AND %s <= %s", column, after, column, top)


def company_of(alias, first_company_id):
    """The company whose day and currency count for a lead or a row, by table alias."""
    return SQL(_COMPANY, deal=SQL.identifier(alias), first_company_id=first_company_id)


def _names(names):
    return SQL(", ").join(map(SQL.identifier, names))


def _columns(alias):
    return SQL(", ").join(SQL.identifier(alias, name) for name in COLUMNS)


_PLACES = {
    "company_id": "int",
    "currency_id": "int",
    "tz": "text",
    "day": "date",
    "until": "timestamp",
    "rate": "numeric",
}


def places_table(places):
    """The companies whose day it is, as a table ``place``: rows of ``_PLACES``."""
    return rows_table(places, _PLACES, "place")


def next_top(after, batch):
    """The last id of the next ``batch`` ids at most, and whether any id is greater."""
    return SQL(
        """SELECT min(id) + %(batch)s - 1, max(id) >= min(id) + %(batch)s
             FROM crm_lead WHERE id > %(after)s""",
        after=after,
        batch=batch,
    )


def has_rows(after, top):
    """Whether any lead of a range has a current row.

    The first one after it says so: by its index, also before PostgreSQL has any idea
    of a table that is being filled.
    """
    return SQL(
        """SELECT COALESCE((SELECT lead_id FROM crm_pipeline_history
                             WHERE valid_to IS NULL AND lead_id > %s
                             ORDER BY lead_id LIMIT 1) <= %s, FALSE)""",
        after,
        top,
    )
