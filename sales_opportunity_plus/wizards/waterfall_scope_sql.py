"""What a waterfall looks at, in SQL: places, rates and values by the scope.

A deal's columns are those of ``pair``: ``b_…`` before and ``a_…`` after.
"""

from odoo.tools import SQL


def moved_currencies(scope):
    """Ids of the currencies whose rate is not the same on both days."""
    before, after = scope["rates_before"], scope["rates_after"]
    return [one for one in before | after if before.get(one) != after.get(one)]


def factor(factors, column):
    """The factor of the currency in a column; the first one, of one's own, is quick."""
    cases = [
        SQL("WHEN %s THEN %s", id_, found)
        for id_, found in sorted(factors.items(), key=lambda item: item[1] != 1)
        if found is not None
    ]
    return SQL("CASE %s %s ELSE 0 END", column, SQL(" ").join(cases))


def _side(side, name):
    return SQL.identifier("pair", f"{side}_{name}")


def _when(conditions, key):
    """The key where all conditions hold, else NULL: not in the scope."""
    if not conditions:
        return key
    return SQL("CASE WHEN %s THEN %s END", SQL(" AND ").join(conditions), key)


def holder(scope, side):
    columns = {"company": "company_id", "team": "team_id", "person": "user_id"}
    wanted = {
        "company": scope["company_ids"],
        "team": scope["team_ids"],
        "person": scope["user_ids"],
    }
    conditions = [
        SQL("COALESCE(%s, 0) = ANY(%s)", _side(side, columns[name]), list(ids))
        for name, ids in wanted.items()
        if ids
    ]
    key = SQL("0")
    if scope["split"] in columns:
        key = SQL("COALESCE(%s, 0)", _side(side, columns[scope["split"]]))
    return _when(conditions, key)


def part(scope, side):
    category, conditions = _side(side, "category"), []
    if scope["categories"]:
        conditions = [SQL("%s = ANY(%s)", category, list(scope["categories"]))]
    return _when(conditions, category if scope["split"] == "category" else SQL("''"))


def period(scope, side):
    expected, conditions = _side(side, "expected"), []
    if scope["first"]:
        conditions.append(SQL("%s >= %s", expected, scope["first"]))
    if scope["last"]:
        conditions.append(SQL("%s <= %s", expected, scope["last"]))
    key = SQL("'-infinity'::date")
    if scope["split"] == "month":
        key = SQL(
            "COALESCE(date_trunc('month', %s::timestamp)::date, '-infinity'::date)",
            expected,
        )
    return _when(conditions, key)


def value(scope, amount, factor, probability, category):
    """What a deal counts, from the names of columns."""
    names = (amount, factor, probability, category)
    amount, factor, probability, category = map(SQL.identifier, names)
    worth = SQL("%s * %s", amount, factor)
    if scope["is_weighted"]:
        worth = SQL(
            "%s * CASE WHEN %s = 'omitted' THEN 0 ELSE %s END / 100",
            worth,
            category,
            probability,
        )
    return SQL("ROUND(%s, %s)", worth, scope["digits"])
