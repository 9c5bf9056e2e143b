"""The SQL that keeps touches when what they name is merged, deleted or renamed."""

from odoo.tools import SQL

# Credits of an opportunity that is gone are to be taken away: it is stale as well.
_ADOPT = """
    WITH moved AS (
        UPDATE crm_touchpoint
           SET lead_id = %(lead_id)s, merged_lead_id = COALESCE(merged_lead_id, lead_id)
         WHERE lead_id = ANY(%(merged_ids)s)
     RETURNING merged_lead_id
    )
    INSERT INTO crm_attribution_stale (lead_id)
    SELECT unnest(%(lead_ids)s::int[]) WHERE EXISTS (SELECT FROM moved)
"""

_DETACH = """
    WITH gone AS (
        SELECT unnest(%(lead_ids)s::int[]) AS lead_id,
               unnest(%(partner_ids)s::int[]) AS partner_id
    ),
    kept AS (
        UPDATE crm_touchpoint touch
           SET lead_id = NULL,
               merged_lead_id = COALESCE(touch.merged_lead_id, touch.lead_id),
               partner_id = CASE WHEN touch.anonymised_at IS NULL
                   THEN COALESCE(touch.partner_id, gone.partner_id) END
          FROM gone
         WHERE touch.lead_id = gone.lead_id
     RETURNING gone.lead_id
    )
    INSERT INTO crm_attribution_stale (lead_id) SELECT DISTINCT lead_id FROM kept
"""


def adopt(merged_ids, lead_id):
    """Give the touches of merged opportunities to the one that stays."""
    return SQL(
        _ADOPT,
        lead_id=lead_id,
        merged_ids=list(merged_ids),
        lead_ids=[lead_id, *merged_ids],
    )


def detach(partners):
    """Keep the touches of deleted opportunities as those of their contact.

    :param partners: dict of id of a deleted opportunity → id of its contact or None
    """
    return SQL(_DETACH, lead_ids=list(partners), partner_ids=[*partners.values()])


def change_contact(old_ids, new_id):
    """Contacts were merged: their touches are those of the one that stays."""
    return SQL(
        "UPDATE crm_touchpoint SET partner_id = %s WHERE partner_id = ANY(%s)",
        new_id,
        list(old_ids),
    )
