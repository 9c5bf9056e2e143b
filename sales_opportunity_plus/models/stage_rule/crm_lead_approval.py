from odoo import api
from odoo.exceptions import UserError

from ...engine.stage_move import Position
from ...engine.stage_rule import held_back
from ..lead_part import LeadPart
from ..row_lock import lock_rows
from .crm_lead_stage_move import REPLAYED

#: What a replayed move may write: other values would come along unseen, and a reason
#: to bypass the other rules would come along unasked.
_MOVES = {"stage_id", "active", "probability", "stage_reason_id"}
_LOSES = {"lost_reason_id", "stage_reason_id"}


class LeadApproval(LeadPart):
    """Ask for approval of a move, and keep requests in step with what happens."""

    __slots__ = ()

    def _compute_stage_approval_count(self):
        standing = self.env["crm.stage.approval"]._standing_of(self._origin.ids)
        by_lead = standing.grouped("lead_id")
        for lead in self:
            approvals = by_lead.get(lead._origin.sudo(), standing.browse())
            lead.stage_approval_count = len(approvals)
            lead.stage_approval_waiting = "open" in approvals.mapped("state")

    def action_stage_rule_open_approvals(self):
        """Open the approvals of this opportunity; their record rules apply there."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_stage_approval_action"
        )
        action["domain"] = [("lead_id", "=", self.id)]
        action["context"] = {}
        return action

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def action_stage_rule_request_approval(self, replay, note=None):
        """Ask for every approval that keeps these opportunities from moving.

        Asking twice for the same gives the request that waits already.

        :param replay: the move as it was tried, ``{"ids", "method", "values"}``; on
            records, only their part of it. Only the move is done again once it is
            approved: other values are not kept.
        :return: ``{"ids": all requests that wait, "new": how many are, "message"}``
        """
        leads = (self or self.browse(replay.get("ids") or ())).exists()
        leads.check_access("write")
        if not leads:
            raise UserError(self.env._("Choose the opportunities to be moved first."))
        method, values = self._stage_rule_replayed(replay)
        leads._stage_rule_lock()
        targets = {
            lead.id: lead._stage_rule_replay_target(method, values) for lead in leads
        }
        asking = {
            lead_id: [
                one.rule
                for one in held_back(decisions)
                if any(failure.kind == "approval" for failure in one.failures)
            ]
            for lead_id, decisions in leads._stage_rule_decide(targets).items()
        }
        vals_list, waiting = leads._stage_rule_prepare_requests(
            asking, targets, {"method": method, "values": values}, note
        )
        if not vals_list and not waiting:
            raise UserError(
                self.env._(
                    "No stage rule wants this move of “%s” approved. Try the move "
                    "itself: it says what is missing.",
                    leads[:1].display_name,
                )
            )
        made = leads._stage_rule_make_requests(vals_list)
        return {
            "ids": (waiting | made).ids,
            "new": len(made),
            "message": leads._stage_rule_request_text(waiting | made),
        }

    @api.model
    def _stage_rule_replayed(self, replay):
        """(method, values) of a move, and nothing that is not the move."""
        method, values = replay.get("method"), replay.get("values") or {}
        if method not in REPLAYED:
            raise UserError(
                self.env._(
                    "Approval can be asked for a change of stage, for winning and for "
                    "losing. “%s” is none of them: do it on its own first.",
                    method,
                )
            )
        if method == "action_set_won":
            return method, {}
        kept = _LOSES if method == "action_set_lost" else _MOVES
        return method, {name: values[name] for name in kept & values.keys()}

    def _stage_rule_lock(self):
        """Let nobody change the amount, or ask for the same, at the same moment."""
        lock_rows(self, touch=True)
        self.sudo().invalidate_recordset(["expected_revenue"])

    def _stage_rule_replay_target(self, method, values):
        """The engine ``Position`` to which a move would bring this opportunity."""
        self.ensure_one()
        now = self.sudo()._stage_rule_position()
        if method == "action_set_lost":
            return now._replace(status="lost")
        if method == "action_set_won":
            return Position(self._stage_rule_won_stage().id, "won", now.lead_type)
        stage = self.env["crm.stage"].browse(values.get("stage_id") or now.stage_id)
        if values.get("active") is False:
            lost = not values.get("probability", self.probability)
            return Position(stage.id, "lost" if lost else "archived", now.lead_type)
        status = now.status
        if stage.is_won:
            status = "won"
        elif status == "won" or values.get("active"):
            status = "open"
        return Position(stage.id or None, status, now.lead_type)

    def _stage_rule_won_stage(self):
        """The won stage to which core would bring this opportunity."""
        stages = self._stage_find(domain=[("is_won", "=", True)], limit=None)
        after = stages.filtered(lambda one: one.sequence > self.stage_id.sequence)
        return after[:1] or stages[-1:]

    def _stage_rule_prepare_requests(self, asking, targets, replay, note):
        """(values of the requests to make, those that wait for the same already)."""
        approvals = self.env["crm.stage.approval"]
        standing = {
            (one.lead_id.id, one.rule_id.id): one
            for one in approvals._standing_of(asking, ("open",))
        }
        vals_list, waiting = [], approvals
        for lead in self.sudo():
            target = targets[lead.id]
            for rule in asking.get(lead.id, ()):
                request = standing.get((lead.id, rule.id))
                if request and request._leads_to(target) and (request._stands()):
                    waiting |= request
                    continue
                if request:
                    request._give_way()
                vals_list.append(
                    lead._stage_rule_request_vals(
                        rule, target, {**replay, "ids": lead.ids}, note
                    )
                )
        return vals_list, waiting

    def _stage_rule_request_vals(self, rule, target, replay, note):
        record = self.env["crm.stage.rule"].browse(rule.id)
        return {
            "lead_id": self.id,
            "lead_name": self.name,
            "company_id": self.company_id.id,
            "currency_id": self._forecast_currency().id,
            "rule_id": rule.id,
            "version_id": rule.version_id,
            "requester_id": self.env.uid,
            "from_stage_id": self.stage_id.id,
            "to_stage_id": target.stage_id,
            "to_status": target.status,
            "replay": replay,
            "amount": self.expected_revenue,
            "note": (note or "").strip(),
            "expires_at": record._approval_expiry(),
        }

    def _stage_rule_make_requests(self, vals_list):
        approvals = self.env["crm.stage.approval"]
        if not vals_list:
            return approvals
        made = approvals._open(vals_list)
        made._refresh_people()
        for request in made:
            asked = ", ".join(request.asked_ids.mapped("name")) or "–"
            request.lead_id.message_post(
                body=self.env._(
                    "%(question)s Asked: %(people)s. %(note)s %(warning)s",
                    question=request._ask_text(),
                    people=asked,
                    note=request.note or "",
                    warning=request.warning or "",
                ).strip(),
                author_id=self.env.user.partner_id.id,
                subtype_xmlid="mail.mt_note",
            )
        return made

    def _stage_rule_request_text(self, requests):
        lines = []
        for request in requests.sudo():
            lines.append(
                self.env._(
                    "“%(lead)s” waits for approval by %(people)s.",
                    lead=request.lead_name,
                    people=", ".join(request.approver_ids.mapped("name")) or "–",
                )
            )
            if request.warning:
                lines.append(request.warning)
        return "\n".join(dict.fromkeys(lines))

    # ------------------------------------------------------------
    # What else happens to the opportunity
    # ------------------------------------------------------------

    def _stage_rule_moved(self, entries):
        result = super()._stage_rule_moved(entries)
        if self.env["crm.stage.rule"]._asks_approval():
            self.env["crm.stage.approval"]._follow_moves(entries)
        return result

    def _stage_rule_settle(self, vals=None):
        result = super()._stage_rule_settle(vals)
        if (
            vals
            and "expected_revenue" in vals
            and self.env["crm.stage.rule"]._asks_approval()
        ):
            self.env["crm.stage.approval"]._standing_of(self.ids)._void_raised()
        return result

    def _merge_dependences(self, opportunities):
        """Let requests go on with the survivor, where that makes sense."""
        result = super()._merge_dependences(opportunities)
        self.env["crm.stage.approval"].sudo().search(
            [("lead_id", "in", opportunities.ids)], order="id"
        )._adopt(self)
        return result

    @api.ondelete(at_uninstall=False)
    def _stage_rule_cancel_requests(self):
        """A request outlives its opportunity, as a request that came to nothing."""
        self.env["crm.stage.approval"]._standing_of(self.ids)._end(
            "cancelled",
            self.env._("%s deleted the opportunity.", self.env.user.name),
            lead_id=False,
        )
