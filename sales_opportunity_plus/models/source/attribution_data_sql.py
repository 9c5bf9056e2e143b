"""The SQL of what data-driven models learn from: journeys of closed deals, counted."""

from odoo.tools import SQL

from ...engine.attribution_data import LOST, START, WON
from . import attribution_journey_sql

CHANNEL_OF = {
    "campaign": "campaign_id",
    "medium": "medium_id",
    "source": "source_id",
    "combination": "channel_id",
    "kind": "kind_id",
}

_KEYED = """
    %(journey)s,
    keyed AS (
        SELECT lead_id, is_won, place, %(channel)s AS channel,
               lead(%(channel)s) OVER (PARTITION BY lead_id ORDER BY place) AS next
          FROM placed JOIN model ON model.of_company IN (0, placed.company_id)
         WHERE closed_at IS NOT NULL
    )
"""

_SAMPLE = """
    WITH %(keyed)s
    SELECT count(*) FILTER (WHERE is_won), count(*) FILTER (WHERE NOT is_won)
      FROM keyed WHERE place = 1
"""

_STEPS = """
    WITH %(keyed)s
    SELECT %(start)s, channel, count(*) FROM keyed WHERE place = 1 GROUP BY channel
     UNION ALL
    SELECT channel, COALESCE(next, CASE WHEN is_won THEN %(won)s ELSE %(lost)s END),
           count(*)
      FROM keyed GROUP BY 1, 2
"""

_CONVERSIONS = """
    WITH %(keyed)s,
    seen AS (SELECT DISTINCT lead_id, channel FROM keyed WHERE is_won),
    counted AS (
        SELECT channel, count(*) OVER (PARTITION BY lead_id) AS channels FROM seen
    )
    SELECT channel, channels, count(*) FROM counted GROUP BY channel, channels
"""

_NAMES = """
    SELECT DISTINCT ON (1) %(channel)s, %(name)s
      FROM crm_touch_channel channel
     WHERE %(channel)s = ANY(%(channels)s)
     ORDER BY 1, channel.id DESC
"""


def _keyed(rule, default_company_id):
    return SQL(
        _KEYED,
        journey=attribution_journey_sql.journey(
            [rule], lambda column: SQL("TRUE"), default_company_id
        ),
        channel=SQL.identifier(CHANNEL_OF[rule.level]),
    )


def sample(rule, default_company_id):
    """How many won and lost journeys there are."""
    return SQL(_SAMPLE, keyed=_keyed(rule, default_company_id))


def steps(rule, default_company_id):
    """Rows (from, to, how often) of all journeys, from their start to their end."""
    keyed = _keyed(rule, default_company_id)
    return SQL(_STEPS, keyed=keyed, start=START, won=WON, lost=LOST)


def conversions(rule, default_company_id):
    """Rows (channel, distinct channels of the journey, how many won journeys)."""
    return SQL(_CONVERSIONS, keyed=_keyed(rule, default_company_id))


def names(level, channels):
    """Rows (channel, name) of channels that are not kinds of touches."""
    if level == "combination":
        channel = SQL("channel.id")
        name = SQL("concat_ws(' / ', campaign_name, medium_name, source_name)")
    else:
        channel = SQL.identifier("channel", f"{level}_id")
        name = SQL.identifier("channel", f"{level}_name")
    return SQL(_NAMES, channel=channel, name=name, channels=list(channels))
