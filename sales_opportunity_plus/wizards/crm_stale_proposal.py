from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

#: What losing an opportunity changes, and what taking it back restores.
_RESTORED = ("probability", "automated_probability", "lost_reason_id", "date_closed")


class CrmStaleProposal(models.TransientModel):
    """Opportunities that seem dead, to be closed as lost with one confirmation."""

    _name = "crm.stale.proposal"
    _description = "Proposal to Close Stale Opportunities"

    state = fields.Selection(
        [("draft", "To confirm"), ("done", "Closed"), ("undone", "Taken back")],
        required=True,
        default="draft",
        readonly=True,
    )
    line_ids = fields.One2many("crm.stale.proposal.line", "proposal_id", "Proposed")
    asked_count = fields.Integer(readonly=True)
    lost_reason_id = fields.Many2one("crm.lost.reason", "Lost Reason")
    chosen_count = fields.Integer(compute="_compute_counts")
    closed_count = fields.Integer(compute="_compute_counts")
    held_count = fields.Integer(compute="_compute_counts")

    @api.depends("line_ids.close", "line_ids.closed")
    def _compute_counts(self):
        for proposal in self:
            chosen = proposal.line_ids.filtered("close")
            proposal.chosen_count = len(chosen)
            proposal.closed_count = len(proposal.line_ids.filtered("closed"))
            proposal.held_count = len(chosen.filtered(lambda line: not line.closed))

    @api.model
    def _open(self, leads):
        """The action that shows which of these might be closed."""
        stale = leads._stage_rule_stale()
        touched, _planned = leads.browse(stale)._stage_rule_last_touch()
        proposal = self.create(
            {
                "asked_count": len(leads),
                "line_ids": [
                    fields.Command.create(
                        {
                            "lead_id": lead_id,
                            "reasons": " · ".join(stale[lead_id]),
                            "last_touch": touched[lead_id],
                            # One sign may be an oversight, several are a pattern.
                            "close": len(stale[lead_id]) > 1,
                        }
                    )
                    for lead_id in sorted(stale, key=touched.get)
                ],
            }
        )
        return proposal._show()

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stale Opportunities"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_close(self):
        """Lose the chosen opportunities; those that a rule holds stay open."""
        self.ensure_one()
        chosen = self.line_ids.filtered(lambda line: line.close and not line.closed)
        chosen.lead_id.check_access("write")
        if self.state != "draft" or not chosen:
            raise UserError(
                self.env._("Choose the opportunities that are to be closed first.")
            )
        if not self.lost_reason_id:
            raise UserError(
                self.env._("Say why they are lost: choose a lost reason first.")
            )
        # What was closed or won by somebody else meanwhile is not ours to close.
        leads = chosen.lead_id.filtered("active")
        for line in chosen:
            line.before = {
                name: line.lead_id._fields[name].convert_to_write(
                    line.lead_id[name], line.lead_id
                )
                if name != "date_closed"
                else fields.Datetime.to_string(line.lead_id.date_closed)
                for name in _RESTORED
            }
        values = {"lost_reason_id": self.lost_reason_id.id}
        leads.action_stage_rule_move(
            {"method": "action_set_lost", "values": values}, only_allowed=True
        )
        for line in chosen.filtered(lambda line: line.lead_id in leads):
            line.closed = line.lead_id.won_status == "lost"
        self.state = "done"
        return self._show()

    def action_undo(self):
        """Reopen exactly the opportunities that were closed here, as they were.

        One that somebody has reopened, won or changed the loss of since is left
        alone.
        """
        self.ensure_one()
        lines = self.line_ids.filtered("closed")
        lines.lead_id.check_access("write")
        groups = defaultdict(self.env["crm.lead"].browse)
        for line in lines:
            lead = line.lead_id
            if lead.won_status == "lost" and lead.lost_reason_id == self.lost_reason_id:
                groups[tuple(line.before[name] for name in _RESTORED)] |= lead
        for values, leads in groups.items():
            before = dict(zip(_RESTORED, values, strict=True))
            leads.write({"active": True, **before})
            # Odoo sets it by rules of its own whenever a probability is written.
            leads.filtered(
                lambda lead, b=before: lead.date_closed
                != fields.Datetime.to_datetime(b["date_closed"])
            ).write({"date_closed": before["date_closed"]})
        lines.closed = False
        self.state = "undone"
        return self._show()


class CrmStaleProposalLine(models.TransientModel):
    """One opportunity that seems dead, and why."""

    _name = "crm.stale.proposal.line"
    _description = "Stale Opportunity"
    _order = "last_touch, id"

    proposal_id = fields.Many2one(
        "crm.stale.proposal", required=True, ondelete="cascade"
    )
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, readonly=True, ondelete="cascade"
    )
    # Not as the superuser: who makes up a line of his own reads nothing new there.
    user_id = fields.Many2one(related="lead_id.user_id", related_sudo=False)
    stage_id = fields.Many2one(related="lead_id.stage_id", related_sudo=False)
    currency_id = fields.Many2one(
        related="lead_id.company_currency", related_sudo=False
    )
    expected_revenue = fields.Monetary(
        related="lead_id.expected_revenue",
        currency_field="currency_id",
        related_sudo=False,
    )
    last_touch = fields.Datetime("Last Event", readonly=True)
    reasons = fields.Char("Why", readonly=True)
    close = fields.Boolean()
    closed = fields.Boolean(readonly=True)
    before = fields.Json(readonly=True)
