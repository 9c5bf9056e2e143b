"""How a period is called, in the language of the reader."""

from odoo.tools import format_date

from ...engine.period import period_of


def fiscal_year(start, first_month):
    """The year in which the fiscal year ends that a day is in."""
    return period_of(start, "year", first_month).end.year


def period_text(env, kind, start, end, first_month=1):
    """“July 2026”, “Q3 2026”, “2026”, “FY 2026”; the days, where it is none of these.

    A fiscal year is named after the year in which it ends.
    """
    if not (kind and start and end):
        return ""
    period = period_of(start, kind, first_month)
    if kind == "week" or (period.start, period.end) != (start, end):
        return f"{format_date(env, start)} – {format_date(env, end)}"
    if kind == "month":
        return format_date(env, start, date_format="LLLL y")
    year = fiscal_year(start, first_month)
    if kind == "year":
        return str(year) if first_month == 1 else env._("FY %s", year)
    number = (start.month - first_month) % 12 // 3 + 1
    if first_month == 1:
        return env._("Q%(number)s %(year)s", number=number, year=year)
    return env._("Q%(number)s FY %(year)s", number=number, year=year)
