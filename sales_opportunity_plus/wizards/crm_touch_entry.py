from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..engine.touch_check import EARLIEST, is_cost, moment_problem
from ..models.selections import TOUCH_CONSENTS
from ..models.source.touchpoint_sql import Touch
from ..models.source.utm_lookup import clean

MANAGERS = "sales_team.group_sale_manager"
LONGEST_NOTE = 1000


class CrmTouchEntry(models.TransientModel):
    """What happened outside Odoo, entered by a person."""

    _name = "crm.touch.entry"
    _description = "Add a Touch"

    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", required=True, readonly=True, ondelete="cascade"
    )
    kind_id = fields.Many2one(
        "crm.touch.kind",
        "Kind",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["crm.touch.kind"].search(
            [("code", "=", "manual")], limit=1
        ),
    )
    happened_at = fields.Datetime(
        "Happened On", required=True, default=fields.Datetime.now
    )
    campaign_id = fields.Many2one("utm.campaign", "Campaign", ondelete="set null")
    medium_id = fields.Many2one("utm.medium", "Medium", ondelete="set null")
    source_id = fields.Many2one("utm.source", "Source", ondelete="set null")
    note = fields.Char(help="What happened, in a few words.")
    cost = fields.Monetary(
        groups=MANAGERS, help="What this one touch cost, such as a stand or a gift."
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    consent = fields.Selection(
        TOUCH_CONSENTS,
        "Consent Basis",
        help="On which basis you may keep this about the contact.",
    )

    def action_add(self):
        """Write the touch on the opportunity."""
        self.ensure_one()
        # Whoever may not change the opportunity adds nothing to its story.
        self.lead_id.check_access("write")
        self._check_moment()
        cost = self.sudo().cost if self.env.user.has_group(MANAGERS) else 0.0
        self._check_cost(cost)
        lead = self.lead_id.sudo()
        self.env["crm.touchpoint"]._record(
            [
                Touch(
                    kind=self.kind_id.code,
                    happened_at=self.happened_at,
                    lead_id=lead.id,
                    partner_id=lead.partner_id.id,
                    campaign_id=self.campaign_id.id,
                    medium_id=self.medium_id.id,
                    source_id=self.source_id.id,
                    cost=cost or None,
                    currency_id=self.currency_id.id if cost else None,
                    origin="manual",
                    # The same dialog saved twice is one touch.
                    external_key=f"{self._name}:{self.id}",
                    company_id=lead._source_company().id,
                    consent=self.consent,
                    matched_by="given",
                    note=clean(self.note or "", LONGEST_NOTE) or None,
                )
            ]
        )
        lead._source_forget_touches()
        return {"type": "ir.actions.act_window_close"}

    def _check_moment(self):
        problem = moment_problem(self.happened_at, fields.Datetime.now())
        if not problem:
            return
        moment = format_datetime(self.env, self.happened_at)
        if problem == "early":
            raise UserError(
                self.env._(
                    "“%(lead)s” was not touched on %(moment)s: enter a moment after "
                    "%(year)s.",
                    lead=self.lead_id.display_name,
                    moment=moment,
                    year=EARLIEST.year - 1,
                )
            )
        raise UserError(
            self.env._(
                "“%(lead)s” will be touched on %(moment)s only: enter what has "
                "happened already, and plan an activity for what is to come.",
                lead=self.lead_id.display_name,
                moment=moment,
            )
        )

    @api.model
    def _check_cost(self, cost):
        if not is_cost(cost):
            raise UserError(
                self.env._(
                    "A touch cannot cost %s: enter an amount of zero or more.", cost
                )
            )
