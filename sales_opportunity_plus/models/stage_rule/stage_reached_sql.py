"""The SQL that finds what reached a step of a time limit, set-based."""

from odoo.tools import SQL

from ..rows_sql import rows_table
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


# What costs something is asked once for each opportunity and not for each step:
# its last message, and the steps that are recorded already.
_REACHED = """
    WITH ticking AS MATERIALIZED (
        SELECT l.id AS lead_id, %(company)s AS company_id, %(pauses)s AS pauses,
               GREATEST(%(since)s, %(reset)s) AS start
          FROM crm_lead l
          JOIN crm_stage_history h ON h.lead_id = l.id AND h.left_at IS NULL
          LEFT JOIN crm_team team ON team.id = l.team_id
          LEFT JOIN res_users owner ON owner.id = l.user_id
          %(visit)s
         WHERE l.stage_id = %(stage_id)s AND h.stage_id = %(stage_id)s
           AND h.status = 'open' AND h.lead_type = 'opportunity'
           AND %(came_back)s AND %(since)s <= %(latest)s
           AND %(covered)s %(among)s
    )
    SELECT ticking.lead_id, step.id AS step_id, ticking.start,
           COALESCE(ticking.start <= step.quiet, FALSE) AS quiet,
           ticking.company_id, ticking.pauses
      FROM ticking
      %(known)s
      JOIN %(steps)s
        ON step.company_id IS NULL OR step.company_id = ticking.company_id
     WHERE ticking.start <= step.cutoff %(new)s
"""

_KNOWN = """
      LEFT JOIN LATERAL (
          SELECT array_agg(breach.step_id) AS step_ids
            FROM crm_stage_breach breach
           WHERE breach.lead_id = ticking.lead_id AND breach.merged_lead_id IS NULL
             AND (breach.resolved_at IS NULL OR breach.clock_start = ticking.start)
      ) known ON TRUE
"""


def _came_back(pausing):
    """A condition; its first part spares nearly all of them the second."""
    return SQL(
        "h.from_stage_id = ANY(%s) AND visit.since < h.entered_at", list(pausing)
    )


def reached(
    limit,
    rivals,
    steps,
    default_company_id,
    pausing,
    came_back=False,
    new=True,
    lead_ids=None,
):
    """Opportunities that reached a step of a limit, one row for each.

    The columns are ``FOUND_COLUMNS``, the company that the opportunity counts for,
    and its pauses.

    :param steps: rows of ``STEP_COLUMNS``
    :param came_back: only those that came back from a pausing stage, whose cutoff
        says no more than that they may have reached it; else only the others
    :param new: leave out those that were recorded already
    :param lead_ids: (first, last): only opportunities with these ids
    """
    company = _company(default_company_id)
    since = SQL("COALESCE(visit.since, h.entered_at)" if pausing else "h.entered_at")
    return SQL(
        _REACHED,
        steps=rows_table(steps, STEP_COLUMNS, "step"),
        latest=max(cutoff for _step, _company_id, cutoff, _quiet in steps),
        company=company,
        visit=visit(SQL("h"), pausing) if pausing else SQL(),
        pauses=SQL("visit.pauses") if came_back else SQL("NULL"),
        since=since,
        reset=last_message(limit.clock, SQL("l.id")),
        stage_id=limit.stage_id,
        came_back=_came_back(pausing) if came_back else SQL("%s = h.entered_at", since),
        covered=_covered(limit, rivals, company),
        known=SQL(_KNOWN) if new else SQL(),
        new=SQL("AND (step.id = ANY(known.step_ids)) IS NOT TRUE") if new else SQL(),
        among=SQL("AND l.id BETWEEN %s AND %s", *lead_ids) if lead_ids else SQL(),
    )
