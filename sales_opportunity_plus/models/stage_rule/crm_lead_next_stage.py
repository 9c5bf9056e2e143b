from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.stage_move import Position
from ...engine.stage_rule import held_back
from ..lead_part import LeadPart


class LeadNextStage(LeadPart):
    """Going on to the next stage: what the actions of lists and boards do.

    Each public method is called by a server action of the *Action* menu, which
    consultants may use in automations as well: none opens anything that could not
    be left unopened.
    """

    __slots__ = ()

    def action_stage_rule_check(self):
        """Show what is missing for the next stage of each of these."""
        self.check_access("read")
        self._stage_rule_some()
        return self.env["crm.stage.check"]._open(self)

    def action_stage_rule_next(self):
        """Move each of these that may to its next stage; show what holds others."""
        self.check_access("write")
        self._stage_rule_some()
        moved = self.browse()
        for stage, leads in self._stage_rule_by_next_stage().items():
            replay = {"method": "write", "values": {"stage_id": stage.id}}
            before = {lead.id: lead.stage_id for lead in leads}
            leads.action_stage_rule_move(replay, only_allowed=True)
            moved += leads.filtered(lambda lead, b=before: lead.stage_id != b[lead.id])
        if left := self - moved:
            return self.env["crm.stage.check"]._open(left, len(moved))
        if len(moved) == 1:
            return moved._stage_rule_say(
                self.env._("Moved to %s.", moved.stage_id.name)
            )
        return self._stage_rule_say(
            self.env._("%s opportunities went to their next stages.", len(moved))
        )

    def action_stage_rule_ask_approval(self):
        """Ask for every approval that the next stages of these want."""
        self.check_access("write")
        self._stage_rule_some()
        judged = self._stage_rule_judge_check()
        asked = 0
        for stage, leads in self._stage_rule_by_next_stage().items():
            wanting = leads.filtered(
                lambda lead: _wants_approval(judged.get(lead.id, ()))
            )
            if wanting:
                replay = {"method": "write", "values": {"stage_id": stage.id}}
                wanting.action_stage_rule_request_approval(replay)
                asked += len(wanting)
        if not asked:
            raise UserError(
                self.env._(
                    "There is no approval to ask for: no stage rule wants one for the "
                    "next stage of these opportunities, or it is asked for already. "
                    "Use “Check stage rules” to see what is missing."
                )
            )
        return self._stage_rule_say(
            self.env._("Approval is asked for %s opportunities.", asked)
            if asked > 1
            else self.env._("Approval is asked for.")
        )

    def action_stage_rule_propose_closing(self):
        """Open those of these that seem dead, with the reasons, to close them."""
        self.check_access("read")
        self._stage_rule_some()
        return self.env["crm.stale.proposal"]._open(self)

    def _stage_rule_some(self):
        if not self:
            raise UserError(self.env._("Choose the opportunities first."))

    def _stage_rule_say(self, message):
        """A short message, and the screen as it is now."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _stage_rule_by_next_stage(self):
        """These opportunities by the stage that comes next; closed ones left out."""
        found = self._stage_rule_next_stages()
        stages = self.env["crm.stage"].search(Domain("id", "in", set(found.values())))
        return {
            stage: self.filtered(lambda lead, n=stage.id: found.get(lead.id) == n)
            for stage in stages
        }

    def _stage_rule_judge_check(self):
        """Decisions about the next stages, by lead id."""
        by_stage = self._stage_rule_by_next_stage()
        targets = {
            lead.id: Position(stage.id, "won" if stage.is_won else "open", lead.type)
            for stage, leads in by_stage.items()
            for lead in leads
        }
        return self.browse(targets)._stage_rule_decide(targets)

    def _stage_rule_check(self):
        """Values of a line of ``crm.stage.check`` for each of these."""
        found = self._stage_rule_next_stages()
        judged = self._stage_rule_judge_check()
        return [
            {
                "lead_id": lead.id,
                "stage_id": lead.stage_id.id,
                "next_stage_id": found.get(lead.id),
                **lead._stage_rule_check_outcome(
                    found.get(lead.id), held_back(judged.get(lead.id, ()))
                ),
            }
            for lead in self
        ]

    def _stage_rule_check_outcome(self, next_stage_id, held):
        if not next_stage_id:
            return {"state": "none", "missing": self._stage_rule_why_no_next()}
        failures = [failure for decision in held for failure in decision.failures]
        if not held:
            state = "ready"
        elif all(failure.waiting for failure in failures):
            state = "waiting"
        elif all(decision.result == "unconfirmed" for decision in held):
            state = "warn"
        else:
            state = "missing"
        described = self._stage_rule_describe_decisions(held)
        lines = [
            f"{failure['message']} ({rule['name']})"
            for rule in described
            for failure in rule["failures"]
        ]
        return {
            "state": state,
            "missing": "\n".join(lines),
            "needs_approval": _wants_approval(held),
        }

    def _stage_rule_why_no_next(self):
        status = self.sudo()._stage_rule_position().status
        return {
            "won": self.env._("It is won."),
            "lost": self.env._("It is lost."),
            "archived": self.env._("It is archived."),
        }.get(status) or self.env._("It is in the last stage of its team.")


def _wants_approval(decisions):
    """Whether an approval is missing that nobody asked for yet."""
    return any(
        failure.kind == "approval" and not failure.waiting
        for decision in held_back(decisions)
        for failure in decision.failures
    )
