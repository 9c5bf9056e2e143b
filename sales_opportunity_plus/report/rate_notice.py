"""What is in no amount for want of an exchange rate is told when a report opens."""


def told(env, action, count, is_listed=True):
    """The action, after a notice if ``count`` lines are left out of the amounts.

    :param is_listed: whether the report has the filter for them
    """
    if not count:
        return action
    message = env._(
        "%(count)s lines are not in the amounts, which are in %(currency)s: their "
        "currency has no exchange rate. Enter one for %(company)s.",
        count=count,
        currency=env.company.currency_id.name,
        company=env.company.name,
    )
    if is_listed:
        message += " " + env._("The filter “Without Exchange Rate” lists them.")
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": "warning",
            "sticky": True,
            "title": env._("Exchange rate missing"),
            "message": message,
            "next": action,
        },
    }
