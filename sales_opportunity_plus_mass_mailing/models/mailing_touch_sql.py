"""Whom a mailing touched, and who was a machine: statements only, no ORM."""

from odoo.tools import SQL

# Behind the rows of a table that is, or has been joined with, the traces.
#
# The opportunity is the one that got the mail. Where a contact or an address got it,
# it is the only opportunity of theirs that was not closed before: one that existed
# then, an opportunity rather than a lead. Where there is more than one it is nobody's
# and stays with the contact. An address is that of a contact when one alone has it.
#
# "lower" keeps PostgreSQL from Odoo's trigram index on the address: for a whole address
# that takes thousands of times longer than the index on its domain.
_RECIPIENT = """
    LEFT JOIN mailing_mailing mailing ON mailing.id = %(trace)s.mass_mailing_id
    CROSS JOIN LATERAL (
        SELECT %(at)s AS at, lower(btrim(%(trace)s.email)) AS email
    ) event
    LEFT JOIN crm_lead named
      ON %(trace)s.model = 'crm.lead' AND named.id = %(trace)s.res_id
    LEFT JOIN LATERAL (
        SELECT MIN(found.id) AS id, MIN(found.company_id) AS company_id
          FROM (
            SELECT partner.id, partner.company_id, partner.commercial_partner_id
              FROM res_partner partner
             WHERE %(trace)s.model = 'res.partner' AND partner.id = %(trace)s.res_id
             UNION ALL
            SELECT partner.id, partner.company_id, partner.commercial_partner_id
              FROM res_partner partner
             WHERE %(trace)s.model <> 'res.partner' AND named.id IS NULL
               AND partner.email_normalized = event.email AND partner.active
          ) found
        HAVING COUNT(DISTINCT COALESCE(found.commercial_partner_id, found.id)) = 1
    ) person ON TRUE
    LEFT JOIN LATERAL (
        SELECT MIN(ranked.id) AS id
          FROM (
            SELECT deal.id,
                   RANK() OVER (
                       ORDER BY deal.create_date <= event.at DESC, deal.type DESC
                   ) AS place
              FROM (
                SELECT own.id, own.type, own.create_date, own.active, own.won_status,
                       own.date_closed, own.company_id
                  FROM crm_lead own
                 WHERE named.id IS NULL AND own.partner_id = person.id
                 UNION ALL
                SELECT own.id, own.type, own.create_date, own.active, own.won_status,
                       own.date_closed, own.company_id
                  FROM crm_lead own
                 WHERE named.id IS NULL
                   AND own.partner_id IS DISTINCT FROM person.id
                   AND lower(own.email_normalized) = event.email
                   AND own.email_domain_criterion IN (
                       event.email, '@' || split_part(event.email, '@', 2))
              ) deal
             WHERE (deal.active AND deal.won_status = 'pending'
                    OR deal.date_closed >= event.at)
               AND (deal.company_id IS NULL OR person.company_id IS NULL
                    OR deal.company_id = person.company_id)
          ) ranked
         WHERE ranked.place = 1
        HAVING COUNT(*) = 1
    ) sole ON TRUE
    LEFT JOIN crm_lead lead ON lead.id = COALESCE(named.id, sole.id)
    WHERE %(trace)s.trace_type = 'mail' AND %(trace)s.is_test_trace IS NOT TRUE
      AND COALESCE(%(trace)s.trace_status, '') NOT IN ('cancel', 'error', 'bounce')
      AND (lead.id IS NOT NULL OR person.id IS NOT NULL)
      AND NOT %(opted_out)s
      AND %(condition)s
"""

# Whoever is on the exclusion list, or has left all lists of the mailing, by then.
_OPTED_OUT = """(
    EXISTS (
        SELECT FROM mail_blacklist listed
         WHERE listed.email = event.email AND listed.active
           AND listed.create_date <= event.at)
    OR %(trace)s.model = 'mailing.contact' AND COALESCE((
        SELECT BOOL_AND(
            subscription.opt_out IS TRUE
            AND COALESCE(subscription.opt_out_datetime <= event.at, TRUE))
          FROM mailing_subscription subscription
          JOIN mail_mass_mailing_list_rel target
            ON target.mailing_list_id = subscription.list_id
         WHERE target.mailing_mailing_id = %(trace)s.mass_mailing_id
           AND subscription.contact_id = %(trace)s.res_id), FALSE)
)"""

# A known program; too soon after delivery; two different links within a second.
_MACHINE_CLICK = """(
    %(click)s.source_by_machine IS TRUE
    OR %(click)s.create_date
       <= %(trace)s.sent_datetime + make_interval(secs => %(pause)s)
    OR EXISTS (
        SELECT FROM link_tracker_click twin
         WHERE twin.mailing_trace_id = %(click)s.mailing_trace_id
           AND twin.link_id <> %(click)s.link_id
           AND twin.create_date BETWEEN %(click)s.create_date - interval '1 second'
                                    AND %(click)s.create_date + interval '1 second')
)"""

# Who opened before this addon was there is judged by the time alone.
_OPENED_AT = """COALESCE(
    %(trace)s.source_opened_at,
    CASE WHEN COALESCE(%(trace)s.source_machine_opens, 0) = 0
         THEN %(trace)s.open_datetime END)"""

# A click is an opening too: that of a machine is a machine's.
_MACHINE_OPENING = """(
    %(opened_at)s IS NULL
    OR %(opened_at)s <= %(trace)s.sent_datetime + make_interval(secs => %(pause)s)
    OR EXISTS (
        SELECT FROM link_tracker_click click
         WHERE click.mailing_trace_id = %(trace)s.id
           AND click.create_date BETWEEN %(opened_at)s - interval '1 second'
                                     AND %(opened_at)s + interval '1 second'
           AND %(machine_click)s)
)"""

# What arrives on an opportunity is a touch as a message already. It has the moment of
# the sender's clock, and may have been fetched some time later.
_IS_NO_MESSAGE = """NOT EXISTS (
    SELECT FROM crm_touchpoint message
      JOIN crm_touch_kind kind ON kind.id = message.kind_id AND kind.code = 'reply'
     WHERE message.lead_id = named.id AND message.origin = 'odoo'
       AND starts_with(message.external_key, 'mail.message:')
       AND (message.happened_at BETWEEN event.at - interval '2 hours'
                                    AND event.at + interval '10 minutes'
            OR message.recorded_at BETWEEN event.at - interval '10 minutes'
                                       AND event.at + interval '1 second')
)"""

_ANSWERED = """
    SELECT DISTINCT ON (trace.res_id) trace.res_id, mailing.campaign_id,
           mailing.medium_id, mailing.source_id, mailing.subject
      FROM mailing_trace trace
      JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
     WHERE trace.model = 'crm.lead' AND trace.res_id = ANY(%s)
       AND trace.reply_datetime >= %s
     ORDER BY trace.res_id, trace.reply_datetime DESC, trace.id DESC
"""


_SENT_TO = """
    origin = 'odoo' AND external_key IN (
        SELECT 'mailing.trace:' || item.id || ':sent' FROM %s item)
"""


def is_sent_to(traces):
    """Whether a touch in the ledger is that of a mail sent: one of these traces."""
    return SQL(_SENT_TO, traces)


def recipient(trace, at, condition):
    """Joins from the traces to whom an event at a moment touched.

    They bring ``mailing``, ``event``, ``named`` (the opportunity that got the mail),
    ``person`` (the contact) and ``lead`` (the opportunity that was touched).

    :param trace: alias of ``mailing_trace``
    :param at: moment of the event
    :param condition: further condition on the event
    """
    opted_out = SQL(_OPTED_OUT, trace=trace)
    return SQL(_RECIPIENT, trace=trace, at=at, opted_out=opted_out, condition=condition)


def is_no_message():
    """Whether no message on the opportunity is the same reply."""
    return SQL(_IS_NO_MESSAGE)


def answered(lead_ids, since):
    """Of each opportunity the mailing that was answered last, since a moment."""
    return SQL(_ANSWERED, lead_ids, since)


def machine_click(trace, click, pause):
    return SQL(_MACHINE_CLICK, trace=trace, click=click, pause=pause)


def opened_at(trace):
    """The moment when a person first opened the mail, as far as it is known."""
    return SQL(_OPENED_AT, trace=trace)


def machine_opening(trace, pause):
    return SQL(
        _MACHINE_OPENING,
        trace=trace,
        opened_at=opened_at(trace),
        pause=pause,
        machine_click=machine_click(trace, SQL.identifier("click"), pause),
    )


def traces_of_machines(pause):
    """Traces that a machine opened or clicked."""
    trace, click = SQL.identifier("trace"), SQL.identifier("click")
    return SQL(
        """
        SELECT trace.id FROM mailing_trace trace
         WHERE trace.source_machine_opens > 0
            OR trace.open_datetime IS NOT NULL AND %s
            OR EXISTS (SELECT FROM link_tracker_click click
                        WHERE click.mailing_trace_id = trace.id AND %s)
        """,
        machine_opening(trace, pause),
        machine_click(trace, click, pause),
    )
