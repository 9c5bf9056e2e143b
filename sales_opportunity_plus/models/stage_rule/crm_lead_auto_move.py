import json
import logging
from collections import defaultdict

from psycopg2 import OperationalError

from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ...engine.stage_move import Position, classify
from ...engine.stage_rule import (
    Decision,
    Move,
    applies,
    decide,
    held_back,
    kinds_of_move,
)
from ...exceptions import StageRuleError
from ..lead_part import LeadPart
from . import stage_decision_sql
from .crm_lead_guard import AUTOMATIC
from .crm_lead_history import _OneMove
from .stage_hops import HOPS_PARAMETER, stage_hops

_logger = logging.getLogger(__name__)


class LeadAutoMove(LeadPart):
    """Let rules move opportunities as soon as everything that they ask holds."""

    __slots__ = ()

    def _stage_rule_settle(self, vals=None):
        result = super()._stage_rule_settle(vals)
        movers = self.env["crm.stage.rule"]._rule_set().movers
        if movers:
            self._stage_rule_move_on(movers)
        return result

    def _stage_rule_move_on(self, movers):
        """Move those of these opportunities that one of the rules moves on.

        Where they end up may fulfil another rule: the write that moves them settles
        again. What a guard holds back stays, without an error for whoever wrote.

        :param movers: the ``RuleEntry`` of each rule that moves, in order
        """
        sources = frozenset().union(*(entry.rule.from_stages for entry in movers))
        busy = self.env.context.get("stage_rule_one_move")
        busy = busy.lead_ids if isinstance(busy, _OneMove) else ()
        standing = self.sudo().filtered(
            lambda lead: lead.active
            and lead.stage_id.id in sources
            and lead.id not in busy
        )
        if not standing:
            return
        goals = standing._stage_rule_goals(movers)
        hops = stage_hops(self.env)
        tired = standing.filtered(
            lambda lead: lead.id in goals and hops.exhausted(lead.id)
        )
        tired._stage_rule_say_tired(hops)
        for entry in movers:
            ready = standing.filtered(
                lambda lead, entry=entry: goals.get(lead.id) is entry
            )
            if ready := ready - tired:
                self.browse(ready.ids)._stage_rule_carry_out(entry, hops)

    def _stage_rule_goals(self, movers):
        """The first rule that moves each of these, by lead id."""
        rule_set = self.env["crm.stage.rule"]._rule_set()
        today = self._stage_rule_today(rule_set)
        known, about = {}, {}
        for lead in self:
            key = (
                lead._stage_rule_position(),
                lead.team_id.id or None,
                (rule_set.by_company and lead._stage_rule_company_id()) or None,
            )
            if key not in known:
                known[key] = [
                    entry
                    for entry in movers
                    if self._stage_rule_is_way(entry.rule, *key, today)
                ]
            if known[key]:
                about[lead.id] = known[key]
        asked = {entry.rule.id for entries in about.values() for entry in entries}
        if not asked:
            return {}
        concerned = self.browse(about)
        facts = concerned._stage_rule_facts(
            [entry for entry in movers if entry.rule.id in asked], {}
        )
        goals = {}
        for lead_id, entries in about.items():
            for entry in entries:
                decisions = decide([entry.rule], facts[lead_id])
                if decisions and not decisions[0].failures:
                    goals[lead_id] = entry
                    break
        return goals

    def _stage_rule_goal(self, rule, before):
        """Where a rule that moves leads: an engine ``Position``."""
        [stage_id] = rule.to_stages
        won = self.env["crm.stage"].sudo().browse(stage_id).is_won
        return Position(stage_id, "won" if won else "open", before.lead_type)

    def _stage_rule_is_way(self, rule, before, team_id, company_id, today):
        """Whether a rule moves from here, its conditions left aside."""
        stages = self.env["crm.stage"]
        order = stages._stage_rule_order()
        after = self._stage_rule_goal(rule, before)
        if after.stage_id in stages._stage_rule_archived_ids():
            return False
        if team_id not in order.teams.get(after.stage_id, {team_id}):
            # The pipeline of the team has no such stage: it would be lost to sight.
            return False
        kinds = kinds_of_move(before, after, order, team_id)
        return applies(rule, Move(before, after, kinds, team_id, company_id), today)

    def _stage_rule_carry_out(self, entry, hops):
        """Move opportunities by a rule, those that the guards let through."""
        self = self.with_context(stage_rule_automatic=AUTOMATIC)
        before = self._stage_rule_positions()
        after = {n: self._stage_rule_goal(entry.rule, old) for n, old in before.items()}
        moved = {n: (before[n], after[n]) for n in before}
        judged = self._stage_rule_decide(after)
        held = [n for n, decisions in judged.items() if held_back(decisions)]
        self.browse(held)._stage_rule_note_held(judged, moved)
        free = self.browse(n for n in before if n not in held)
        # Who may not write an opportunity (any more) does not hinder the process.
        mine = free._filtered_access("write")
        with hops.inside(self.env.cr):
            for leads in (mine, (free - mine).sudo()):
                leads._stage_rule_go(entry, moved)

    def _stage_rule_go(self, entry, moved):
        """Write the move; what fails stays, what does not fail goes."""
        todo = self
        while todo:
            try:
                with self.env.cr.savepoint():
                    # First in the log, as it was the first to decide.
                    todo._stage_rule_log_mover(entry, moved)
                    todo.write({"stage_id": moved[todo[:1].id][1].stage_id})
                return
            except (OperationalError, ConcurrencyError):
                # Odoo repeats the whole transaction.
                raise
            except StageRuleError as error:
                # The move itself changed what a guard looks at: it is logged there.
                refused = error.held_ids & set(todo.ids)
                if refused:
                    todo = todo.filtered(lambda lead, ids=refused: lead.id not in ids)
                    continue
                failure = error
            except Exception as error:  # pylint: disable=broad-exception-caught
                failure = error
            if len(todo) == 1:
                todo._stage_rule_say_stuck(entry, failure)
                return
            for lead in todo:
                lead._stage_rule_go(entry, moved)
            return

    def _stage_rule_log_mover(self, entry, moved):
        """Write which rule moved these: the answer to “why did this move?”"""
        self._stage_rule_log(
            [
                self._stage_rule_mover_row(entry, lead, *moved[lead.id])
                for lead in self.sudo()
            ]
        )

    def _stage_rule_mover_row(self, entry, lead, before, after):
        order = self.env["crm.stage"]._stage_rule_order()
        said = (Decision(entry.rule, "passed"),)
        return stage_decision_sql.Row(
            lead.id,
            *stage_decision_sql.summary(said),
            move=classify(before, after, order, lead.team_id.id),
            from_stage_id=before.stage_id,
            to_stage_id=after.stage_id,
            reason_id=None,
            note=None,
            user_id=lead.user_id.id or None,
            moved_by_id=self.env.uid,
            team_id=lead.team_id.id or None,
            company_id=lead.company_id.id or None,
            path="automatic",
        )

    def _stage_rule_note_held(self, judged, moved):
        """Log, once for a stay, what holds an automatic move back.

        The cron and every write try again: the same answer is not news.
        """
        if not self:
            return
        said = self.env.execute_query(
            SQL(
                """
                SELECT log.lead_id, log.to_stage_id, log.rules
                  FROM crm_stage_decision log
                  JOIN crm_stage_history stay
                    ON stay.lead_id = log.lead_id AND stay.left_at IS NULL
                 WHERE log.lead_id = ANY(%s) AND log.path = 'automatic'
                   AND log.result IN ('blocked', 'unconfirmed')
                   AND log.decided_at >= stay.entered_at
                """,
                self.ids,
            )
        )
        known = defaultdict(list)
        for lead_id, to_stage_id, rules in said:
            known[lead_id, to_stage_id].append(rules)
        order = self.env["crm.stage"]._stage_rule_order()
        entries = {
            lead.id: lead._stage_rule_entry(
                *moved[lead.id],
                classify(*moved[lead.id], order, lead.team_id.id),
                {},
            )
            for lead in self.sudo()
        }
        held = {lead_id: judged[lead_id] for lead_id in self.ids}
        self._stage_rule_log(
            [
                row
                for row in self._stage_rule_decision_rows(held, moved, entries)
                if json.loads(row.rules) not in known[row.lead_id, row.to_stage_id]
            ]
        )

    def _stage_rule_say_stuck(self, entry, error):
        """Tell that something else than a rule keeps an opportunity from moving."""
        rule = self.env["crm.stage.rule"].sudo().browse(entry.rule.id)
        _logger.warning(
            *("Rule %r (id %s) could not move opportunity %s", rule.name, rule.id),
            self.id,
            exc_info=error,
        )

    def _stage_rule_say_tired(self, hops):
        """Tell the readers that rules stopped moving these opportunities."""
        if not self:
            return
        body = self.env._(
            "Stage rules moved this opportunity %(limit)s times in one go and stopped. "
            "Rules and actions seem to move it in a circle; an administrator may raise "
            "the system parameter %(parameter)s.",
            limit=hops.limit,
            parameter=HOPS_PARAMETER,
        )
        author = self.env.ref("base.partner_root")
        self.sudo()._message_log_batch(
            dict.fromkeys(self.ids, body), author_id=author.id
        )
