"""``engine.waterfall`` in SQL: the same definitions, for any number of deals.

The pipelines of the two days come from the pipeline history. Each step below is a
common table expression; ``step`` has the steps of ``engine.waterfall.steps``. Deals
that looked the same on both days, most of them, do not take that way: they are summed.
"""

from odoo.tools import SQL

from . import waterfall_scope_sql

# The rows of a day that were not the same on the other day, or not worth the same.
_STATE = """
    SELECT h.id, h.lead_id, h.company_id, h.team_id, h.user_id, h.status,
           h.forecast_category AS category, COALESCE(%(amount)s, 0) AS amount,
           COALESCE(h.probability, 0)::numeric AS probability, h.currency_id,
           CASE WHEN h.status = 'won' THEN COALESCE(h.date_closed, h.date_deadline)
                ELSE h.date_deadline END AS expected
      FROM crm_pipeline_history h
     WHERE h.valid_from <= %(day)s AND (h.valid_to IS NULL OR h.valid_to > %(day)s)
       AND h.lead_type = 'opportunity'
       AND (%(changed)s OR h.status = 'open' AND h.currency_id = ANY(%(moved)s))
       AND %(readable)s
"""

# The two days of each deal; ``b`` before, ``a`` after. What an outcome alone does to
# probability and category is no change.
_PAIR = """
    SELECT COALESCE(b.lead_id, a.lead_id) AS lead_id,
           b.status IS NOT NULL AND b.status = 'open' AS was_open,
           b.status AS b_status, a.status AS a_status,
           b.company_id AS b_company_id, a.company_id AS a_company_id,
           b.team_id AS b_team_id, a.team_id AS a_team_id,
           b.user_id AS b_user_id, a.user_id AS a_user_id,
           b.expected AS b_expected, a.expected AS a_expected,
           b.currency_id AS b_currency_id, a.currency_id AS a_currency_id,
           b.amount AS b_amount, a.amount AS a_amount,
           b.probability AS b_probability, b.category AS b_category,
           CASE WHEN b.status = 'open' AND a.status <> 'open' THEN b.probability
                ELSE a.probability END AS a_probability,
           CASE WHEN b.status = 'open' AND a.status <> 'open' THEN b.category
                ELSE a.category END AS a_category
      FROM before b
      FULL JOIN after a ON a.lead_id = b.lead_id
     WHERE b.status = 'open' OR a.status IN ('open', 'won', 'lost')
"""

_KEPT = """
    SELECT b_company_id AS company_id, b_team_id AS team_id, b_user_id AS user_id,
           b_category AS category, date_trunc('month', b_expected)::date AS month,
           %(deal)s AS lead_id, SUM(%(value)s) AS value, COUNT(*) AS deals
      FROM (SELECT h.lead_id, h.company_id AS b_company_id, h.team_id AS b_team_id,
                   h.user_id AS b_user_id, h.forecast_category AS b_category,
                   h.date_deadline AS b_expected, COALESCE(%(amount)s, 0) AS b_amount,
                   COALESCE(h.probability, 0)::numeric AS b_probability,
                   COALESCE(rate.factor, 0) AS bb
              FROM crm_pipeline_history h
              LEFT JOIN %(rates)s ON rate.currency_id = h.currency_id
             WHERE h.valid_from <= %(before)s
               AND (h.valid_to IS NULL OR h.valid_to > %(after)s)
               AND h.status = 'open' AND h.lead_type = 'opportunity'
               AND NOT h.currency_id = ANY(%(moved)s) AND %(readable)s) pair
     WHERE (%(holder)s, %(part)s, %(period)s) IS NOT NULL
     GROUP BY 1, 2, 3, 4, 5, 6
"""

_LINE = """
    SELECT bar, CASE WHEN bar IN ('opening', 'closing') AND NOT %(is_by_deal)s THEN NULL
                     ELSE lead_id END AS lead_number,
           company_id, team_id, user_id, category, status,
           date_trunc('month', expected)::date AS month,
           SUM(value) AS value, COUNT(*) AS deals
      FROM step
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
     UNION ALL
    SELECT both_days.bar, lead_id, company_id, team_id, user_id, category, 'open',
           month, value, deals
      FROM kept
     CROSS JOIN (VALUES ('opening'), ('closing')) both_days(bar)
"""

_PLACED = """
    SELECT pair.*, %(b_holder)s AS b_holder, %(a_holder)s AS a_holder,
           %(b_part)s AS b_part, %(a_part)s AS a_part,
           %(b_period)s AS b_period, %(a_period)s AS a_period,
           COALESCE(bb.factor, 0) AS bb, COALESCE(ba.factor, 0) AS ba,
           COALESCE(aa.factor, 0) AS aa
      FROM pair
      LEFT JOIN %(rates_before)s ON bb.currency_id = pair.b_currency_id
      LEFT JOIN %(rates_after)s ON ba.currency_id = pair.b_currency_id
      LEFT JOIN %(rates_after_too)s ON aa.currency_id = pair.a_currency_id
"""

# The values on the way from one day to the other.
_VALUED = """
    SELECT placed.*,
           was_open AND (b_holder, b_part, b_period) IS NOT NULL AS b_in,
           a_status IN ('open', 'won', 'lost')
               AND (a_holder, a_part, a_period) IS NOT NULL AS a_in,
           %(v_before)s AS v_before,
           CASE WHEN a_currency_id = b_currency_id THEN %(v_rate)s
                ELSE %(v_currency)s END AS v_currency,
           %(v_amount)s AS v_amount, %(v_probability)s AS v_probability,
           %(v_after)s AS v_after
      FROM placed
"""

_STEP = """
    SELECT v.lead_id, step.bar, step.value, step.is_after,
           CASE WHEN step.is_after THEN a_company_id ELSE b_company_id END
               AS company_id,
           CASE WHEN step.is_after THEN a_team_id ELSE b_team_id END AS team_id,
           CASE WHEN step.is_after THEN a_user_id ELSE b_user_id END AS user_id,
           CASE WHEN step.is_after THEN a_category ELSE b_category END AS category,
           CASE WHEN step.is_after THEN a_expected ELSE b_expected END AS expected,
           CASE WHEN step.is_after THEN a_status ELSE b_status END AS status
      FROM valued v
     CROSS JOIN LATERAL (SELECT
           v.was_open AND v.a_in
               AND (v.b_holder, v.b_part, v.b_period)
                   IS DISTINCT FROM (v.a_holder, v.a_part, v.a_period) AS arrives,
           v.was_open AND v.b_in AND v.a_status IN ('open', 'won', 'lost')
               AND (v.b_holder, v.b_part, v.b_period)
                   IS DISTINCT FROM (v.a_holder, v.a_part, v.a_period) AS leaves,
           NOT v.was_open AND v.a_in
               AND v.b_status IS DISTINCT FROM v.a_status AS comes
           ) way
     CROSS JOIN LATERAL (SELECT
           CASE WHEN v.b_holder IS DISTINCT FROM v.a_holder THEN 'owner'
                WHEN v.b_part IS DISTINCT FROM v.a_part THEN 'category'
                WHEN COALESCE(v.a_expected, 'infinity'::date)
                     > COALESCE(v.b_expected, 'infinity'::date) THEN 'pushed'
                ELSE 'pulled' END AS kind) move
     CROSS JOIN LATERAL (VALUES
           ('opening', v.b_in, v_before, FALSE),
           ('removed', v.b_in AND COALESCE(v.a_status = 'archived', TRUE),
            -v_before, FALSE),
           (CASE WHEN v.b_status IS NULL THEN 'new' ELSE 'reopened' END,
            way.comes, v_after, TRUE),
           (CASE move.kind WHEN 'category' THEN 'category'
                 ELSE move.kind || '_out' END, way.leaves, -v_before, FALSE),
           (CASE move.kind WHEN 'category' THEN 'category'
                 ELSE move.kind || '_in' END, way.arrives, v_before, TRUE),
           ('currency', v.was_open AND v.a_in AND v_currency <> v_before,
            v_currency - v_before, TRUE),
           (CASE WHEN v_amount > v_currency THEN 'amount_up' ELSE 'amount_down' END,
            v.was_open AND v.a_in AND v_amount <> v_currency,
            v_amount - v_currency, TRUE),
           ('probability', v.was_open AND v.a_in AND v_probability <> v_amount,
            v_probability - v_amount, TRUE),
           ('category', v.was_open AND v.a_in AND v_after <> v_probability,
            v_after - v_probability, TRUE),
           (CASE WHEN v.a_status = 'open' THEN 'closing' ELSE v.a_status END,
            way.comes OR v.was_open AND v.a_in,
            CASE WHEN v.a_status = 'open' THEN v_after ELSE -v_after END, TRUE)
           ) step(bar, happened, value, is_after)
     WHERE step.happened
"""


def lines(scope, readable):
    """The waterfall between two days, as the body of a WITH that ends with ``line``.

    A line is a change of a deal, or a part of opening or closing.

    :param scope: dict with ``before`` and ``after`` (days), ``company_ids``,
        ``team_ids``, ``user_ids``, ``categories``, ``first`` and ``last`` (each empty:
        anything), ``split``, ``amount`` (a column), ``is_weighted``, ``digits``, and
        ``rates_before`` and ``rates_after``, factors by currency; ``is_by_deal``:
        opening and closing by deal, too
    :param readable: a condition on the table ``h`` of the history
    """
    before, after = scope["before"], scope["after"]
    common = {
        "amount": SQL.identifier("h", scope["amount"]),
        "readable": readable,
        "moved": waterfall_scope_sql.moved_currencies(scope),
    }
    ended, begun = SQL("h.valid_to <= %s", after), SQL("h.valid_from > %s", before)
    parts = {
        "before": SQL(_STATE, day=before, changed=ended, **common),
        "after": SQL(_STATE, day=after, changed=begun, **common),
        "pair": SQL(_PAIR),
        "placed": _placed(scope),
        "valued": _valued(scope),
        "step": SQL(_STEP),
        "kept": SQL(
            _KEPT,
            before=before,
            after=after,
            deal=SQL("lead_id" if scope["is_by_deal"] else "NULL::int"),
            value=waterfall_scope_sql.value(
                scope, "b_amount", "bb", "b_probability", "b_category"
            ),
            rates=waterfall_scope_sql.rates_table(scope["rates_before"], "rate"),
            holder=waterfall_scope_sql.holder(scope, "b"),
            part=waterfall_scope_sql.part(scope, "b"),
            period=waterfall_scope_sql.period(scope, "b"),
            **common,
        ),
        "line": SQL(_LINE, is_by_deal=scope["is_by_deal"]),
    }
    return SQL(", ").join(
        SQL("%s AS (%s)", SQL.identifier(name), part) for name, part in parts.items()
    )


def _placed(scope):
    sides = {}
    for side in "ba":
        sides[f"{side}_holder"] = waterfall_scope_sql.holder(scope, side)
        sides[f"{side}_part"] = waterfall_scope_sql.part(scope, side)
        sides[f"{side}_period"] = waterfall_scope_sql.period(scope, side)
    return SQL(
        _PLACED,
        rates_before=waterfall_scope_sql.rates_table(scope["rates_before"], "bb"),
        rates_after=waterfall_scope_sql.rates_table(scope["rates_after"], "ba"),
        rates_after_too=waterfall_scope_sql.rates_table(scope["rates_after"], "aa"),
        **sides,
    )


def _valued(scope):
    def value(*names):
        return waterfall_scope_sql.value(scope, *names)

    return SQL(
        _VALUED,
        v_before=value("b_amount", "bb", "b_probability", "b_category"),
        v_rate=value("b_amount", "ba", "b_probability", "b_category"),
        v_currency=value("a_amount", "aa", "b_probability", "b_category"),
        v_amount=value("a_amount", "aa", "b_probability", "b_category"),
        v_probability=value("a_amount", "aa", "a_probability", "b_category"),
        v_after=value("a_amount", "aa", "a_probability", "a_category"),
    )
