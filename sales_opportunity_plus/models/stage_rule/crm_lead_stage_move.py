from odoo.exceptions import UserError

from ...exceptions import StageRuleError
from ..lead_part import LeadPart
from .crm_lead_guard import Answer

#: How a move may be tried again; nothing else can be asked for by RPC.
REPLAYED = {"write", "action_set_won", "action_set_lost"}


class LeadStageMove(LeadPart):
    """Moving with an answer: what the dialog and other clients call."""

    __slots__ = ()

    def action_stage_rule_move(
        self,
        replay,
        fixes=None,
        reason_id=None,
        override_reason=None,
        only_allowed=False,
    ):
        """Try a refused move again, with what was missing.

        The caller may do no more than he could by writing himself: his rights, the
        record rules and every stage rule hold as ever.

        :param replay: ``replay`` of the refusal: ``ids`` (used when the method is
            called on no record), ``method`` and ``values``
        :param fixes: field values that are written with the move, on every one of
            these opportunities
        :param reason_id: id of the ``crm.stage.reason`` of the move
        :param override_reason: why to move although a rule says no
        :param only_allowed: move the opportunities that may, leave the others
        :return: dict: ``moved`` and ``held``, numbers of opportunities
        :raises StageRuleError: when something is still missing
        """
        leads = (self or self.browse(replay.get("ids") or ())).exists()
        leads.check_access("write")
        if replay.get("method") not in REPLAYED:
            raise UserError(
                self.env._(
                    "“%(method)s” is no way to move an opportunity. Use one of: "
                    "%(methods)s.",
                    method=replay.get("method"),
                    methods=", ".join(sorted(REPLAYED)),
                )
            )
        answer = Answer(reason_id or None, (override_reason or "").strip() or None)
        todo = leads
        while todo:
            try:
                with self.env.cr.savepoint():
                    todo._stage_rule_replay(replay, fixes or {}, answer)
                break
            except StageRuleError as error:
                if not only_allowed or not error.held_ids & set(todo.ids):
                    raise
                todo = todo.filtered(lambda lead, e=error: lead.id not in e.held_ids)
        return {"moved": len(todo), "held": len(leads) - len(todo)}

    def _stage_rule_replay(self, replay, fixes, answer):
        values = replay.get("values") or {}
        if any(answer):
            self._stage_rule_answers().update(dict.fromkeys(self.ids, answer))
        if replay["method"] == "action_set_won":
            if fixes:
                self.write(fixes)
            self.action_set_won()
        elif replay["method"] == "action_set_lost":
            self.action_set_lost(**(values | fixes))
        else:
            self.write(values | fixes)

    def action_stage_rule_tick(self, item_id, ticked=True):
        """Tick a line of a checklist on these opportunities, or untick it."""
        self.check_access("write")
        item = self.env["crm.stage.checklist.item"].browse(item_id).exists()
        if not item:
            raise UserError(
                self.env._(
                    "This line of the checklist is gone: a manager changed the rule. "
                    "Open “%s” again.",
                    self[:1].display_name,
                )
            )
        item.check_access("read")
        self.env["crm.stage.checklist.tick"]._tick(self.ids, item, ticked)
        return True
