"""The SQL that reads histories of deals, and writes what was learnt to open ones."""

from odoo.tools import SQL

#: Fields of an opportunity that are known before its outcome and say something of it.
FACTS = {
    "team_id": "category",
    "user_id": "category",
    "source_id": "category",
    "medium_id": "category",
    "country_id": "category",
    "email_state": "category",
    "phone_state": "category",
    "lang_id": "category",
}
#: Fields that are written, by what is learnt from: facts follow from some of them.
WRITTEN = {
    "amount": {"expected_revenue"},
    "country_id": {"country_id", "partner_id"},
    "email_state": {"email_from", "partner_id"},
    "lang_id": {"lang_id", "partner_id"},
    "phone_state": {"phone", "country_id", "partner_id"},
    "team_id": {"team_id", "user_id"},
}
#: Day 1 is the first of January of the year 1, as in Python.
_ORDINAL = "(%s)::date - DATE '0001-01-01' + 1"


def _ordinal(moment):
    return SQL(_ORDINAL, moment)


_FACTS = SQL(", ").join(SQL("lead.%s", SQL.identifier(name)) for name in FACTS)

# Only stays of an open opportunity: before it was one, it was in no stage of the sales
# process; and the stay after the outcome says what is to be foretold. They come in the
# order of their index: sorting each list anew would take as long again.
_STAYS = """
    SELECT lead.id, timeline.days, timeline.stages, timeline.amounts,
           CASE WHEN lead.won_status IN ('won', 'lost') THEN lead.won_status END,
           %(closed)s, %(facts)s
      FROM crm_lead lead
      JOIN (SELECT lead_id, array_agg(%(entered)s) AS days,
                   array_agg(stage_id) AS stages,
                   array_agg(COALESCE(amount, 0)::float8) AS amounts
              FROM (SELECT lead_id, entered_at, stage_id, amount
                      FROM crm_stage_history
                     WHERE status = 'open' AND lead_type = 'opportunity'
                       AND stage_id IS NOT NULL
                       AND lead_id = ANY(%(lead_ids)s)
                     ORDER BY lead_id, entered_at, id) stay
             GROUP BY lead_id) timeline ON timeline.lead_id = lead.id
     WHERE lead.id = ANY(%(lead_ids)s)
     ORDER BY lead.id
"""
_LEARNT_FROM = """
    type = 'opportunity'
    AND (won_status IN ('won', 'lost') AND date_closed IS NOT NULL
         OR active AND won_status = 'pending')
"""
#: How many deals are open, won or lost.
COUNT = SQL("SELECT count(*) FROM crm_lead WHERE %s", SQL(_LEARNT_FROM))


def learnt_from(most):
    """Ids of some of those deals, at most so many: the same ones each time."""
    return SQL(
        """
        SELECT id FROM crm_lead WHERE %(which)s
         ORDER BY abs(hashint4(id)::bigint) LIMIT %(most)s
        """,
        which=SQL(_LEARNT_FROM),
        most=most,
    )


def histories(lead_ids):
    """Deals with the days, stages and amounts of their stays."""
    return SQL(
        _STAYS,
        entered=_ordinal(SQL("entered_at")),
        closed=_ordinal(SQL("lead.date_closed")),
        facts=_FACTS,
        lead_ids=lead_ids,
    )


_OPEN = SQL("type = 'opportunity' AND active AND won_status = 'pending'")


def open_ids(after):
    """Ids of the open opportunities after one, in their order."""
    return SQL(
        "SELECT COALESCE(array_agg(id ORDER BY id), '{}') FROM crm_lead"
        " WHERE %s AND id > %s",
        _OPEN,
        after,
    )


def open_rows(lead_ids, today):
    """Those of these that are open: id, stage, days in it, amount, facts."""
    return SQL(
        """
        SELECT lead.id, lead.stage_id::text, GREATEST(%(today)s::date - COALESCE(
                   stay.entered_at, lead.date_last_stage_update, lead.create_date
               )::date, 0),
               COALESCE(lead.expected_revenue, 0)::float8, %(facts)s
          FROM crm_lead lead
          LEFT JOIN crm_stage_history stay
            ON stay.lead_id = lead.id AND stay.left_at IS NULL
         WHERE lead.type = 'opportunity' AND lead.active
           AND lead.won_status = 'pending' AND lead.id = ANY(%(lead_ids)s)
         ORDER BY lead.id
        """,
        today=today,
        facts=_FACTS,
        lead_ids=lead_ids,
    )


def write(lead_ids, percents):
    """Keep what was learnt; rows that say so already are left alone.

    Not through the ORM: nobody has changed the opportunity, so nothing is tracked, no
    automation runs, and whoever saved it last stays the one who did.
    """
    return SQL(
        """
        UPDATE crm_lead lead SET forecast_history_probability = said.percent
          FROM unnest(%s::int[], %s::float8[]) AS said(lead_id, percent)
         WHERE lead.id = said.lead_id
           AND lead.forecast_history_probability IS DISTINCT FROM said.percent
        """,
        lead_ids,
        percents,
    )
