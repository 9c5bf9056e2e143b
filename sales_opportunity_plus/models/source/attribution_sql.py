"""The SQL that shares deals out among their touches: statements only, no ORM.

It says what ``engine.attribution`` says, for many deals and models at once; a test
holds both equal. Whole numbers until the end: weights are at most 2^33, so a billion
times a weight stays in 64 bits, and so does an amount of up to 2^30 units; larger ones
go the slower way of exact decimals.
"""

from odoo.tools import SQL

from ...engine.attribution import DATA_DRIVEN, FADED, SCALE, WHOLE
from . import attribution_journey_sql

# Which touch a milestone credits, and what its touches weigh. A milestone that has no
# weight credits none (place 0), nor does the opportunity of what is still a lead.
_BY_RULE = """
    milestone AS (
        SELECT placed.*, model.*,
               CASE WHEN first > 0 THEN 1 ELSE 0 END AS at_first,
               CASE WHEN lead > 0 THEN GREATEST(by_lead, 1) ELSE 0 END AS at_lead,
               CASE WHEN opportunity > 0 AND converted_at IS NOT NULL
                    THEN GREATEST(by_opportunity, 1) ELSE 0 END AS at_opportunity,
               CASE WHEN last > 0 THEN touches ELSE 0 END AS at_last
          FROM placed
          JOIN model ON model.scope = placed.scope_id
           AND model.of_company IN (0, placed.company_id)
         WHERE CASE shape
               WHEN 'first' THEN place = 1
               WHEN 'last' THEN place = touches
               WHEN 'last_non_direct' THEN CASE WHEN all_sent = 0 THEN place = touches
                    ELSE sent = all_sent AND is_direct IS NOT TRUE END
               ELSE TRUE END
        OFFSET 0
    ),
    earned AS (
        SELECT milestone.*,
               CASE WHEN place = at_first THEN first ELSE 0 END
               + CASE WHEN place = at_lead THEN lead ELSE 0 END
               + CASE WHEN place = at_opportunity THEN opportunity ELSE 0 END
               + CASE WHEN place = at_last THEN last ELSE 0 END AS own,
               touches - (at_first > 0)::int
               - (at_lead > 0 AND at_lead <> at_first)::int
               - (at_opportunity > 0
                  AND at_opportunity NOT IN (at_first, at_lead))::int
               - (at_last > 0
                  AND at_last NOT IN (at_first, at_lead, at_opportunity))::int
                   AS other_touches
          FROM milestone
    ),
    weighed AS (
        SELECT earned.*,
               CASE shape
               WHEN 'decay' THEN
                   CASE WHEN EXTRACT(epoch FROM last_at - happened_at)::float8
                             / half_life_seconds > %(faded)s THEN 0
                   ELSE floor(%(scale)s::float8 * power(2::float8,
                        -(EXTRACT(epoch FROM last_at - happened_at)::float8
                          / half_life_seconds)) + 0.5)::int8 END
               WHEN 'position' THEN
                   CASE WHEN own > 0 THEN own * GREATEST(other_touches, 1)
                        ELSE middle END
               ELSE 1 END AS weight
          FROM earned
        OFFSET 0
    )
"""

# A channel's weight, shared equally by its touches of the deal.
_BY_CHANNEL = """
    keyed AS (
        SELECT placed.*, model.*,
               CASE level WHEN 'campaign' THEN campaign_id
                          WHEN 'medium' THEN medium_id
                          WHEN 'source' THEN source_id
                          WHEN 'combination' THEN channel_id
                          ELSE kind_id END AS key
          FROM placed
          JOIN model ON model.scope = placed.scope_id
           AND model.of_company IN (0, placed.company_id)
    ),
    weighed AS (
        SELECT keyed.*,
               COALESCE(channel.weight::int8, keyed.others)
               / count(*) OVER (PARTITION BY keyed.model_id, keyed.lead_id, keyed.key)
                   AS weight
          FROM keyed
          LEFT JOIN crm_attribution_weight channel
            ON channel.version_id = keyed.version_id AND channel.channel = keyed.key
    )
"""

# The amount by largest remainder; the billionths of the fraction that are left go to
# the first touches, which takes no second sorting. Where nothing weighs, all touches
# weigh the same. ``OFFSET 0`` has PostgreSQL work out once what is used several times.
_SHARE = """
    totalled AS (
        SELECT weighed.*,
               sum(weight) OVER deal::int8 AS total,
               count(*) FILTER (WHERE weight > 0) OVER journey AS turn
          FROM weighed
        WINDOW deal AS (PARTITION BY model_id, lead_id),
               journey AS (PARTITION BY model_id, lead_id ORDER BY place)
    ),
    credited AS (
        SELECT model_id, version, lead_id, touch_id, place, currency_id, rounding,
               units, small_units, rest, is_negative,
               CASE WHEN total = 0 THEN place ELSE turn END AS turn,
               CASE WHEN total = 0 THEN 1 ELSE weight END AS weight,
               CASE WHEN total = 0 THEN touches ELSE total END AS total
          FROM totalled
         WHERE total = 0 OR weight > 0
        OFFSET 0
    ),
    shared AS (
        SELECT credited.*, %(whole)s::int8 * weight / total AS parts,
               small_units * weight / total AS money,
               CASE WHEN small_units IS NULL THEN div(units * weight, total)
               END AS much_money,
               CASE WHEN small_units IS NULL THEN mod(units * weight, total)::int8
                    ELSE small_units * weight %% total END AS money_left
          FROM credited
        OFFSET 0
    ),
    ranked AS (
        SELECT shared.*,
               row_number() OVER (PARTITION BY model_id, lead_id
                                  ORDER BY money_left DESC, place) AS money_turn,
               %(whole)s::int8 - sum(parts) OVER deal::int8 AS parts_spare,
               small_units - sum(money) OVER deal::int8 AS money_spare,
               (units - sum(much_money) OVER deal)::int8 AS much_money_spare
          FROM shared
        WINDOW deal AS (PARTITION BY model_id, lead_id)
        OFFSET 0
    ),
    credit AS (
        SELECT model_id, version, lead_id, touch_id, currency_id, is_negative,
               parts + CASE WHEN turn <= parts_spare THEN 1 ELSE 0 END AS parts,
               CASE WHEN small_units IS NULL THEN
                   much_money + CASE WHEN money_turn <= much_money_spare THEN 1
                                     ELSE 0 END
               ELSE
                   money + CASE WHEN money_turn <= money_spare THEN 1 ELSE 0 END
               END * rounding + CASE WHEN money_turn = 1 THEN rest ELSE 0 END AS amount
          FROM ranked
        OFFSET 0
    )
"""

_WRITE = """
    WITH %(journey)s, %(weighed)s, %(share)s
    INSERT INTO crm_attribution_credit
           (model_id, version, lead_id, touchpoint_id, fraction, amount, currency_id)
    SELECT model_id, version, lead_id, touch_id, parts * 0.000000001,
           CASE WHEN is_negative THEN -amount ELSE amount END, currency_id
      FROM credit
     WHERE parts > 0 OR amount > 0
"""


def forget(leads, model_ids=None):
    """Take the credits of opportunities away, under some models or all.

    :param leads: function of an SQL column: the condition on it
    """
    return SQL(
        "DELETE FROM crm_attribution_credit WHERE %s AND %s",
        leads(SQL("lead_id")),
        SQL("model_id = ANY(%s)", list(model_ids)) if model_ids else SQL("TRUE"),
    )


def credit(rules, leads, default_company_id):
    """Write the credits of opportunities; those of before are gone already.

    :param rules: ``Rule`` tuples, either data-driven ones or others
    :param leads: as in ``forget``
    :param default_company_id: whose currency holds where nothing else says it
    """
    by_channel = rules[0].shape in DATA_DRIVEN
    return SQL(
        _WRITE,
        journey=attribution_journey_sql.journey(rules, leads, default_company_id),
        weighed=SQL(_BY_CHANNEL)
        if by_channel
        else SQL(_BY_RULE, faded=FADED, scale=SCALE),
        share=SQL(_SHARE, whole=WHOLE),
    )
