"""What an import of targets says about a line, in the user's language."""

from ..models.selections import FORECAST_MEASURES


def problem_texts(env, problem):
    """(what is wrong, what to do) by the code of a problem."""
    return _wrong_anywhere(env) | _unknown_here(env, problem)


def _wrong_anywhere(env):
    return {
        "period": (
            env._("Not a period"),
            env._("Write it as 2026-07, 2026-Q3, FY2026 or 2026-W07."),
        ),
        "amount": (
            env._("Not an amount of zero or more"),
            env._("Write it as 1234.50 or 1234,50."),
        ),
        "whole": (
            env._("Not a whole number of opportunities"),
            env._("Enter one without decimals."),
        ),
        "day": (env._("Not a day"), env._("Write it as 2026-07-15.")),
        "outside": (
            env._("Not a day of the period, or before the one it counts from"),
            env._("Choose a day within the period, or leave it empty."),
        ),
    }


def _unknown_here(env, problem):
    return {
        "company": (
            env._("Not one of your companies"),
            env._("Switch to the company, or write its name as it is here."),
        ),
        "team": (
            env._("Not a sales team of the company"),
            env._("Write its name as in Configuration > Sales Teams."),
        ),
        "salesperson": (
            env._("Nobody has this login, email or name"),
            env._("Check it, or leave it empty for a target of the team."),
        ),
        "several": (
            env._("Several have this name"),
            env._("Use the login or the email of a person; rename one of the teams."),
        ),
        "archived": (
            env._("The person is archived"),
            env._("Choose somebody else, or unarchive the user."),
        ),
        "foreign": (
            env._("The person may not see the company"),
            env._("Choose somebody of the company."),
        ),
        "measure": (
            env._("Not a measure"),
            env._(
                "Use one of: %s.", ", ".join(code for code, _label in FORECAST_MEASURES)
            ),
        ),
        "again": (
            env._("The same target as in line %s", problem.value),
            env._("Remove one of the two lines."),
        ),
    }
