"""Aggregates that are ratios of sums: right in every cell of a pivot and in its totals.

Each function returns a function that takes ``column``, which gives the SQL of a field
by its name, and returns the SQL of the aggregate; NULL where the divisor is zero.
"""

from odoo.tools import SQL


def percent(dividend, divisor, less=None, where=None):
    """(SUM(dividend) − SUM(less)) ÷ SUM(divisor) × 100.

    :param where: a boolean field; the dividend is the sum of the rows that have it
    """

    def aggregate(column):
        above = SQL("SUM(%s)", column(dividend))
        if where:
            above = SQL("COALESCE(%s FILTER (WHERE %s), 0)", above, column(where))
        if less:
            above = SQL("(COALESCE(%s, 0) - SUM(%s))", above, column(less))
        return SQL("(100.0 * %s / NULLIF(SUM(%s), 0))::float8", above, column(divisor))

    return aggregate


def per(dividend, divisor):
    """SUM(dividend) ÷ SUM(divisor); nothing where nothing was spent."""

    def aggregate(column):
        return SQL(
            "(NULLIF(SUM(%s), 0) / NULLIF(SUM(%s), 0))::float8",
            column(dividend),
            column(divisor),
        )

    return aggregate


def weighted_average(value, weight):
    """Average of ``value``, each row counting with its weight."""

    def aggregate(column):
        return SQL(
            "(SUM(%(value)s * %(weight)s)"
            " / NULLIF(SUM(%(weight)s) FILTER (WHERE %(value)s IS NOT NULL), 0)"
            ")::float8",
            value=column(value),
            weight=column(weight),
        )

    return aggregate


def within_one(columns, term):
    """An aggregate that stays empty over several values of any of the columns.

    For rows that tell the same things several times, once for each value.
    """
    alike = SQL(" AND ").join(SQL("MIN(%s) = MAX(%s)", one, one) for one in columns)
    return SQL("CASE WHEN %s THEN %s END", alike, term)
