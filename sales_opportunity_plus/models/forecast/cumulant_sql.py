"""``engine.cumulants`` in SQL: sums of which the range of a forecast is made."""

from odoo.tools import SQL

#: Of larger amounts the fourth power could not be summed.
HUGE = SQL("1e30")


def cumulants(chance, size, suffix=""):
    """The sums ``k1`` to ``k4`` of doubles.

    :param chance: 0 to 1
    :param size: an amount that is not larger than ``HUGE``
    """
    return SQL(
        """COALESCE(SUM(%(p)s * %(a)s), 0) AS %(k1)s,
           COALESCE(SUM(%(p)s * (1 - %(p)s) * %(a)s * %(a)s), 0) AS %(k2)s,
           COALESCE(SUM(%(p)s * (1 - %(p)s) * (1 - 2 * %(p)s)
                        * %(a)s * %(a)s * %(a)s), 0) AS %(k3)s,
           COALESCE(SUM(%(p)s * (1 - %(p)s) * (1 - 6 * %(p)s * (1 - %(p)s))
                        * %(a)s * %(a)s * %(a)s * %(a)s), 0) AS %(k4)s""",
        p=chance,
        a=size,
        **{f"k{n}": SQL.identifier(f"k{n}{suffix}") for n in (1, 2, 3, 4)},
    )
