"""The SQL that finds the touches of the past in what Odoo kept of it.

Every part selects the touches of opportunities between two ids, for
``touchpoint_sql.record``, with the external keys that live capture gives.
"""

from odoo.tools import SQL

from .crm_lead_touch_mail import EARLIEST, SPOKEN
from .mail_activity_type import KINDS, OTHER_KIND
from .touchpoint_sql import LEAD_COMPANY, select

_UTM = ("campaign_id", "medium_id", "source_id")

# OFFSET 0 keeps PostgreSQL from asking for the kind of a message three times.
_MESSAGES = """
      FROM crm_lead lead
      JOIN mail_message message
        ON message.model = 'crm.lead' AND message.res_id = lead.id
      LEFT JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id
      LEFT JOIN mail_activity_type type ON type.id = message.mail_activity_type_id
      LEFT JOIN crm_touch_kind kind ON kind.id = type.touch_kind_id
     CROSS JOIN LATERAL (
           SELECT EXISTS (SELECT FROM res_users colleague
                           WHERE colleague.partner_id = message.author_id
                             AND colleague.share IS NOT TRUE) AS ours) author
     CROSS JOIN LATERAL (
           SELECT CASE
               WHEN type.id IS NOT NULL THEN COALESCE(kind.code, %(by_category)s)
               WHEN message.message_type <> ALL(%(spoken)s) OR message.is_internal
                    OR subtype.internal THEN NULL
               WHEN message.message_type = 'email_outgoing' THEN 'email_sent'
               WHEN NOT author.ours AND (message.author_id IS NOT NULL
                                         OR message.message_type = 'email')
               THEN 'reply'
               WHEN EXISTS (
                    SELECT FROM mail_notification told
                      JOIN res_partner who ON who.id = told.res_partner_id
                     WHERE told.mail_message_id = message.id
                       AND (who.partner_share OR who.id = lead.partner_id))
               THEN 'email_sent'
               END AS kind
               OFFSET 0) found
     WHERE %(range)s AND found.kind IS NOT NULL
       AND NOT (found.kind = 'meeting' AND EXISTS (
           SELECT FROM mail_activity planned
            WHERE planned.res_model = 'crm.lead' AND planned.res_id = lead.id
              AND planned.activity_type_id = type.id
              AND planned.calendar_event_id IS NOT NULL))
"""


def parts(first, last):
    """The touches of the opportunities with these ids."""
    within = SQL("lead.id BETWEEN %s AND %s", first, last)
    return [_created(within), _conversions(within), _messages(within)]


def _created(within):
    source = SQL(
        "FROM crm_lead lead WHERE %s AND "
        "COALESCE(lead.campaign_id, lead.medium_id, lead.source_id) IS NOT NULL",
        within,
    )
    return _of_lead("created", SQL("lead.create_date"), source)


def _conversions(within):
    source = SQL(
        "FROM crm_lead lead WHERE %s AND lead.date_conversion IS NOT NULL", within
    )
    return _of_lead("conversion", SQL("lead.date_conversion"), source)


def _of_lead(kind, moment, source):
    return select(
        {
            **_common(moment),
            **{name: SQL("lead.%s", SQL.identifier(name)) for name in _UTM},
            "kind": SQL("%s", kind),
            "external_key": SQL("'crm.lead:' || lead.id || %s", f":{kind}"),
            "partner_id": SQL("lead.partner_id"),
        },
        source,
    )


def _messages(within):
    whens = SQL(" ").join(
        SQL("WHEN %s THEN %s", category, kind) for category, kind in KINDS.items()
    )
    return select(
        {
            **_common(SQL("COALESCE(message.date, message.create_date)")),
            "kind": SQL("found.kind"),
            "external_key": SQL("'mail.message:' || message.id"),
            "partner_id": SQL(
                "CASE found.kind WHEN 'reply' "
                "THEN COALESCE(message.author_id, lead.partner_id) "
                "ELSE lead.partner_id END"
            ),
        },
        SQL(
            _MESSAGES,
            by_category=SQL("CASE type.category %s ELSE %s END", whens, OTHER_KIND),
            spoken=list(SPOKEN),
            range=within,
        ),
    )


def _common(moment):
    return {
        "happened_at": SQL(
            "GREATEST(LEAST(%s, now() AT TIME ZONE 'UTC'), %s)", moment, EARLIEST
        ),
        "lead_id": SQL("lead.id"),
        "company_id": LEAD_COMPANY,
        "matched_by": SQL("'given'"),
    }
