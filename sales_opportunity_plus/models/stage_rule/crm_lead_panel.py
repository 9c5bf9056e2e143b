from collections import defaultdict

from odoo import api

from ...engine.stage_move import Position
from ..lead_part import LeadPart

#: Keys of a description that a requirement which is met has as well.
_SHOWN = ("rule_id", "name", "sentence", "severity", "guidance", "may_bypass")


class LeadPanel(LeadPart):
    """What stands between an opportunity and its next stage, before anybody moves."""

    __slots__ = ()

    @api.depends("stage_id", "team_id", "user_id", "active", "probability", "type")
    @api.depends_context("uid", "lang")
    def _compute_stage_rule_state(self):
        origins = self._origin
        next_stages, judged = origins._stage_rule_judge_next()
        late = origins._stage_rule_late_ids()
        alike = defaultdict(list)
        for lead_id in self._ids:
            origin = lead_id or getattr(lead_id, "origin", None)
            decisions = judged.get(origin, ())
            failures = _failures(decisions)
            missing = sum(not one.waiting for one in failures)
            has_next = bool(next_stages.get(origin))
            state = _state(decisions, failures, origin in late, has_next)
            alike[missing, state].append(lead_id)
        # A kanban is full of cards: what is alike is written at once.
        for (missing, state), lead_ids in alike.items():
            leads = self.browse(lead_ids)
            leads.stage_rule_missing = missing
            leads.stage_rule_state = state

    @api.depends("stage_rule_state")
    @api.depends_context("uid", "lang")
    def _compute_stage_rule_panel(self):
        for lead in self:
            origin = lead._origin
            lead.stage_rule_panel = bool(origin.id) and origin._stage_rule_panel_data()

    def _stage_rule_late_ids(self):
        """Hook: ids of those that have been in their stage for too long."""
        return set()

    def _stage_rule_next_stages(self):
        """The stage after the present one by lead id; open opportunities only."""
        order = self.env["crm.stage"]._stage_rule_order()
        archived = self.env["crm.stage"]._stage_rule_archived_ids()
        paths, found = {}, {}
        for lead in self.sudo():
            if lead._stage_rule_position().status != "open":
                continue
            team_id = lead.team_id.id or None
            if team_id not in paths:
                paths[team_id] = [
                    n for n in order.of_team(team_id) if n not in archived
                ]
            path = paths[team_id]
            place = path.index(lead.stage_id.id) if lead.stage_id.id in path else -1
            if lead.stage_id and place < 0:
                continue
            found[lead.id] = path[place + 1] if place + 1 < len(path) else None
        return {lead_id: stage for lead_id, stage in found.items() if stage}

    def _stage_rule_judge_next(self):
        """Next stages and decisions about going there, by lead id."""
        if not self or not self.env["crm.stage.rule"]._rule_set().guards:
            return {}, {}
        stages = self._stage_rule_next_stages()
        won = {
            stage.id
            for stage in self.env["crm.stage"].sudo().browse(set(stages.values()))
            if stage.is_won
        }
        leads = self.browse(stages)
        targets = {
            lead.id: Position(
                stages[lead.id], "won" if stages[lead.id] in won else "open", lead.type
            )
            for lead in leads.sudo()
        }
        return stages, leads._stage_rule_decide(targets)

    def _stage_rule_panel_data(self):
        """The panel of one opportunity as its widget shows it."""
        self.ensure_one()
        stages, judged = self._stage_rule_judge_next()
        decisions = judged.get(self.id, ())
        if not decisions:
            return {"outcome": "none"}
        stage = self.env["crm.stage"].sudo().browse(stages[self.id])
        failures = _failures(decisions)
        return {
            "outcome": _state(decisions, failures, False, True),
            "missing": sum(not one.waiting for one in failures),
            "guidance": stage.requirements or "",
            "stage": {"id": self.stage_id.id, "name": self.sudo().stage_id.name},
            "next": {"id": stage.id, "name": stage.name},
            "rules": [self._stage_rule_panel_rule(one) for one in decisions],
            "approvals": self._stage_rule_panel_approvals(),
        }

    def _stage_rule_panel_rule(self, decision):
        [described] = self._stage_rule_describe_decisions([decision])
        rule = self.env["crm.stage.rule"].sudo().browse(decision.rule.id)
        missing = {one.get("requirement_id") for one in described["failures"]}
        requirements = [
            self._stage_rule_describe_requirement(one) | {"met": one.id not in missing}
            for one in rule.requirement_ids
        ]
        requirements += [
            one | {"met": False}
            for one in described["failures"]
            if "requirement_id" not in one
        ]
        shown = {key: described[key] for key in _SHOWN}
        return shown | {"requirements": requirements}

    def _stage_rule_panel_approvals(self):
        approvals = self.env["crm.stage.approval"].sudo()
        found = approvals.search(
            [("lead_id", "=", self.id), ("state", "in", ("open", "approved"))]
        )
        return [
            {
                "id": one.id,
                "rule": one.rule_id.name,
                "state": one.state,
                "requester": one.requester_id.name,
                "note": one.note or "",
            }
            for one in found
        ]


def _failures(decisions):
    return [one for decision in decisions for one in decision.failures]


def _state(decisions, failures, is_late, has_next):
    """The word of the badge; the most urgent first."""
    if failures and all(one.waiting for one in failures):
        return "waiting"
    if is_late:
        return "late"
    if failures:
        return "missing"
    return "ready" if decisions and has_next else "none"
