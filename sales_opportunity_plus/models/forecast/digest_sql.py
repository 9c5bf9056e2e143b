"""The figures of a digest, as of a day of the pipeline history."""

from odoo.tools import SQL

# What was open at the end of a day and expected to close in a period or before it, and
# what had been won in it.
_STANDING = """
    SELECT COALESCE(SUM(held.amount * rate.factor * held.probability / 100)
               FILTER (WHERE %(expected)s), 0),
           COALESCE(SUM(held.amount * rate.factor)
               FILTER (WHERE %(expected)s AND held.forecast_category = 'commit'), 0),
           COALESCE(SUM(held.amount * rate.factor)
               FILTER (WHERE %(expected)s), 0),
           COALESCE(SUM(held.amount * rate.factor)
               FILTER (WHERE held.status = 'won'
                         AND held.date_closed BETWEEN %(start)s AND %(end)s), 0)
      FROM crm_pipeline_history held
      JOIN %(rates)s ON rate.currency_id = held.currency_id
     WHERE held.valid_from <= %(day)s AND COALESCE(held.valid_to > %(day)s, TRUE)
       AND held.lead_type = 'opportunity' AND held.status IN ('open', 'won')
       AND held.forecast_category <> 'omitted'
       AND %(company)s = %(company_id)s AND %(readable)s
"""
_EXPECTED = "held.status = 'open' AND held.date_deadline <= %(end)s"

_SLIPPED = """
    SELECT COUNT(DISTINCT held.lead_id)
      FROM crm_pipeline_history held
      JOIN crm_pipeline_history before
        ON before.lead_id = held.lead_id AND before.valid_to = held.valid_from
     WHERE held.valid_from >= %(first)s AND held.valid_from < %(until)s
       AND held.lead_type = 'opportunity' AND held.status = 'open'
       AND before.status = 'open' AND held.date_deadline > before.date_deadline
       AND %(company)s = %(company_id)s AND %(readable)s
"""


def standing(end, **asked):
    """Weighted, commit, open and won amount of a period."""
    return SQL(_STANDING, expected=SQL(_EXPECTED, end=end), end=end, **asked)


def slipped(**asked):
    """How many opportunities were expected later at the end of a day than before."""
    return SQL(_SLIPPED, **asked)
