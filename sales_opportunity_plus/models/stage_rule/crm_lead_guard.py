from typing import NamedTuple

from odoo import fields

from ...engine.stage_rule import Move, applicable, decide, held_back, kinds_of_move
from ..lead_part import LeadPart
from . import stage_decision_sql

#: In the context of a move that a rule makes by itself. An object: no client can
#: send it, so no client can pass for a rule.
AUTOMATIC = object()


class Answer(NamedTuple):
    """What a person said about a move: a reason code, and why it happens anyway."""

    reason_id: int | None = None
    note: str | None = None

    def added_to(self, facts, rule_set):
        """Facts with the requirements that the reason code meets."""
        if not self.reason_id:
            return facts
        return facts.and_met(
            spec.id
            for entry in rule_set.guards
            for spec in entry.requirements
            if spec.kind == "reason"
            and self.reason_id in (spec.values["reason_ids"] or {self.reason_id})
        )


_NO_ANSWER = Answer()


class LeadGuard(LeadPart):
    """The guard: what the stage rules say about a move, on every write path.

    Every move ends in ``_stage_rule_record``, which asks the guard before it writes
    the history. So a decision sees the opportunity as the move leaves it, whatever
    way it took; and a refusal that somebody catches still keeps the transaction
    from being committed (see ``_stage_rule_stand_by``).
    """

    __slots__ = ()

    def _stage_rule_take_answer(self, vals):
        """Values without the answers, and the ``Answer`` in them or ``None``."""
        names = {"stage_reason_id", "stage_override_reason"} & vals.keys()
        if not names:
            return vals, None
        rest = {name: value for name, value in vals.items() if name not in names}
        note = (vals.get("stage_override_reason") or "").strip()
        return rest, Answer(vals.get("stage_reason_id") or None, note or None)

    def _stage_rule_keep_answer(self, vals):
        """Values without the answers, which are kept for the coming move."""
        vals, answer = self._stage_rule_take_answer(vals)
        if answer:
            self._stage_rule_answers().update(dict.fromkeys(self.ids, answer))
        return vals

    def _stage_rule_answers(self):
        """Answers by lead id: they count for the next move of the transaction."""
        return self.env.cr.precommit.data.setdefault("stage_rule.answers", {})

    def _stage_rule_decide(self, targets):
        """What the rules would say if these opportunities moved now.

        :param targets: engine ``Position`` to go to, by lead id
        :return: tuple of engine ``Decision`` by lead id; nothing is written
        """
        positions = self._stage_rule_positions()
        return self._stage_rule_judge(
            {lead.id: (positions[lead.id], targets[lead.id]) for lead in self}
        )

    def _stage_rule_judge(self, moved, cause="set"):
        """Decisions by lead id for moves ``{lead id: (before, after)}``."""
        rule_set = self.env["crm.stage.rule"]._rule_set()
        if not rule_set.guards:
            return {}
        moves = self.browse(moved)._stage_rule_moves(moved, rule_set, cause)
        return self._stage_rule_judge_moves(moves, rule_set)

    def _stage_rule_judge_moves(self, moves, rule_set):
        """Decisions by lead id of a ``RuleSet`` about engine ``Move``s by lead id."""
        leads = self.browse(moves)
        rules = rule_set.guard_rules
        today = self._stage_rule_today(rule_set)
        # Moves of a batch are alike: each kind is looked up once.
        about = {move: applicable(rules, move, today) for move in set(moves.values())}
        asked = {rule.id for found in about.values() for rule in found}
        if not asked:
            return {}
        concerned = leads.filtered(lambda lead: about[moves[lead.id]])
        facts = concerned._stage_rule_facts(
            [rule_set.entries[rule_id] for rule_id in sorted(asked)],
            {lead_id: move.after.stage_id for lead_id, move in moves.items()},
        )
        answers, known, judged = self._stage_rule_answers(), {}, {}
        for lead_id in concerned.ids:
            if lead_id not in facts:
                continue
            rules, fact = about[moves[lead_id]], facts[lead_id]
            answer = answers.get(lead_id) or _NO_ANSWER
            key = (id(rules), id(fact), answer)
            if key not in known:
                known[key] = decide(
                    rules, answer.added_to(fact, rule_set), bool(answer.note)
                )
            judged[lead_id] = known[key]
        return judged

    def _stage_rule_moves(self, moved, rule_set, cause):
        """Engine ``Move`` by lead id."""
        order = self.env["crm.stage"]._stage_rule_order()
        moves = {}
        kinds = {}
        for lead in self.sudo():
            before, after = moved[lead.id]
            team_id = lead.team_id.id or None
            key = (before, after, team_id)
            if key not in kinds:
                kinds[key] = kinds_of_move(before, after, order, team_id, cause)
            company_id = rule_set.by_company and lead._stage_rule_company_id()
            moves[lead.id] = Move(
                before, after, kinds[key], team_id, company_id or None
            )
        return moves

    def _stage_rule_today(self, rule_set):
        """The user's date; his time zone is only read where a rule asks for it."""
        if rule_set.by_date:
            return fields.Date.context_today(self)
        return self.env.cr.now().date()

    def _stage_rule_company_id(self):
        """The company whose rules count: also where the opportunity names none."""
        self.ensure_one()
        company = self.company_id or self.team_id.company_id or self.user_id.company_id
        return company.id or None

    def _stage_rule_guard(self, moved, entries, cause="set", replay=None):
        """Ask the rules about moves that were just written.

        :param moved: ``{lead id: (before, after)}``
        :param entries: the ``stage_history_sql.Entry`` of each move
        :param replay: how to try the same again, for the dialog
        :return: rows for the decision log
        :raises StageRuleError: when a rule holds an opportunity back
        """
        judged = self._stage_rule_judge(moved, cause)
        if not judged:
            return []
        by_lead = {entry.lead_id: entry for entry in entries}
        rows = self._stage_rule_decision_rows(judged, moved, by_lead)
        held = {
            lead_id: held_back(decisions)
            for lead_id, decisions in judged.items()
            if held_back(decisions)
        }
        if held:
            moves = {entry.lead_id: entry.move for entry in entries}
            self._stage_rule_refuse(held, moved, moves, rows, replay)
        return rows

    def _stage_rule_decision_rows(self, judged, moved, entries):
        """Rows of the decision log.

        :param entries: the ``stage_history_sql.Entry`` of each move by lead id
        """
        path, answers = self._stage_rule_path(), self._stage_rule_answers()
        summaries, rows = {}, []
        for lead_id, decisions in judged.items():
            if not decisions:
                continue
            # Decisions of a batch are shared: each is put into words once.
            if id(decisions) not in summaries:
                summaries[id(decisions)] = stage_decision_sql.summary(decisions)
            before, after = moved[lead_id]
            answer, entry = answers.get(lead_id) or _NO_ANSWER, entries[lead_id]
            rows.append(
                stage_decision_sql.Row(
                    lead_id,
                    *summaries[id(decisions)],
                    move=entry.move,
                    from_stage_id=before and before.stage_id,
                    to_stage_id=after.stage_id,
                    reason_id=answer.reason_id,
                    note=answer.note,
                    user_id=entry.user_id,
                    moved_by_id=self.env.uid,
                    team_id=entry.team_id,
                    company_id=entry.company_id,
                    path=path,
                )
            )
        return rows
