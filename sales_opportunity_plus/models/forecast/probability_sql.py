"""``engine.probability`` in SQL: what counts for an opportunity, and where from."""

from odoo.tools import SQL


def values(lead, stage, today):
    """SQL of each source by table alias: percent, or NULL where there is none."""
    lead, stage = SQL.identifier(lead), SQL.identifier(stage)
    return {
        "manual": SQL(
            "CASE WHEN %(lead)s.forecast_manual_user_id IS NOT NULL"
            " AND COALESCE(%(lead)s.forecast_manual_until >= %(today)s, TRUE)"
            " THEN COALESCE(%(lead)s.forecast_manual_probability, 0) END",
            lead=lead,
            today=today,
        ),
        "history": SQL("NULLIF(%s.forecast_history_probability, 0)", lead),
        "stage": SQL("NULLIF(%s.forecast_probability, 0)", stage),
        "odoo": SQL("COALESCE(%s.probability, 0)", lead),
    }


def _by_status(lead, won, lost, pending):
    # Most that are asked for are open: they are told at the first look.
    return SQL(
        "CASE WHEN %(lead)s.active AND COALESCE(%(lead)s.won_status, 'pending')"
        " = 'pending' THEN %(pending)s"
        " WHEN %(lead)s.won_status = 'won' THEN %(won)s ELSE %(lost)s END",
        lead=SQL.identifier(lead),
        won=won,
        lost=lost,
        pending=pending,
    )


def _by_team(lead, orders, default, of_order):
    """``of_order`` for the order of the opportunity's team."""
    if not orders:
        return of_order(default)
    branches = [
        SQL(
            "WHEN %s.team_id = ANY(%s) THEN %s",
            SQL.identifier(lead),
            list(team_ids),
            of_order(order),
        )
        for order, team_ids in orders
    ]
    return SQL("CASE %s ELSE %s END", SQL(" ").join(branches), of_order(default))


def counts(lead, stage, orders, default, today):
    """SQL of the probability that counts, in percent; ``double precision``.

    :param orders: as ``crm.team._forecast_orders`` gives them
    :param default: the order of the other teams
    """
    said = values(lead, stage, today)

    def of_order(order):
        return SQL("COALESCE(%s)", SQL(", ").join(said[source] for source in order))

    return _by_status(
        lead, SQL("100"), SQL("0"), _by_team(lead, orders, default, of_order)
    )


def source(lead, stage, orders, default, today):
    """SQL of the name of the source that counts."""
    said = values(lead, stage, today)

    def of_order(order):
        branches = [
            SQL("WHEN %s IS NOT NULL THEN %s", said[name], name)
            for name in order
            if name != "odoo"
        ]
        if not branches:
            return SQL("'odoo'")
        return SQL("CASE %s ELSE 'odoo' END", SQL(" ").join(branches))

    return _by_status(
        lead, SQL("'odoo'"), SQL("'odoo'"), _by_team(lead, orders, default, of_order)
    )
