"""Amounts of several currencies in the currency of the current company."""

from odoo import fields
from odoo.fields import Domain

from ..models.rows_sql import rows_table


def rate_factors(env, more=None, day=None):
    """Factor to the currency of the current company, of today, by currency id.

    The factors are those of Odoo's own conversion. Odoo counts a currency
    without any rate as 1; that is right for one currency, the base of the
    others, and would silently be wrong for any other: those get ``None``.

    :param more: currencies beside those of the companies
    :param day: the day of the rates, instead of today
    """
    company = env.company
    target = company.currency_id
    currencies = env["res.company"].sudo().search(Domain.TRUE).currency_id | target
    rated = _rated(company, currencies)
    unrated = set(currencies.ids) - rated
    missing = unrated - {target.id} if len(unrated) > 1 else set()
    if more:
        added = more - currencies
        unrated_too = set(added.ids) - _rated(company, added)
        # One currency may do without a rate: the base of the others.
        missing |= unrated_too if unrated or len(unrated_too) > 1 else set()
        currencies |= added
    rates = currencies._get_rates(company, day or fields.Date.context_today(company))
    return {
        id_: None if id_ in missing else rates[target.id] / rates[id_]
        for id_ in currencies.ids
    }


def _rated(company, currencies):
    """Ids of the currencies that have a rate for the company."""
    groups = (
        company.env["res.currency.rate"]
        .sudo()
        ._read_group(
            [
                ("currency_id", "in", currencies.ids),
                ("company_id", "in", (False, company.root_id.id)),
            ],
            ["currency_id"],
        )
    )
    return {currency.id for (currency,) in groups}


def rates_table(factors, alias="rate"):
    """The factors as a table ``rate(currency_id, factor)`` to join."""
    columns = {"currency_id": "int", "factor": "numeric"}
    return rows_table(factors.items(), columns, alias)
