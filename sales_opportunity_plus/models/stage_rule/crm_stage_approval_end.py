from odoo import api, models
from odoo.tools import SQL, float_compare

from .crm_stage_approval import STANDING

#: Requests that expire are ended in batches of this size.
BATCH = 200


class CrmStageApproval(models.Model):
    """How requests end without a decision: the world went on."""

    _name = "crm.stage.approval"
    _inherit = ["crm.stage.approval"]

    def _end(self, state, reason, **values):
        """End requests for one reason, and tell who asked.

        :param values: what else changes of them
        """
        if not self:
            return
        self._set({"state": state, "decision_note": reason, **values})
        self._close_activities()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for approval in self.sudo():
            approval._tell(
                self.env._(
                    "Approval of the move to %(target)s (rule “%(rule)s”): %(state)s. "
                    "%(reason)s",
                    target=approval._target_text(),
                    rule=approval.rule_id.name,
                    state=labels[state],
                    reason=reason,
                )
            )

    def _tell(self, body):
        """Write it into the chatter of the opportunity, for the requester to see."""
        self.ensure_one()
        approval = self.sudo()
        requester = approval.requester_id
        thread = approval.lead_id or approval
        told = requester.partner_id if requester != self.env.user else False
        thread.message_post(
            body=body,
            author_id=self.env.user.partner_id.id,
            partner_ids=told.ids if told and requester.active else [],
            subtype_xmlid="mail.mt_note",
        )

    # ------------------------------------------------------------
    # What happens to the opportunity
    # ------------------------------------------------------------

    @api.model
    def _standing_of(self, lead_ids, states=STANDING):
        """Requests and approvals of these opportunities that count: one query."""
        # Asked with every move and amount: a third of the time of a search.
        self.flush_model(["lead_id", "state"])
        query = """SELECT id FROM crm_stage_approval
                    WHERE lead_id = ANY(%s) AND state = ANY(%s) ORDER BY id"""
        rows = self.env.execute_query(SQL(query, list(lead_ids), list(states)))
        return self.sudo().browse(row[0] for row in rows)

    def _amount_rose(self):
        """Whether the opportunity is worth more than what was asked for."""
        self.ensure_one()
        lead = self.sudo().lead_id
        return bool(lead) and (
            float_compare(lead.expected_revenue, self.amount, precision_digits=4) > 0
            or lead._forecast_currency() != self.sudo().currency_id
        )

    def _void_raised(self):
        """Void those whose amount rose; give them back."""
        raised = self.filtered(lambda approval: approval._amount_rose())
        for approval in raised:
            approval._end("void", approval._rise_text())
        return raised

    def _rise_text(self):
        lead = self.sudo().lead_id
        return self.env._(
            "The expected revenue changed from %(before)s to %(after)s after approval "
            "was asked for. Ask for approval again.",
            before=self._amount_text(self.amount),
            after=self._amount_text(lead.expected_revenue, lead._forecast_currency()),
        )

    def _stands(self):
        """Whether its time is not over, marked or not."""
        return not self.expires_at or self.expires_at > self.env.cr.now()

    def _leads_to(self, position):
        """Whether it is about a move to an engine ``Position``."""
        target = (self.to_stage_id.id or None, self.to_status)
        return target == (position.stage_id, position.status)

    def _give_way(self):
        """End a request because another one of the same rule takes its place."""
        if self._stands():
            reason = self.env._("Approval of another move was asked for instead.")
            self._end("cancelled", reason)
        else:
            self._expire()

    def _expire(self):
        self._end("expired", self.env._("Its time is over. Ask for approval again."))

    @api.model
    def _follow_moves(self, entries):
        """Opportunities moved: what was approved is used, what waits has no object.

        :param entries: ``stage_history_sql.Entry`` of each move
        """
        entry_by_lead = {one.lead_id: one for one in entries if one.move != "created"}
        if not entry_by_lead:
            return
        used, overtaken, gone = (self.browse() for _state in range(3))
        for approval in self._standing_of(entry_by_lead):
            entry = entry_by_lead[approval.lead_id.id]
            there = approval._leads_to(entry)
            if approval.state == "approved" and there and approval._stands():
                used |= approval
            elif there:
                overtaken |= approval
            elif approval.state == "open" or entry.status != "open":
                gone |= approval
        if used:
            used._set({"state": "used"})
        overtaken._end(
            "cancelled",
            self.env._("%s moved the opportunity there.", self.env.user.name),
        )
        gone._end(
            "cancelled",
            self.env._("%s moved the opportunity elsewhere.", self.env.user.name),
        )

    def _adopt(self, lead):
        """Hand requests of merged opportunities to the one that survives.

        One that still makes sense there goes on; nothing is lost of the others.
        """
        position = lead.sudo()._stage_rule_position()
        waits_for = self._standing_of(lead.ids, ("open",)).rule_id
        for approval in self.sudo():
            values = {"lead_id": lead.id, "company_id": lead.sudo().company_id.id}
            if approval.replay:
                values["replay"] = {**approval.replay, "ids": lead.ids}
            there = approval._leads_to(position)
            clash = approval.state == "open" and approval.rule_id in waits_for
            senseless = there or clash or position.status != "open"
            if approval.state in STANDING and senseless:
                name = lead.sudo().display_name
                approval._end(
                    "cancelled", self.env._("Merged into “%s”.", name), **values
                )
                continue
            approval._set(values)
            if approval.state == "open":
                waits_for |= approval.rule_id

    # ------------------------------------------------------------
    # Time
    # ------------------------------------------------------------

    @api.model
    def _cron_follow_up(self):
        """Expire what is due; ask the right people when absences begin and end."""
        self._refresh_open()
        domain = [("state", "in", STANDING), ("expires_at", "<=", self.env.cr.now())]
        while expired := self.sudo().search(domain, limit=BATCH, order="id"):
            expired = expired.try_lock_for_update()
            if not expired:
                return  # Somebody decides on them right now: the next run looks again.
            expired._expire()
            if not self.env["ir.cron"]._commit_progress(
                len(expired), remaining=self.sudo().search_count(domain)
            ):
                return
