"""The parts of a target that is split, with weights by what was won before."""

from odoo.tools import SQL

from ..engine.target import steadied
from ..models.forecast.period_text import period_text
from ..report.target_deal_sql import target_deals, won_between

#: Per member; a year has twelve parts and a team fewer.
STEADY_MEMBER = 5


def period_lines(split):
    """A line per month or quarter of the year."""
    year = split._period()
    periods = year.parts(split.part_kind or "month")
    won = _won_by_month(split, year.parts("month")[0])
    sums = []
    for period in periods:
        months = [won.get(one.start.month, (0, 0)) for one in period.parts("month")]
        sums.append(tuple(map(sum, zip(*months, strict=True))))
    first_month = int(split.company_id.sudo().forecast_first_month)
    names = [
        period_text(split.env, one.kind, one.start, one.end, first_month)
        for one in periods
    ]
    return [
        {"sequence": place, "name": name, **line}
        for place, (name, line) in enumerate(
            zip(names, _lines(split, sums), strict=True)
        )
    ]


def member_lines(split):
    """A line per member of the team."""
    members = split.team_id.crm_team_member_ids.user_id.sorted("name")
    period = split._period()
    before = period.year_before()
    won = dict.fromkeys(members.ids, (0, 0))
    for user_id, amount, number in _won(
        split, SQL("deal.user_id"), before.start, before.end
    ):
        won[user_id] = (amount, number)
    sums = [won[member.id] for member in members]
    return [
        {"sequence": place, "name": member.name, "user_id": member.id, **line}
        for place, (member, line) in enumerate(
            zip(members, _lines(split, sums, STEADY_MEMBER * len(members)), strict=True)
        )
    ]


def _lines(split, sums, steady=None):
    """Weights in percent of the whole, and what they rest on."""
    rounding = split.currency_id.rounding or 1
    units = [max(round(amount / rounding), 0) for amount, _number in sums]
    weights = [1] * len(sums)
    if split.method == "history":
        more = () if steady is None else (steady,)
        weights = steadied(units, [number for _amount, number in sums], *more)
    whole = sum(weights)
    return [
        {
            "weight": round(100 * weight / whole, 2),
            "won_amount": amount,
            "deal_count": number,
        }
        for weight, (amount, number) in zip(weights, sums, strict=True)
    ]


def _won_by_month(split, first):
    """{month: (amount, deals)} of the last years; what is to come tells nothing."""
    today, _began = split.env["crm.pipeline.day"]._here(split.company_id)
    running = split.company_id.sudo()._forecast_period("month", today)
    last = min(first.previous(), running.previous())
    start = last.moved(1 - 12 * int(split.years or 1)).start
    month = SQL("EXTRACT(MONTH FROM deal.day)::int")
    rows = _won(split, month, start, last.end)
    return {number: (amount, deals) for number, amount, deals in rows}


def _won(split, key, first, last):
    """(key, amount, deals) of what the scope won from one day to another."""
    company = split.company_id
    env = split.with_company(company).env
    scope = [SQL("TRUE")]
    if split.team_id:
        scope.append(SQL("deal.team_id = %s", split.team_id.id))
    if split.division == "periods" and split.user_id:
        scope.append(SQL("deal.user_id = %s", split.user_id.id))
    env["crm.lead"].flush_model()
    return env.execute_query(
        SQL(
            """
            SELECT %(key)s, COALESCE(SUM(deal.%(measure)s), 0)::float8, COUNT(*)
              FROM (%(deals)s) deal
             WHERE deal.company_id = %(company_id)s AND %(scope)s
               AND deal.day BETWEEN %(first)s AND %(last)s
             GROUP BY 1
            """,
            key=key,
            measure=SQL.identifier(split.measure),
            deals=target_deals(env, won_between(first, last)),
            company_id=company.id,
            scope=SQL(" AND ").join(scope),
            first=first,
            last=last,
        )
    )
