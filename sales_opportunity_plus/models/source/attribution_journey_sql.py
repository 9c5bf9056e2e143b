"""The SQL of journeys: the touches of deals that count, in their order, by model."""

from odoo.tools import SQL

# A scope is what decides which touches count: models that agree on it share the work.
# A value that no company has ever had, or that is no number, is worth nothing.
# ``OFFSET 0`` has PostgreSQL work out once what is used several times.
_JOURNEY = """
    scope (scope_id, kind_ids, lookback) AS (VALUES %(scopes)s),
    model (%(columns)s) AS (VALUES %(models)s),
    priced AS (
        SELECT lead.id AS lead_id, company.id AS company_id, company.currency_id,
               currency.rounding, lead.create_date AS created_at,
               CASE WHEN lead.won_status IN ('won', 'lost') THEN lead.date_closed
               END AS closed_at,
               COALESCE(lead.date_conversion, CASE WHEN lead.type = 'opportunity'
                        THEN lead.create_date END) AS converted_at,
               lead.won_status = 'won' AS is_won,
               lead.expected_revenue < 0 AS is_negative,
               CASE WHEN abs(lead.expected_revenue) < 1e24
                    THEN abs(lead.expected_revenue) ELSE 0 END AS value
          FROM crm_lead lead
          LEFT JOIN crm_team team ON team.id = lead.team_id
          LEFT JOIN res_users salesperson ON salesperson.id = lead.user_id
          JOIN res_company company
            ON company.id = COALESCE(lead.company_id, team.company_id,
                                     salesperson.company_id, %(default_company)s)
          JOIN res_currency currency ON currency.id = company.currency_id
         WHERE %(leads)s
        OFFSET 0
    ),
    deal AS (
        SELECT priced.*, div(value, rounding) AS units, mod(value, rounding) AS rest,
               CASE WHEN value <= %(small)s * rounding
                    THEN div(value, rounding)::int8 END AS small_units
          FROM priced
        OFFSET 0
    ),
    touched AS (
        SELECT deal.*, scope.scope_id, scope.lookback, touch.id AS touch_id,
               touch.happened_at, touch.kind_id, channel.is_direct,
               channel.id AS channel_id, channel.campaign_id, channel.medium_id,
               channel.source_id, last_value(touch.happened_at) OVER journey AS last_at
          FROM deal
          JOIN crm_touchpoint touch ON touch.lead_id = deal.lead_id
           AND touch.reverses_id IS NULL AND touch.reversed_by_id IS NULL
           AND touch.happened_at <= COALESCE(deal.closed_at, 'infinity')
          JOIN crm_touch_channel channel ON channel.id = touch.channel_id
          JOIN scope ON touch.kind_id = ANY(scope.kind_ids)
        WINDOW journey AS (
            PARTITION BY scope.scope_id, deal.lead_id
            ORDER BY touch.happened_at, touch.id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    ),
    placed AS (
        SELECT touched.*,
               row_number() OVER journey AS place,
               count(*) FILTER (WHERE is_direct IS NOT TRUE) OVER journey AS sent,
               count(*) OVER whole AS touches,
               count(*) FILTER (WHERE is_direct IS NOT TRUE) OVER whole AS all_sent,
               count(*) FILTER (WHERE happened_at <= created_at) OVER whole AS by_lead,
               count(*) FILTER (WHERE happened_at <= converted_at) OVER whole
                   AS by_opportunity
          FROM touched
         WHERE lookback = 0
            OR happened_at >= COALESCE(closed_at, last_at) - lookback * interval '24h'
        WINDOW journey AS (PARTITION BY scope_id, lead_id
                           ORDER BY happened_at, touch_id),
               whole AS (PARTITION BY scope_id, lead_id)
    )
"""

#: Units of a currency that fit into 64 bits with a weight of 2^33 each.
_SMALL = 2**30
_COLUMNS = (
    "model_id version_id version shape half_life_seconds first lead opportunity last"
    " middle scope of_company level others"
)


def journey(rules, leads, default_company_id):
    """Named queries ``model`` (a row per rule) and ``placed`` (a row per touch).

    :param rules: ``Rule`` tuples
    :param leads: function of an SQL column: the condition on it
    :param default_company_id: whose currency holds where nothing else says it
    """
    scopes = list(dict.fromkeys((rule.kind_ids, rule.lookback) for rule in rules))
    return SQL(
        _JOURNEY,
        scopes=SQL(", ").join(
            SQL("(%s, %s::int[], %s)", number, list(kind_ids), lookback)
            for number, (kind_ids, lookback) in enumerate(scopes)
        ),
        columns=SQL(", ").join(map(SQL.identifier, _COLUMNS.split())),
        models=SQL(", ").join(
            _model_row(rule, scopes.index((rule.kind_ids, rule.lookback)))
            for rule in rules
        ),
        default_company=default_company_id,
        small=_SMALL,
        leads=leads(SQL("lead.id")),
    )


def _model_row(rule, scope):
    return SQL(
        "(%s, %s, %s, %s, %s::float8, %s::int8, %s::int8, %s::int8, %s::int8,"
        " %s::int8, %s, %s, %s, %s::int8)",
        rule.model_id,
        rule.version_id,
        rule.version,
        rule.shape,
        rule.half_life * 86400.0,
        rule.first,
        rule.lead,
        rule.opportunity,
        rule.last,
        rule.middle,
        scope,
        rule.company_id or 0,
        rule.level,
        rule.others,
    )


def in_range(after, upto):
    """Opportunities whose id is more than ``after`` and at most ``upto``."""
    return lambda column: SQL("%s > %s AND %s <= %s", column, after, column, upto)


def among(lead_ids):
    return lambda column: SQL("%s = ANY(%s)", column, list(lead_ids))
