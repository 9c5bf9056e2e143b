"""The lines of the attribution report: credits, deals without one, costs."""

from odoo.tools import SQL

from .campaign_cost_sql import entered, of_touches
from .report_sql import CHANNEL, CHANNEL_JOINS, STATUS

_MODELS = """
    (SELECT id, version, computed_at, company_id, id = %(default)s AS is_default,
            COALESCE(name ->> %(lang)s, name ->> 'en_US') || ' v' || version || ', '
            || COALESCE(to_char(computed_at AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s,
                                'YYYY-MM-DD HH24:MI'), '…') AS label
       FROM crm_attribution_model
      WHERE id = ANY(%(models)s)) model
"""
# What every line has; the selects below fill in ``line``. Each column has the same
# type in all of them: else PostgreSQL would work out columns that nobody asked for.
_LINE = """
    SELECT line.id, line.line, line.model_id, line.model_label, line.version,
           line.computed_at, line.is_default_model, line.lead_id, line.cost_id,
           line.touchpoint_id, kind.id AS kind_id, %(channel)s,
           line.team_id, line.user_id, line.company_id, line.status, line.date,
           line.touched_on, line.created_on, line.line <> 'unattributed'
           AS is_attributed, rate.factor IS NULL AS is_rate_missing,
           %(currency_id)s AS currency_id, %(measures)s
"""
_NAMES = """
      LEFT JOIN crm_touch_kind kind ON kind.id = line.kind_id
      LEFT JOIN crm_touch_channel channel ON channel.id = line.channel_id
      %(channel_joins)s
      LEFT JOIN %(rates)s ON rate.currency_id = line.currency_id
"""
_DEAL_MEASURES = """
    line.amount * rate.factor AS value,
    CASE line.status WHEN 'open' THEN line.amount * rate.factor ELSE 0 END AS pipeline,
    CASE line.status WHEN 'open'
         THEN line.amount * rate.factor * line.probability::numeric / 100 ELSE 0
    END AS weighted,
    CASE line.status WHEN 'won' THEN line.amount * rate.factor ELSE 0 END AS won,
    CASE line.status WHEN 'lost' THEN line.amount * rate.factor ELSE 0 END AS lost,
    line.fraction AS deals,
    CASE line.status WHEN 'won' THEN line.fraction ELSE 0 END AS won_deals,
    0::numeric AS cost,
    CASE line.status WHEN 'won' THEN line.first_touch_days
    END AS days_first_touch_to_won
"""
_COST_MEASURES = """
    0::numeric AS value, 0::numeric AS pipeline, 0::numeric AS weighted,
    0::numeric AS won, 0::numeric AS lost, 0::numeric AS deals,
    0::numeric AS won_deals, line.amount * rate.factor AS cost,
    NULL::float8 AS days_first_touch_to_won
"""
_MODEL = """
    model.id AS model_id, model.label AS model_label, model.computed_at,
    model.is_default AS is_default_model
"""
# Of both kinds of lines about deals.
_DEAL = """
    lead.id AS lead_id, NULL::int AS cost_id, lead.team_id, lead.user_id,
    lead.company_id, COALESCE(lead.probability, 0) AS probability,
    %(status)s AS status,
    CASE WHEN lead.won_status IN ('won', 'lost')
         THEN COALESCE(%(closed_on)s, lead.date_deadline)
         ELSE lead.date_deadline END AS date,
    %(created_on)s AS created_on,
    CASE WHEN first.happened_at <= lead.date_closed
         THEN EXTRACT(epoch FROM lead.date_closed - first.happened_at)::float8 / 86400
    END AS first_touch_days
"""
# PostgreSQL leaves a join out whose columns nobody asked for: one row per opportunity.
_PLACE = """
      LEFT JOIN (
            SELECT lead_id, MIN(happened_at) AS happened_at
              FROM crm_touchpoint
             WHERE lead_id IS NOT NULL
               AND reverses_id IS NULL AND reversed_by_id IS NULL
             GROUP BY lead_id
           ) first ON first.lead_id = lead.id
      LEFT JOIN crm_team team ON team.id = lead.team_id
      LEFT JOIN res_users owner ON owner.id = lead.user_id
      LEFT JOIN res_company company ON company.id = COALESCE(
           lead.company_id, team.company_id, owner.company_id, %(first_company_id)s)
      LEFT JOIN res_partner place ON place.id = company.partner_id
"""
_CREDITED = """
    SELECT credit.id::bigint * 4 AS id, 'credit'::varchar AS line, %(model)s,
           credit.version, credit.touchpoint_id, touch.kind_id, touch.channel_id,
           %(touched_on)s AS touched_on, COALESCE(credit.amount, 0) AS amount,
           credit.fraction, credit.currency_id, %(deal)s
      FROM crm_attribution_credit credit
      JOIN %(models)s ON model.id = credit.model_id
      JOIN crm_lead lead ON lead.id = credit.lead_id
      LEFT JOIN crm_touchpoint touch ON touch.id = credit.touchpoint_id
      %(place)s
     WHERE lead.type = 'opportunity' AND %(readable)s
"""
_WITHOUT_CREDIT = """
    SELECT (lead.id::bigint * 65536 + model.id) * 4 + 1 AS id,
           'unattributed'::varchar AS line, %(model)s, model.version,
           NULL::int AS touchpoint_id, NULL::int AS kind_id, NULL::int AS channel_id,
           NULL::date AS touched_on, COALESCE(lead.expected_revenue, 0) AS amount,
           1::numeric AS fraction, company.currency_id, %(deal)s
      FROM crm_lead lead
      %(place)s
      JOIN %(models)s ON model.company_id IS NULL OR model.company_id = company.id
     WHERE lead.type = 'opportunity' AND %(readable)s
       AND NOT EXISTS (
            SELECT FROM crm_attribution_credit credit
             WHERE credit.lead_id = lead.id AND credit.model_id = model.id)
"""
_COST = """
    SELECT (cost.id * 65536 + model.id) * 4 + %(number)s AS id,
           'cost'::varchar AS line, %(model)s, model.version,
           NULL::int AS lead_id, cost.cost_id, NULL::int AS touchpoint_id,
           cost.kind_id, cost.channel_id,
           NULL::int AS team_id, NULL::int AS user_id, cost.company_id,
           NULL::varchar AS status, cost.date, cost.date AS touched_on,
           cost.date AS created_on, cost.amount, cost.currency_id
      FROM (%(costs)s) cost
      JOIN %(models)s
        ON model.company_id IS NULL OR model.company_id = cost.company_id
"""


def local_day(column):
    """The day of a moment where the company of the opportunity is."""
    return SQL(
        "(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(place.tz, 'UTC'))::date", column
    )


def models_table(ids, lang, tz):
    """The models as a table ``model`` to join.

    :param ids: of the models to report; the reports open with the first one
    """
    default = ids[0] if ids else None
    return SQL(_MODELS, models=ids, default=default, lang=lang, tz=tz)


def lines(models, readable, currency_id, first_company_id, rates, with_cost):
    """Every line under these models.

    :param models: what ``models_table`` returns
    :param readable: condition on ``lead.id``
    :param rates: table ``rate(currency_id, factor)``
    :param with_cost: whether there are lines about costs
    """
    known = {
        "model": SQL(_MODEL),
        "models": models,
        "readable": readable,
        "place": SQL(_PLACE, first_company_id=first_company_id),
        "deal": SQL(
            _DEAL,
            status=STATUS,
            closed_on=local_day(SQL("lead.date_closed")),
            created_on=local_day(SQL("lead.create_date")),
        ),
        "touched_on": local_day(SQL("touch.happened_at")),
    }
    parts = [
        (SQL(_CREDITED, **known), _DEAL_MEASURES),
        (SQL(_WITHOUT_CREDIT, **known), _DEAL_MEASURES),
    ]
    if with_cost:
        for number, costs in ((2, entered()), (3, of_touches(first_company_id))):
            parts.append(
                (SQL(_COST, number=number, costs=costs, **known), _COST_MEASURES)
            )
    names = SQL(_NAMES, channel_joins=CHANNEL_JOINS, rates=rates)
    return SQL(" UNION ALL ").join(
        SQL(
            "%s FROM (%s) line %s",
            SQL(
                _LINE,
                channel=CHANNEL,
                currency_id=currency_id,
                measures=SQL(measures),
            ),
            part,
            names,
        )
        for part, measures in parts
    )
