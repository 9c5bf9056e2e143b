"""Ask stage rules about many opportunities or past moves, a statement per rule."""

from collections import namedtuple

from odoo.tools import SQL, Query

from ..models.stage_rule.moment import Moment

#: At most so many cases of a rule are kept for the list; all of them are counted.
CASES = 2_000
_STAY = "trial_stay"
_MOVE = "trial_move"

#: What is asked: the SQL of each column, and the moment that it is asked about.
Subject = namedtuple("Subject", "moment id stage from_stage user mover moved_at")
#: What came of a rule in a stage; ids are of opportunities or of past moves.
Result = namedtuple("Result", "stage_id asked held approvals sellers")


def _lead_query(env):
    query = Query(env, "crm_lead")
    query.add_join(
        "LEFT JOIN",
        "trial_team",
        "crm_team",
        SQL("trial_team.id = crm_lead.team_id"),
    )
    query.add_join(
        "LEFT JOIN",
        "trial_owner",
        "res_users",
        SQL("trial_owner.id = crm_lead.user_id"),
    )
    return query


def _in_company(rule):
    """A condition: the company whose rules count, as the guard finds it."""
    if not rule.company_ids:
        return SQL("TRUE")
    return SQL(
        "COALESCE(crm_lead.company_id, trial_team.company_id, trial_owner.company_id)"
        " = ANY(%s)",
        list(rule.company_ids),
    )


def open_leads(env, rule, readable):
    """The open opportunities that a rule would be about, as they stand now.

    Those that are where the rule leads to are asked whether they could come there
    from the stay before; where it leads to no open stage, all that it could take
    away are asked.
    """
    query = _population_query(env, rule)
    query.add_where(readable)
    moment = Moment(
        env=env(su=True),
        query=query,
        lead="crm_lead",
        at=SQL("%s::timestamp", env.cr.now()),
        entered_at=SQL.identifier(_STAY, "entered_at"),
    )
    owner = SQL("crm_lead.user_id")
    return Subject(
        moment,
        id=SQL("crm_lead.id"),
        stage=SQL("crm_lead.stage_id"),
        from_stage=SQL("NULL::int"),
        user=owner,
        mover=owner,
        moved_at=SQL("NULL::timestamp"),
    )


def _population_query(env, rule):
    query = _lead_query(env)
    _arrived, stages = rule_population(env, rule)
    query.add_where(SQL("crm_lead.active AND crm_lead.won_status = 'pending'"))
    for column, ids in (("stage_id", stages), ("team_id", rule.team_ids)):
        if ids:
            query.add_where(
                SQL("%s = ANY(%s)", SQL.identifier("crm_lead", column), list(ids))
            )
    if rule.lead_type:
        query.add_where(SQL("crm_lead.type = %s", rule.lead_type))
    return query


def _stay_of(env, rule):
    """The stay that is asked about: the one before for those who arrived."""
    arrived, _stages = rule_population(env, rule)
    return SQL(
        """LATERAL (SELECT h.entered_at FROM crm_stage_history h
                     WHERE h.lead_id = crm_lead.id AND h.left_at %s
                     ORDER BY h.entered_at DESC, h.id DESC LIMIT 1)""",
        SQL("IS NOT NULL") if arrived else SQL("IS NULL"),
    )


def rule_population(env, rule):
    """Whether those who arrived are asked, and the stages they are in (any: empty)."""
    stages = env["crm.stage"].sudo().browse(rule.to_stages).exists()
    open_stages = stages.filtered(lambda stage: not stage.is_won)
    if open_stages and rule.move not in ("won", "lost", "archived"):
        return True, frozenset(open_stages.ids)
    return False, rule.from_stages


def past_moves(env, before_ids):
    """Past moves as they happened.

    :param before_ids: id of the stay that was left by id of the one entered
    """
    query = _lead_query(env)
    table = SQL(
        """(SELECT h.*, before.entered_at AS began_at
              FROM unnest(%s::int[], %s::int[]) AS asked(id, before_id)
              JOIN crm_stage_history h ON h.id = asked.id
              LEFT JOIN crm_stage_history before ON before.id = asked.before_id)""",
        list(before_ids),
        list(before_ids.values()),
    )
    query.add_join("JOIN", _MOVE, table, SQL("trial_move.lead_id = crm_lead.id"))
    moment = Moment(
        env=env(su=True),
        query=query,
        lead="crm_lead",
        at=SQL.identifier(_MOVE, "entered_at"),
        entered_at=SQL.identifier(_MOVE, "began_at"),
    )
    return Subject(
        moment,
        id=SQL.identifier(_MOVE, "id"),
        stage=SQL.identifier(_MOVE, "stage_id"),
        from_stage=SQL.identifier(_MOVE, "from_stage_id"),
        user=SQL.identifier(_MOVE, "user_id"),
        mover=SQL.identifier(_MOVE, "moved_by_id"),
        moved_at=SQL.identifier(_MOVE, "entered_at"),
    )


def recent_moves(readable, limit, since):
    """The last moves and the stays that they ended.

    Stays of merged opportunities are left out: what the survivor is today says
    nothing about them.
    """
    return SQL(
        """
        SELECT h.id, before.id, h.move = 'created', h.move = 'team_change',
               h.from_stage_id, before.status, before.lead_type,
               h.stage_id, h.status, h.lead_type, h.team_id
          FROM crm_stage_history h
          LEFT JOIN LATERAL (
               SELECT p.id, p.status, p.lead_type FROM crm_stage_history p
                WHERE p.lead_id = h.lead_id AND h.move <> 'created'
                  AND p.left_at <= h.entered_at
                  AND (p.entered_at, p.id) < (h.entered_at, h.id)
                ORDER BY p.entered_at DESC, p.id DESC LIMIT 1) before ON TRUE
         WHERE h.merged_lead_id IS NULL AND %(since)s AND %(readable)s
         ORDER BY h.entered_at DESC, h.id DESC
         %(limit)s
        """,
        readable=readable,
        since=SQL("h.entered_at >= %s", since) if since else SQL("TRUE"),
        limit=SQL("LIMIT %s", limit) if limit else SQL(),
    )


def ask(trial, entry, subject, skipped):
    """Ask one rule; keep the cases that it would hold back, count all of them.

    :param skipped: kinds of requirements that count as met
    """
    requirement = trial.env["crm.stage.rule.requirement"].sudo()
    moment, query = subject.moment, subject.moment.query
    query.add_where(_in_company(entry.rule))
    if entry.domain is not None:
        query.add_where(requirement._requirement_domain(entry.domain, moment))
    missing = [
        SQL(
            "CASE WHEN NOT %s THEN %s::int END",
            requirement._requirement_sql(spec, moment),
            spec.id,
        )
        for spec in entry.requirements
        if spec.kind not in skipped
    ]
    # Looking the stay up takes longer than most questions: only where one needs it.
    if any(_STAY in condition.code for condition in missing):
        stay = _stay_of(trial.env, entry.rule)
        query.add_join("LEFT JOIN", _STAY, stay, SQL("TRUE"))
    needs_approval = SQL("FALSE")
    if entry.rule.approval:
        needs_approval = requirement._requirement_domain(entry.approval_domain, moment)
    asked = query.select(
        SQL("%s AS subject_id", subject.id),
        SQL("crm_lead.id AS lead_id"),
        SQL("%s AS stage_id", subject.stage),
        SQL("%s AS from_stage_id", subject.from_stage),
        SQL("%s AS user_id", subject.user),
        SQL("%s AS moved_at", subject.moved_at),
        SQL("NOT %s AS wrong_person", _may_move(trial.env, entry, subject.mover)),
        SQL("%s AS needs_approval", needs_approval),
        SQL(
            "array_remove(ARRAY[%s]::int[], NULL) AS missing",
            SQL(", ").join(missing) if missing else SQL("NULL"),
        ),
    )
    trial.env.cr.execute(_keep_and_count(trial, entry.rule.id, asked))
    return [Result(*row) for row in trial.env.cr.fetchall()]


def _may_move(env, entry, mover):
    """A condition: ``mover`` is one of those who may, see ``RuleEntry.may_move``."""
    if not entry.rule.restricted:
        return SQL("TRUE")
    groups = env["res.groups"].sudo().browse(entry.who_groups).exists()
    people = [*entry.who_users, *groups.all_user_ids.ids]
    ways = [SQL("%s = ANY(%s)", mover, people)]
    if entry.who_owner:
        ways.append(SQL("%s = crm_lead.user_id", mover))
    if entry.who_leader:
        ways.append(SQL("%s = trial_team.user_id", mover))
    return SQL("COALESCE(%s, FALSE)", SQL(" OR ").join(ways))


def _keep_and_count(trial, rule_id, asked):
    return SQL(
        """
        WITH asked AS MATERIALIZED (%(asked)s),
        judged AS (
            SELECT *, wrong_person OR missing <> '{}' AS held FROM asked
        ),
        kept AS (
            INSERT INTO crm_stage_rule_trial_case
                   (trial_id, rule_id, lead_id, stage_id, from_stage_id, user_id,
                    moved_at, wrong_person, needs_approval, missing,
                    create_uid, create_date)
            SELECT %(trial_id)s, %(rule_id)s, judged.lead_id, stage.id, origin.id,
                   seller.id, judged.moved_at, judged.wrong_person,
                   judged.needs_approval, to_jsonb(judged.missing), %(uid)s, %(now)s
              FROM judged
              LEFT JOIN crm_stage stage ON stage.id = judged.stage_id
              LEFT JOIN crm_stage origin ON origin.id = judged.from_stage_id
              LEFT JOIN res_users seller ON seller.id = judged.user_id
             WHERE judged.held OR judged.needs_approval
             ORDER BY judged.held DESC, judged.moved_at DESC, judged.lead_id
             LIMIT %(limit)s
        )
        SELECT stage_id, array_agg(subject_id),
               COALESCE(array_agg(subject_id) FILTER (WHERE held), '{}'),
               COUNT(*) FILTER (WHERE needs_approval AND NOT held),
               COALESCE(array_agg(DISTINCT user_id)
                        FILTER (WHERE held AND user_id IS NOT NULL), '{}')
          FROM judged GROUP BY stage_id
        """,
        asked=asked,
        trial_id=trial.id,
        rule_id=rule_id,
        uid=trial.env.uid,
        now=trial.env.cr.now(),
        limit=CASES,
    )
