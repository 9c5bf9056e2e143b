"""What the board says in words: risks, and what is not in its numbers."""

from odoo.tools import formatLang

from .board_row import LARGE


def notes(env, reading, total):
    """``{"type", "text", "name"}``; ``name``: of the number that opens as a list.

    :param total: the values of the company's row
    """
    found = [
        _rates(env, total),
        _overdue(env, reading, total),
        _concentration(env, total),
        _own(env, reading),
        _comparable(env, reading),
    ]
    return [note for note in found if note]


def _rates(env, total):
    if not total["rate_missing"]:
        return None
    return {
        "type": "warning",
        "text": env._(
            "%(count)s opportunities are in no amount: their currency has no exchange "
            "rate. Enter one for %(company)s.",
            count=total["rate_missing"],
            company=env.company.name,
        ),
    }


def _overdue(env, reading, total):
    if not total["overdue_count"]:
        return None
    currency = env.company.currency_id
    said = {
        "count": total["overdue_count"],
        "amount": formatLang(env, total["overdue"], currency_obj=currency),
    }
    is_one = total["overdue_count"] == 1
    if reading.asked.measure == "count":
        text = (
            env._("One opportunity is past its expected closing.")
            if is_one
            else env._(
                "%(count)s opportunities are past their expected closing.", **said
            )
        )
    elif is_one:
        text = env._(
            "One opportunity of %(amount)s is past its expected closing.", **said
        )
    else:
        text = env._(
            "%(count)s opportunities of %(amount)s are past their expected closing.",
            **said,
        )
    return {"type": "overdue", "text": text, "name": "overdue"}


def _concentration(env, total):
    top = total.get("top")
    if not top or top["share"] < LARGE:
        return None
    lead = env["crm.lead"].with_context(active_test=False)
    lead = lead.search_fetch([("id", "=", top["lead_id"])], ["name"])
    if not lead:
        return None
    return {
        "type": "top",
        "lead_id": lead.id,
        "text": env._(
            "%(share)s %% of the uncertainty is one opportunity: “%(lead)s”.",
            share=round(top["share"] * 100),
            lead=lead.name,
        ),
    }


def bias(env, kind):
    """Of past forecasts of such periods, or else of months."""
    for asked in dict.fromkeys((kind, "month")):
        if text := env["crm.forecast.look"]._bias_sentence(kind=asked):
            return {"type": "bias", "text": text}
    return None


def corrected(env, correction):
    """How past projections changed this one."""
    percent = correction and round(abs(correction.factor - 1) * 100)
    if not percent:
        return None
    said = {"percent": percent, "count": correction.n}
    if correction.factor < 1:
        text = env._(
            "What is still to come in the projection is lowered by %(percent)s %%: "
            "past projections of %(count)s periods ran too high.",
            **said,
        )
    else:
        text = env._(
            "What is still to come in the projection is raised by %(percent)s %%: "
            "past projections of %(count)s periods ran too low.",
            **said,
        )
    return {"type": "bias", "text": text}


def _own(env, reading):
    if reading.reads_all:
        return None
    return {
        "type": "info",
        "text": env._(
            "You see your own opportunities and those without a salesperson."
        ),
    }


def _comparable(env, reading):
    if reading.is_comparable:
        return None
    return {
        "type": "info",
        "text": env._(
            "Some opportunities are filtered out. Targets, adjustments and calls are "
            "for all of them and are not shown."
        ),
    }
