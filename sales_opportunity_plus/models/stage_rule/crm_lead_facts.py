from datetime import datetime

from odoo.tools import SQL, Query

from ...engine.stage_rule import Facts
from ..lead_part import LeadPart
from .moment import Moment

_STAY = "stage_rule_stay"


class LeadFacts(LeadPart):
    """What is true of opportunities, as far as stage rules ask: one query.

    The query has a row per opportunity and a column per thing that a rule asks; it
    is decided as the superuser, so that a missing right never changes a decision.
    """

    __slots__ = ()

    def _stage_rule_facts(self, entries, targets):
        """Engine ``Facts`` by lead id.

        :param entries: the ``RuleEntry`` of each rule that is asked
        :param targets: id of the stage to go to, by lead id
        """
        self.env.flush_all()
        moment = self._stage_rule_moment()
        names, columns = self._stage_rule_columns(entries, moment)
        query = moment.query
        query.add_where(SQL("%s = ANY(%s)", moment.lead_id, self.ids))
        rows = self.env.execute_query(query.select(moment.lead_id, *columns))
        people = {}
        if any(entry.rule.restricted for entry in entries):
            people = {
                lead.id: (lead.user_id.id, lead.team_id.user_id.id)
                for lead in self.sudo()
            }
        known, facts = {}, {}
        for lead_id, *flags in rows:
            key = (people.get(lead_id), targets.get(lead_id), repr(flags))
            if key not in known:
                known[key] = self._stage_rule_read_facts(entries, names, flags, key)
            facts[lead_id] = known[key]
        return facts

    def _stage_rule_moment(self):
        """The opportunities now, with the stay that a move of theirs would end."""
        query = Query(self.env, "crm_lead")
        query.add_join(
            "LEFT JOIN",
            _STAY,
            "crm_stage_history",
            SQL(
                "%s = %s AND %s IS NULL",
                SQL.identifier(_STAY, "lead_id"),
                SQL.identifier("crm_lead", "id"),
                SQL.identifier(_STAY, "left_at"),
            ),
        )
        # What was done in this very transaction happened before the move, too.
        now = max(self.env.cr.now(), datetime.utcnow().replace(microsecond=0))
        return Moment(
            env=self.env(su=True),
            query=query,
            lead="crm_lead",
            at=SQL("%s::timestamp", now),
            entered_at=SQL.identifier(_STAY, "entered_at"),
        )

    def _stage_rule_columns(self, entries, moment):
        """Names ``(what, id)`` and SQL of all that these rules ask."""
        requirement = self.env["crm.stage.rule.requirement"].sudo()
        asked = {}
        for entry in entries:
            rule = entry.rule
            if entry.domain is not None:
                asked["in_domain", rule.id] = requirement._requirement_domain(
                    entry.domain, moment
                )
            for spec in entry.requirements:
                asked["met", spec.id] = requirement._requirement_sql(spec, moment)
            if rule.approval:
                asked["needs_approval", rule.id] = requirement._requirement_domain(
                    entry.approval_domain, moment
                )
                for state in ("approved", "waiting"):
                    asked[state, rule.id] = _approvals_sql(state, rule.id, moment)
        return tuple(asked), tuple(asked.values())

    def _stage_rule_read_facts(self, entries, names, flags, key):
        people, target, _flags = key
        true = {}
        for (what, record_id), flag in zip(names, flags, strict=True):
            if what in ("approved", "waiting"):
                flag = flag and (0 in flag or target in flag)
            if flag:
                true.setdefault(what, set()).add(record_id)
        groups = frozenset(self.env.user._get_group_ids())
        owner, leader = people or (None, None)
        true["may_move"] = {
            entry.rule.id
            for entry in entries
            if entry.may_move(self.env.uid, groups, owner, leader)
        }
        true["may_bypass"] = {
            entry.rule.id
            for entry in entries
            if not entry.bypass_groups.isdisjoint(groups)
        }
        return Facts(**{what: frozenset(ids) for what, ids in true.items()})


def _approvals_sql(state, rule_id, moment):
    """Stages (0: any) for which an approval or a request of a rule stands.

    What was approved is the amount of that day: a raised one needs a new approval.
    """
    if state == "waiting":
        stands = SQL("approval.state = 'open'")
    else:
        stands = SQL(
            "approval.state = 'approved' AND COALESCE(%s, 0) <= approval.amount",
            SQL.identifier(moment.lead, "expected_revenue"),
        )
    return SQL(
        """(SELECT array_agg(COALESCE(approval.to_stage_id, 0))
              FROM crm_stage_approval approval
             WHERE approval.lead_id = %(lead_id)s AND approval.rule_id = %(rule_id)s
               AND %(stands)s
               AND (approval.expires_at IS NULL OR approval.expires_at > %(at)s))""",
        lead_id=moment.lead_id,
        rule_id=rule_id,
        stands=stands,
        at=moment.at,
    )
