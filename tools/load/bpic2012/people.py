"""The employees of the log, and the teams that their work puts them in."""

from collections import Counter

from .process import OTHER_TEAM, PREFIX, TEAMS


def employee_key(resource):
    return f"{PREFIX}.employee_{resource}"


def team_key(team):
    return f"{PREFIX}.team_{team.lower()}"


def systems(log):
    """Resources that are no people: they submit, and never start any work.

    In the log one resource registers every application at any hour of the day.
    """
    return {
        resource
        for resource, work in log.work.items()
        if work["A_SUBMITTED"] and resource not in log.starters
    }


def team_of(work):
    """The team of what somebody works on mostly."""
    teams = Counter()
    for activity, times in work.items():
        if activity in TEAMS:
            teams[TEAMS[activity]] += times
    return teams.most_common(1)[0][0] if teams else OTHER_TEAM


def teams_of_employees(log):
    """Team by resource, of the people."""
    robots = systems(log)
    return {
        resource: team_of(work)
        for resource, work in sorted(log.work.items())
        if resource not in robots
    }
