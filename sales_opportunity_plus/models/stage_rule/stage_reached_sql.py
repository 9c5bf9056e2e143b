"""The SQL that finds what reached a step of a time limit, set-based."""

from odoo.tools import SQL

from .stage_breach_sql import unnest
from .stage_clock_sql import last_message, visit

#: Step of a limit for the opportunities of a company (``NULL``: of every company):
#: who began at ``cutoff`` or before has reached it, who began at ``quiet`` or before
#: had reached it before it was set up.
STEP_COLUMNS = {
    "id": "int",
    "company_id": "int",
    "cutoff": "timestamp",
    "quiet": "timestamp",
}


def _company(default_company_id):
    """What an opportunity counts for, as in ``crm.lead._stage_rule_limit_company``."""
    return SQL(
        "COALESCE(l.company_id, team.company_id, owner.company_id, %s)",
        default_company_id,
    )


def _covered(limit, rivals, company):
    """A condition: the engine ``Limit`` holds and none that goes before it."""
    conditions = [_scope(limit, company)]
    for rival in rivals:
        conditions.append(SQL("(%s) IS NOT TRUE", _scope(rival, company)))
    return SQL(" AND ").join(conditions)


def _scope(limit, company):
    conditions = [SQL("TRUE")]
    if limit.team_ids:
        conditions.append(SQL("l.team_id = ANY(%s)", sorted(limit.team_ids)))
    if limit.company_id:
        conditions.append(SQL("%s = %s", company, limit.company_id))
    return SQL(" AND ").join(conditions)


_NEW = SQL(
    """
           AND NOT EXISTS (
               SELECT FROM crm_stage_breach known
                WHERE known.lead_id = l.id AND known.step_id = step.id
                  AND (known.resolved_at IS NULL OR known.clock_start = clock.start)
                  AND known.merged_lead_id IS NULL)
    """
)


_REACHED = """
    SELECT l.id AS lead_id, step.id AS step_id, clock.start,
           COALESCE(clock.start <= step.quiet, FALSE) AS quiet,
           %(company)s AS company_id,
           %(pauses)s AS pauses
      FROM crm_lead l
      JOIN crm_stage_history h ON h.lead_id = l.id AND h.left_at IS NULL
      LEFT JOIN crm_team team ON team.id = l.team_id
      LEFT JOIN res_users owner ON owner.id = l.user_id
      JOIN %(steps)s ON step.company_id IS NULL
        OR step.company_id = %(company)s
      %(visit)s
     CROSS JOIN LATERAL (SELECT %(start)s AS start) clock
     WHERE l.stage_id = %(stage_id)s AND h.stage_id = %(stage_id)s
       AND h.status = 'open' AND h.lead_type = 'opportunity'
       AND (h.from_stage_id = ANY(%(pausing)s)) IS %(came_back)s
       AND %(covered)s
       AND %(since)s <= step.cutoff AND clock.start <= step.cutoff%(new)s
"""


def reached(
    limit, rivals, steps, default_company_id, pausing, came_back=False, new=True
):
    """Opportunities that reached a step of a limit, one row for each.

    The columns are ``FOUND_COLUMNS``, the company that the opportunity counts for,
    and its pauses.

    :param steps: rows of ``STEP_COLUMNS``
    :param came_back: only those that came back from a pausing stage, whose cutoff
        says no more than that they may have reached it; else only the others
    :param new: leave out those that were recorded already
    """
    company = _company(default_company_id)
    start = SQL(
        "GREATEST(COALESCE(%s, h.entered_at), %s)",
        SQL("visit.since") if came_back else SQL("NULL::timestamp"),
        last_message(limit.clock, SQL("l.id")),
    )
    return SQL(
        _REACHED,
        steps=unnest(steps, STEP_COLUMNS, "step"),
        company=company,
        visit=visit(SQL("h"), pausing) if came_back else SQL(),
        pauses=SQL("visit.pauses") if came_back else SQL("NULL"),
        start=start,
        stage_id=limit.stage_id,
        pausing=list(pausing),
        came_back=SQL("TRUE") if came_back else SQL("NOT TRUE"),
        covered=_covered(limit, rivals, company),
        new=_NEW if new else SQL(),
        since=SQL("COALESCE(visit.since, h.entered_at)")
        if came_back
        else SQL("h.entered_at"),
    )
