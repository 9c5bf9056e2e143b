"""The steps of the deals of a waterfall, in SQL: see ``engine.waterfall.steps``.

The pipelines of the two days come from the pipeline history. Each step below is a
common table expression. Deals that looked the same on both days, most of them, do not
take that way: they are ``kept``.
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
     WHERE (%(changed)s) AND h.valid_from <= %(day)s
       AND (h.valid_to IS NULL OR h.valid_to > %(day)s)
       AND h.lead_type = 'opportunity' AND %(readable)s
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

# Deals that looked the same on both days, at the same rates: in opening and closing.
_KEPT = """
    SELECT lead_id, b_company_id AS company_id, b_team_id AS team_id,
           b_user_id AS user_id, b_category AS category, b_expected AS expected,
           %(value)s AS value
      FROM (SELECT h.lead_id, h.company_id AS b_company_id, h.team_id AS b_team_id,
                   h.user_id AS b_user_id, h.forecast_category AS b_category,
                   h.date_deadline AS b_expected, COALESCE(%(amount)s, 0) AS b_amount,
                   COALESCE(h.probability, 0)::numeric AS b_probability,
                   %(factor)s AS bb
              FROM crm_pipeline_history h
             WHERE h.valid_from <= %(before)s
               AND (h.valid_to IS NULL OR h.valid_to > %(after)s)
               AND h.status = 'open' AND h.lead_type = 'opportunity'
               AND %(is_as_much)s AND %(readable)s) pair
     WHERE (%(holder)s, %(part)s, %(period)s) IS NOT NULL
"""

_PLACED = """
    SELECT pair.*, %(b_holder)s AS b_holder, %(a_holder)s AS a_holder,
           %(b_part)s AS b_part, %(a_part)s AS a_part,
           %(b_period)s AS b_period, %(a_period)s AS a_period,
           %(bb)s AS bb, %(ba)s AS ba, %(aa)s AS aa
      FROM pair
"""

# The values on the way from one day to the other.
_VALUED = """
    SELECT placed.*,
           was_open AND (b_holder, b_part, b_period) IS NOT NULL AS b_in,
           a_status IN ('open', 'won', 'lost')
               AND (a_holder, a_part, a_period) IS NOT NULL AS a_in,
           (b_holder, b_part, b_period)
               IS DISTINCT FROM (a_holder, a_part, a_period) AS is_elsewhere,
           %(v_before)s AS v_before,
           CASE WHEN a_currency_id = b_currency_id THEN %(v_rate)s
                ELSE %(v_currency)s END AS v_currency,
           %(v_amount)s AS v_amount, %(v_probability)s AS v_probability,
           %(v_after)s AS v_after
      FROM placed
"""

# What each deal did: it came from outside, or was open and left, arrived or stayed.
_MOVED = """
    SELECT valued.*, was_open AND a_in AS is_there,
           NOT was_open AND a_in AND b_status IS DISTINCT FROM a_status AS comes,
           was_open AND a_in AND is_elsewhere AS arrives,
           was_open AND b_in AND a_status IN ('open', 'won', 'lost') AND is_elsewhere
               AS leaves,
           CASE WHEN b_holder IS DISTINCT FROM a_holder THEN 'owner'
                WHEN b_part IS DISTINCT FROM a_part THEN 'category'
                WHEN COALESCE(a_expected, 'infinity'::date)
                     > COALESCE(b_expected, 'infinity'::date) THEN 'pushed'
                ELSE 'pulled' END AS way
      FROM valued
"""

# The steps of a deal: which bar, when, of what value, and in the place of which day.
_STEPS = (
    ("'opening'", "b_in", "v_before", "b"),
    ("'removed'", "b_in AND COALESCE(a_status = 'archived', TRUE)", "-v_before", "b"),
    (
        "CASE WHEN b_status IS NULL THEN 'new' ELSE 'reopened' END",
        "comes",
        "v_after",
        "a",
    ),
    (
        "CASE way WHEN 'category' THEN way ELSE way || '_out' END",
        "leaves",
        "-v_before",
        "b",
    ),
    (
        "CASE way WHEN 'category' THEN way ELSE way || '_in' END",
        "arrives",
        "v_before",
        "a",
    ),
    ("'currency'", "is_there AND v_currency <> v_before", "v_currency - v_before", "a"),
    (
        "CASE WHEN v_amount > v_currency THEN 'amount_up' ELSE 'amount_down' END",
        "is_there AND v_amount <> v_currency",
        "v_amount - v_currency",
        "a",
    ),
    (
        "'probability'",
        "is_there AND v_probability <> v_amount",
        "v_probability - v_amount",
        "a",
    ),
    (
        "'category'",
        "is_there AND v_after <> v_probability",
        "v_after - v_probability",
        "a",
    ),
    (
        "CASE WHEN a_status = 'open' THEN 'closing' ELSE a_status END",
        "comes OR is_there",
        "CASE WHEN a_status = 'open' THEN v_after ELSE -v_after END",
        "a",
    ),
)
# A query each: PostgreSQL prepares a list of values anew for every deal.
_STEP = """
    SELECT lead_id, %(number)s AS number, %(bar)s AS bar, %(value)s AS value,
           %(company_id)s AS company_id, %(team_id)s AS team_id,
           %(user_id)s AS user_id, %(category)s AS category, %(expected)s AS expected,
           %(status)s AS status, %(is_first)s AS is_first,
           %(is_first_there)s AS is_first_there
      FROM moved
     WHERE %(happened)s
"""
#: Whether a deal is in a bar for the first time, of the whole and of a row, by the
#: number of the step: three are about the category.
_FIRST = {5: "NOT (leaves AND way = 'category')"}
_FIRST[9] = "NOT ((leaves OR arrives) AND way = 'category')"
_FIRST_THERE = {9: "NOT (arrives AND way = 'category')"}


def _step():
    queries = []
    for number, (bar, happened, value, side) in enumerate(_STEPS, 1):
        names = ("company_id", "team_id", "user_id", "category", "expected", "status")
        place = {name: SQL.identifier(f"{side}_{name}") for name in names}
        queries.append(
            SQL(
                _STEP,
                number=number,
                bar=SQL(bar),
                happened=SQL(happened),
                value=SQL(value),
                is_first=SQL(_FIRST.get(number, "TRUE")),
                is_first_there=SQL(_FIRST_THERE.get(number, "TRUE")),
                **place,
            )
        )
    return SQL(" UNION ALL ").join(queries)


def steps(scope, readable):
    """The body of a WITH that ends with ``step``, what changed, and ``kept``.

    :param scope: dict with ``before`` and ``after`` (days), ``company_ids``,
        ``team_ids``, ``user_ids``, ``categories``, ``first`` and ``last`` (each empty:
        anything), ``split``, ``amount`` (a column), ``is_weighted``, ``digits``, and
        ``rates_before`` and ``rates_after``, factors by currency
    :param readable: a condition on the table ``h`` of the history
    """
    before, after = scope["before"], scope["after"]
    common = {
        "amount": SQL.identifier("h", scope["amount"]),
        "readable": readable,
    }
    is_moved = SQL("FALSE")
    if moved := waterfall_scope_sql.moved_currencies(scope):
        is_moved = SQL("(h.currency_id = ANY(%s) AND h.status = 'open')", moved)
    ended = SQL("h.valid_to <= %s OR %s", after, is_moved)
    begun = SQL("h.valid_from > %s OR %s", before, is_moved)
    return SQL(
        """before AS (%s), after AS (%s), pair AS (%s), placed AS (%s),
           valued AS (%s), moved AS MATERIALIZED (%s), step AS (%s), kept AS (%s)""",
        SQL(_STATE, day=before, changed=ended, **common),
        SQL(_STATE, day=after, changed=begun, **common),
        SQL(_PAIR),
        _placed(scope),
        _valued(scope),
        SQL(_MOVED),
        _step(),
        SQL(
            _KEPT,
            before=before,
            after=after,
            value=waterfall_scope_sql.value(
                scope, "b_amount", "bb", "b_probability", "b_category"
            ),
            factor=waterfall_scope_sql.factor(
                scope["rates_before"], SQL("h.currency_id")
            ),
            is_as_much=SQL("NOT %s", is_moved),
            holder=waterfall_scope_sql.holder(scope, "b"),
            part=waterfall_scope_sql.part(scope, "b"),
            period=waterfall_scope_sql.period(scope, "b"),
            **common,
        ),
    )


def _placed(scope):
    sides = {}
    for side in "ba":
        sides[f"{side}_holder"] = waterfall_scope_sql.holder(scope, side)
        sides[f"{side}_part"] = waterfall_scope_sql.part(scope, side)
        sides[f"{side}_period"] = waterfall_scope_sql.period(scope, side)
    return SQL(
        _PLACED,
        bb=waterfall_scope_sql.factor(scope["rates_before"], SQL("b_currency_id")),
        ba=waterfall_scope_sql.factor(scope["rates_after"], SQL("b_currency_id")),
        aa=waterfall_scope_sql.factor(scope["rates_after"], SQL("a_currency_id")),
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
