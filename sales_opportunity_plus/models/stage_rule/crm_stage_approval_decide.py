from odoo import models
from odoo.exceptions import AccessError, UserError

from ..row_lock import lock_rows
from .crm_lead_guard import Answer


class CrmStageApproval(models.Model):
    """Approve, refuse and withdraw; the approved move happens by itself."""

    _name = "crm.stage.approval"
    _inherit = ["crm.stage.approval"]

    def action_approve(self, note=None):
        """Approve these moves; each happens as soon as nothing else is missing.

        A request whose amount rose becomes void instead. That is told and not
        raised: an error would take it back.

        :return: a notification that says what came of each
        """
        self.check_access("read")
        told = [approval._approve(note) for approval in self.sorted("id")]
        return self._notification(told)

    def action_refuse(self, reason):
        """Refuse these moves, with a reason for who asked."""
        self.check_access("read")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._(
                    "Say why you refuse: the requester of “%s” gets to know it.",
                    self[:1].display_name,
                )
            )
        for approval in self.sorted("id"):
            approval._take_up("approver_ids")
            approval._decide("refused", reason)
            approval._tell(
                self.env._(
                    "%(user)s refused the move to %(target)s (rule “%(rule)s”): "
                    "%(reason)s",
                    user=self.env.user.name,
                    target=approval._target_text(),
                    rule=approval.sudo().rule_id.name,
                    reason=reason,
                )
            )
        return True

    def action_withdraw(self):
        """Take back one's own requests."""
        self.check_access("read")
        for approval in self.sorted("id"):
            approval._take_up("requester_id")
            approval._end(
                "cancelled", self.env._("%s withdrew it.", self.env.user.name)
            )
        return True

    # ------------------------------------------------------------
    # One request
    # ------------------------------------------------------------

    def _take_up(self, people):
        """Lock the opportunity and the request; refuse who may not, or comes late.

        :param people: the field with those who may
        """
        self.ensure_one()
        self._lock()
        approval = self.sudo()
        if approval.state != "open":
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(request)s” waits no longer: %(state)s. %(reason)s",
                    request=approval.display_name,
                    state=labels[approval.state],
                    reason=approval.decision_note or "",
                )
            )
        if people == "approver_ids":
            # Whoever left the group since he was asked may not decide any more.
            approval._refresh_people()
        if self.env.user not in approval[people]:
            raise AccessError(
                self.env._(
                    "You cannot decide on “%(request)s”. Those who can: %(people)s.",
                    request=approval.display_name,
                    people=", ".join(approval[people].mapped("name")) or "–",
                )
            )

    def _lock(self):
        """Lock the opportunity, then the request: everybody takes that order."""
        lock_rows(self.sudo().lead_id)
        lock_rows(self)
        self.sudo().invalidate_recordset()
        self.sudo().lead_id.invalidate_recordset(["expected_revenue"])

    def _decide(self, state, note, **values):
        self._set(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": self.env.cr.now(),
                "decision_note": note,
                **values,
            }
        )
        self._finish_activities(note)

    def _approve(self, note):
        """Approve one request and try its move; say what came of it."""
        self._take_up("approver_ids")
        approval = self.sudo()
        if approval._void_raised():
            return self.env._(
                "“%(request)s” was not approved: %(reason)s",
                request=approval.display_name,
                reason=approval.decision_note,
            ), False
        note = (note or "").strip()
        self._decide("approved", note, expires_at=approval.rule_id._approval_expiry())
        hindrance = approval._move_on()
        name = self.env.user.name
        target = approval._target_text()
        if not hindrance:
            text = self.env._("%(user)s approved the move to %(target)s. %(note)s")
        else:
            text = self.env._(
                "%(user)s approved the move to %(target)s. %(note)s\n"
                "It did not happen yet: %(missing)s"
            )
        values = {"user": name, "target": target, "note": note, "missing": hindrance}
        approval._tell((text % values).strip())
        if not hindrance:
            done = self.env._("“%s” is approved and done.", approval.display_name)
            return done, True
        if not self.may_open:
            # The reasons may tell of things that this approver cannot see.
            hindrance = self.env._("%s was told what.", approval.requester_id.name)
        return self.env._(
            "“%(request)s” is approved. Something else is still missing:\n%(missing)s",
            request=approval.display_name,
            missing=hindrance,
        ), True

    # ------------------------------------------------------------
    # The move
    # ------------------------------------------------------------

    def _move_on(self):
        """Move the opportunity in the requester's name; say what hinders it, if so."""
        self.ensure_one()
        waiting = self._standing_of(self.lead_id.ids, ("open",)).filtered(
            lambda other: (other.to_stage_id, other.to_status)
            == (self.to_stage_id, self.to_status)
        )
        if waiting:
            return self.env._(
                "it waits for approval by: %s.",
                ", ".join(waiting.rule_id.mapped("name")),
            )
        requester = self.requester_id
        lead = self._as_requester()
        if not requester.active or not lead.has_access("write"):
            return self.env._(
                "%s may not change the opportunity any more. Somebody who may has to "
                "move it.",
                requester.name,
            )
        if self.to_stage_id and not self.to_stage_id.active:
            return self.env._("the stage %s is archived.", self.to_stage_id.name)
        return self._replay(lead)

    def _as_requester(self):
        """The opportunity as the requester has it: his rights, language, companies."""
        user = self.requester_id
        companies = user.company_ids
        if self.company_id in companies:
            companies = self.company_id | companies
        context = {
            "lang": user.lang,
            "tz": user.tz,
            "allowed_company_ids": companies.ids,
        }
        env = self.env(user=user.id, su=False, context=context)
        return env["crm.lead"].browse(self.lead_id.id)

    def _replay(self, lead):
        """Try the move again; give the text of the refusal, if there is one."""
        try:
            # What was written before a refusal is taken back, the approval stays.
            with self.env.cr.savepoint():
                lead._stage_rule_replay(self.replay, {}, Answer())
                self.env.flush_all()
        except UserError as error:
            return str(error)
        return None

    def _notification(self, told):
        good = all(well for _text, well in told)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if good else "warning",
                "sticky": not good,
                "message": "\n".join(text for text, _well in told),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
