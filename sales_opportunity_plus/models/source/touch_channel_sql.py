"""The SQL that finds the row of a campaign, a medium and a source, or adds it."""

from odoo.tools import SQL

from ..rows_sql import rows_table
from .touchpoint_sql import DIRECT_NAMES

_ADD = """
    INSERT INTO crm_touch_channel (
        campaign_id, medium_id, source_id,
        campaign_name, medium_name, source_name, is_direct
    )
    SELECT given.campaign_id, given.medium_id, given.source_id,
           campaign.name, medium.name, source.name,
           given.campaign_id = 0 AND given.source_id = 0
           AND (given.medium_id = 0 OR lower(medium.name) = ANY(%(direct)s))
      FROM %(given)s
      LEFT JOIN utm_campaign campaign ON campaign.id = given.campaign_id
      LEFT JOIN utm_medium medium ON medium.id = given.medium_id
      LEFT JOIN utm_source source ON source.id = given.source_id
     WHERE NOT EXISTS (
            SELECT FROM crm_touch_channel channel
             WHERE channel.campaign_id = given.campaign_id
               AND channel.medium_id = given.medium_id
               AND channel.source_id = given.source_id)
        ON CONFLICT (campaign_id, medium_id, source_id) DO NOTHING
"""
_FIND = """
    SELECT given.campaign_id, given.medium_id, given.source_id, channel.id
      FROM %(given)s
      JOIN crm_touch_channel channel
        ON channel.campaign_id = given.campaign_id
       AND channel.medium_id = given.medium_id
       AND channel.source_id = given.source_id
"""


def channel_ids(env, combinations):
    """Id of the channel of each (campaign id, medium id, source id); 0 is none."""
    combinations = sorted(set(combinations))
    if not combinations:
        return {}
    for name in ("utm.campaign", "utm.medium", "utm.source"):
        env[name].flush_model(["name"])
    columns = dict.fromkeys(("campaign_id", "medium_id", "source_id"), "int")
    given = rows_table(combinations, columns, "given")
    env.cr.execute(SQL(_ADD, given=given, direct=list(DIRECT_NAMES)))
    return {
        tuple(row[:3]): row[3] for row in env.execute_query(SQL(_FIND, given=given))
    }
