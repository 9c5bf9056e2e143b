"""The target of a scope, found in what ``crm.forecast.target`` answers."""


def targets_of(env, period, company):
    """``{(team id, user id): amount}`` that the user may read; empty without any.

    In the currency of the current company.
    """
    if "crm.forecast.target" not in env:
        return {}
    return env["crm.forecast.target"]._amounts(period, company, "revenue")


def target_of(targets, team_id=0):
    """The target of a team or, without one, of the company.

    Its own one, else that of its parts.
    """
    own = targets.get((team_id, 0))
    if own is not None:
        return own
    if team_id:
        return sum(amount for (team, _), amount in targets.items() if team == team_id)
    teams = {team for team, _user in targets if team}
    alone = sum(amount for (team, _), amount in targets.items() if not team)
    return alone + sum(target_of(targets, team) for team in teams)


def target_of_person(targets, user_id):
    """What somebody has to reach, in all his teams."""
    return sum(amount for (_, user), amount in targets.items() if user == user_id)
