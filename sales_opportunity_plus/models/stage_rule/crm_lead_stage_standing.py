from dataclasses import replace

from ...engine.stage_rule import Move, held_back
from ..lead_part import LeadPart
from . import stage_decision_sql
from .rule_set import RuleSet


class LeadStageStanding(LeadPart):
    """Rules that ask for something of an opportunity that stays where it is."""

    __slots__ = ()

    def _stage_rule_asks(self, kind):
        """Whether an active rule asks for a kind of requirement; from the cache."""
        return kind in self.env["crm.stage.rule"]._rule_set().asked_kinds

    def _stage_rule_guard_standing(self, kind, move, replay):
        """Ask the requirements of one kind as if each opportunity were leaving.

        It is asked before anything is written. A rule counts in the stages that it is
        about leaving, for its teams, companies and conditions, whatever move it guards.

        :param kind: of the requirements
        :param move: what is done, for the log: one of ``DECIDED_MOVES``
        :param replay: how to try the same again, for the dialog
        :raises StageRuleError: when a rule refuses
        """
        rule_set = self._stage_rule_standing_rules(kind)
        moves = {}
        for lead in self.sudo():
            here, team_id = lead._stage_rule_position(), lead.team_id.id or None
            company_id = rule_set.by_company and lead._stage_rule_company_id()
            kinds = frozenset({move})
            moves[lead.id] = Move(here, here, kinds, team_id, company_id or None)
        judged = self._stage_rule_judge_moves(moves, rule_set)
        moved = {lead_id: (moves[lead_id].after,) * 2 for lead_id in judged}
        entries = {
            lead.id: lead._stage_rule_entry(*moved[lead.id], move, {})
            for lead in self.browse(judged).sudo()
        }
        rows = self._stage_rule_decision_rows(judged, moved, entries)
        held = {
            lead_id: held_back(decisions)
            for lead_id, decisions in judged.items()
            if held_back(decisions)
        }
        if held:
            names = dict.fromkeys(held, move)
            # All that were to be written count: the others may be saved without them.
            moved = {**dict.fromkeys(replay["ids"]), **moved}
            self._stage_rule_refuse(held, moved, names, rows, replay)
        # The answer is kept: it counts for a move by the same write, too.
        if rows:
            self.env.cr.execute(stage_decision_sql.insert(rows, self.env.cr.now()))

    def _stage_rule_standing_rules(self, kind):
        """The rules that ask for it, with nothing else that they ask."""
        entries = []
        for entry in self.env["crm.stage.rule"]._rule_set().guards:
            specs = tuple(spec for spec in entry.requirements if spec.kind == kind)
            if specs:
                rule = replace(
                    entry.rule,
                    move="any",
                    to_stages=frozenset(),
                    requirements=tuple(spec.id for spec in specs),
                    restricted=False,
                    approval=False,
                )
                entries.append(replace(entry, rule=rule, requirements=specs))
        return RuleSet.of(entries, ())
