"""The SQL that reads since when the clocks of opportunities run.

A clock starts when the opportunity enters its stage. It goes on where it stopped
when the opportunity comes back from stages that pause it: the stays from then on
are the *visit*, and what was spent in pausing stages is left out of it.
"""

from odoo.tools import SQL

#: What starts a clock anew, beside the stage: a condition on ``mail_message m``.
_RESETS = {
    "activity": SQL("m.mail_activity_type_id IS NOT NULL"),
    # A mail by somebody who is no user of ours, also from an unknown address.
    "reply": SQL(
        "m.message_type = 'email' AND NOT EXISTS (SELECT FROM res_users author "
        "WHERE author.partner_id = m.author_id AND author.share IS NOT TRUE)"
    ),
}


def messages(clock, lead_id, since=None):
    """Messages of an opportunity that reset the clock: ``FROM`` and ``WHERE``.

    :param since: only those after this moment
    """
    return SQL(
        "FROM mail_message m WHERE m.model = 'crm.lead' AND m.res_id = %s AND %s%s",
        lead_id,
        _RESETS[clock],
        SQL(" AND m.date > %s", since) if since is not None else SQL(),
    )


def last_message(clock, lead_id):
    """The latest moment that reset the clock, or ``NULL``."""
    if clock not in _RESETS:
        return SQL("NULL::timestamp")
    return SQL("(SELECT max(m.date) %s)", messages(clock, lead_id))


def breaks(stay, stage_id, pausing):
    """A condition: the stay ends the visit to a stage instead of pausing it."""
    return SQL(
        """(%(stay)s.status <> 'open' OR %(stay)s.lead_type <> 'opportunity'
            OR (%(stay)s.stage_id = %(stage_id)s
                OR %(stay)s.stage_id = ANY(%(pausing)s)) IS NOT TRUE)""",
        stay=stay,
        stage_id=stage_id,
        pausing=list(pausing),
    )


def visit(stay, pausing):
    """Lateral join ``visit``: since when, and its pauses, for an open stay.

    ``since`` is ``NULL`` unless the stay was entered from a pausing stage, so that
    nearly every opportunity costs nothing here.
    """
    return SQL(
        """
        LEFT JOIN LATERAL (
            SELECT min(past.entered_at) FILTER (WHERE past.stage_id = %(stay)s.stage_id)
                       AS since,
                   json_agg(json_build_array(past.entered_at, past.left_at))
                       FILTER (WHERE past.stage_id <> %(stay)s.stage_id) AS pauses
              FROM crm_stage_history past
             WHERE %(stay)s.from_stage_id = ANY(%(pausing)s)
               AND past.lead_id = %(stay)s.lead_id AND past.merged_lead_id IS NULL
               AND past.entered_at >= COALESCE((
                   SELECT max(other.left_at)
                     FROM crm_stage_history other
                    WHERE other.lead_id = %(stay)s.lead_id
                      AND other.merged_lead_id IS NULL AND %(breaks)s
               ), '-infinity')
        ) visit ON TRUE
        """,
        stay=stay,
        pausing=list(pausing),
        breaks=breaks(SQL("other"), SQL("%s.stage_id", stay), pausing),
    )


def clocks(lead_ids, kinds, pausing):
    """Since when the clocks of open opportunities run, one row for each.

    :param kinds: the clocks that are asked for
    """
    return SQL(
        """
        SELECT h.lead_id, h.stage_id, COALESCE(visit.since, h.entered_at) AS stage,
               %(activity)s AS activity, %(reply)s AS reply, visit.pauses
          FROM crm_stage_history h
          %(visit)s
         WHERE h.lead_id = ANY(%(lead_ids)s) AND h.left_at IS NULL AND h.status = 'open'
        """,
        activity=last_message("activity" if "activity" in kinds else None, _LEAD),
        reply=last_message("reply" if "reply" in kinds else None, _LEAD),
        visit=visit(SQL("h"), pausing),
        lead_ids=lead_ids,
    )


_LEAD = SQL("h.lead_id")
