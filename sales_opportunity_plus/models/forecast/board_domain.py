"""The opportunities behind a number of the board, as a condition that opens as a list.

It says the same as the SQL of the roll-up, in the words of Odoo's search.
"""

import re
from datetime import date

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.board import CATEGORIES
from ..first_company import first_company
from . import rollup_sql

_KEY = re.compile(r"all|team-(?P<team>\d{1,9})(?:-user-(?P<user>\d{1,9}))?")
_LEAD = Domain("type", "=", "opportunity")
_OPEN = Domain("won_status", "=", "pending") & Domain("active", "=", True)
_WON = Domain("won_status", "=", "won")
#: What a number may be asked for.
NAMES = {"closed", *CATEGORIES, "omitted", "weighted", "open_total", "overdue"}


def deals_domain(env, asked, name, is_cumulative):
    """The opportunities of a number, whatever the team and the salesperson."""
    places = env["crm.forecast.rollup"]._places(
        asked.period, env.companies, asked.measure
    )
    parts = {}
    # Companies with the same calendar share a condition.
    for company_id, _factor, *bounds in places:
        parts.setdefault(tuple(bounds), []).append(company_id)
    return (
        _LEAD
        & asked.domain
        & Domain.OR(
            _of_companies(env, company_ids)
            & _in_period(asked.period, bounds, name, is_cumulative)
            for bounds, company_ids in parts.items()
        )
    )


def new_business(env, domain):
    """Those of them whose customers had won nothing before, by their ids.

    No condition of Odoo's search says so.
    """
    query, alias = env["crm.forecast.rollup"]._deals_query(domain)
    rollup_sql.amount_of(query, alias, "new_business")
    rows = env.execute_query(query.select(SQL.identifier(alias, "id")))
    return Domain("id", "in", [id_ for (id_,) in rows])


def _of_companies(env, company_ids):
    """Opportunities whose amounts are in the currency of one of the companies."""
    ids = list(company_ids)
    of_user = Domain("user_id.company_id", "in", ids)
    if first_company(env).id in ids:
        of_user |= Domain("user_id", "=", False)
    of_team = Domain("team_id.company_id", "in", ids)
    no_team_company = Domain("team_id", "=", False) | Domain(
        "team_id.company_id", "=", False
    )
    return Domain("company_id", "in", ids) | (
        Domain("company_id", "=", False) & (of_team | (no_team_company & of_user))
    )


def _in_period(period, bounds, name, is_cumulative):
    closed_from, closed_until, due_from, today = bounds
    closed = _WON & (
        _between("date_closed", closed_from, closed_until)
        | (
            Domain("date_closed", "=", False)
            & Domain("date_deadline", ">=", _text(period.start))
            & Domain("date_deadline", "<=", _text(period.end))
        )
    )
    if name == "closed":
        return closed
    if name == "open_total":
        return _OPEN
    found = _due(period, due_from) & Domain("forecast_category", "in", _names(name))
    if name == "overdue":
        return found & Domain("date_deadline", "<", _text(today))
    if is_cumulative and name in CATEGORIES:
        last = CATEGORIES.index(name) + 1
        found = _due(period, due_from)
        found &= Domain("forecast_category", "in", list(CATEGORIES[:last]))
    return found | closed if is_cumulative else found


def _due(period, due_from):
    """Open ones that count in the period: what is overdue counts in the current one."""
    if due_from > period.end:
        return Domain.FALSE
    found = _OPEN & Domain("date_deadline", "<=", _text(period.end))
    if due_from > date.min:
        found &= Domain("date_deadline", ">=", _text(due_from))
    return found


def _names(name):
    if name == "weighted":
        return list(CATEGORIES)
    if name == "overdue":
        return [*CATEGORIES, "omitted"]
    return [name]


def _between(field, first, until):
    to_text = fields.Datetime.to_string
    return Domain(field, ">=", to_text(first)) & Domain(field, "<", to_text(until))


def _text(day):
    return fields.Date.to_string(day)


def row_domain(env, key):
    """The opportunities of a row of the board; None for what is no row."""
    found = _KEY.fullmatch(key or "")
    if not found:
        return None
    if found["team"] is None:
        return Domain.TRUE
    team_id = int(found["team"]) or False
    if found["user"] is not None:
        user_id = int(found["user"]) or False
        return Domain("team_id", "=", team_id) & Domain("user_id", "=", user_id)
    if team_id and "parent_id" in env["crm.team"]._fields:
        return Domain("team_id", "child_of", team_id)
    return Domain("team_id", "=", team_id)
