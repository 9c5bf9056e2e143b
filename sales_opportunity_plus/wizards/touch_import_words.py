"""What an import of touches says about a file, in the user's language."""

from ..engine.touch_check import EARLIEST

NAMES_SHOWN = 20


def problem_texts(env):
    """(what is wrong, what to do) by the code of a problem."""
    return _wrong_anywhere(env) | _unknown_here(env)


def _wrong_anywhere(env):
    return {
        "nobody": (
            env._("Neither an opportunity nor an email"),
            env._("Fill in “lead” or “email”."),
        ),
        "moment": (
            env._("Not a moment"),
            env._("Write it as 2024-05-14 10:30, with +02:00 for a time zone."),
        ),
        "early": (
            env._("Before %s", EARLIEST.year),
            env._("Check the year."),
        ),
        "future": (
            env._("In the future"),
            env._("Import what has happened; plan activities for what is to come."),
        ),
        "cost": (
            env._("Not an amount of zero or more"),
            env._("Write it as 1234.50, without thousands separators."),
        ),
    }


def _unknown_here(env):
    return {
        "kind": (
            env._("Not a kind of touch"),
            env._("Use a code of Configuration > Kinds of Touches."),
        ),
        "lead": (
            env._("No opportunity of your companies"),
            env._("Use its number or its external ID, as an export shows it."),
        ),
        "email": (
            env._("No opportunity or contact has this email"),
            env._("Check it, create the contact first, or fill in “lead”."),
        ),
        "address": (env._("Not an email address"), env._("Check it.")),
        "currency": (
            env._("Not a currency"),
            env._("Use a code such as EUR that is active here."),
        ),
        "consent": (
            env._("Not a consent basis"),
            env._("Use consent, contract, interest or none."),
        ),
    }


def new_names(env, names):
    """Names that the import will create, by field."""
    labels = {
        "campaign_id": env._("Campaigns"),
        "medium_id": env._("Mediums"),
        "source_id": env._("Sources"),
    }
    lines = []
    for field, new in names.items():
        if new:
            shown = ", ".join(new[:NAMES_SHOWN])
            more = len(new) - NAMES_SHOWN
            if more > 0:
                shown = env._("%(names)s and %(more)s more", names=shown, more=more)
            lines.append(f"{labels[field]}: {shown}")
    return "\n".join(lines)
