"""The SQL of what people say of a period's forecast, summed by place."""

from odoo.tools import SQL

# What replaces a figure replaces what was said of it before: ``override_id``.
_TOTALS = """
    SELECT team_id, user_id, forecast_category,
           COALESCE(SUM(value) FILTER (
               WHERE kind = 'signed' AND id > COALESCE(override_id, 0)), 0) AS added,
           SUM(value) FILTER (WHERE kind = 'override') AS override,
           COUNT(*) FILTER (WHERE kind = 'override') AS overrides,
           COUNT(*) FILTER (WHERE value IS NULL) AS rate_missing
      FROM (
        SELECT said.id, COALESCE(said.team_id, 0) AS team_id,
               COALESCE(said.user_id, 0) AS user_id, said.forecast_category, said.kind,
               CASE WHEN said.currency_id IS NULL THEN said.amount
                    ELSE ROUND(said.amount * rate.factor, %(digits)s)
               END AS value,
               MAX(said.id) FILTER (WHERE said.kind = 'override') OVER (
                   PARTITION BY said.company_id, said.team_id, said.user_id,
                                said.forecast_category) AS override_id
          FROM crm_forecast_adjustment said
          LEFT JOIN %(rates)s ON rate.currency_id = said.currency_id
         WHERE said.id IN %(readable)s
      ) line
     GROUP BY team_id, user_id, forecast_category
"""


def totals(readable, rates, digits):
    return SQL(_TOTALS, readable=readable, rates=rates, digits=digits)
