from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class CrmStageApprovalDelegation(models.Model):
    """Who decides on moves in the place of somebody who is away."""

    _name = "crm.stage.approval.delegation"
    _description = "Stage Approval Delegation"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        "Who Is Away",
        required=True,
        default=lambda self: self.env.uid,
        domain="[('share', '=', False)]",
        ondelete="cascade",
        index=True,
    )
    delegate_id = fields.Many2one(
        "res.users",
        "Who Decides Instead",
        required=True,
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        ondelete="cascade",
        help="Is asked instead of you and may approve and refuse. If away as well, "
        "whoever stands in there is asked.",
    )
    date_from = fields.Date(
        "From", required=True, default=fields.Date.context_today, help="First day."
    )
    date_to = fields.Date(
        "To", required=True, help="Last day; both in the time zone of who is away."
    )
    active = fields.Boolean(default=True)
    note = fields.Char()
    may_choose = fields.Boolean(
        compute="_compute_may_choose", help="Sales managers delegate for everybody."
    )

    _chronological = models.Constraint(
        "CHECK (date_to >= date_from)", "An absence cannot end before it begins."
    )

    @api.constrains("user_id", "delegate_id")
    def _check_people(self):
        for one in self.sudo():
            if one.user_id == one.delegate_id or one.delegate_id.share:
                raise ValidationError(
                    self.env._(
                        "%(delegate)s cannot decide in the place of %(user)s. Choose a "
                        "colleague who works in this database.",
                        delegate=one.delegate_id.name,
                        user=one.user_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(vals_list)
        delegations._check_own()
        self.env["crm.stage.approval"]._refresh_open()
        return delegations

    def write(self, vals):
        self._check_own()
        result = super().write(vals)
        self._check_own()
        self.env["crm.stage.approval"]._refresh_open()
        return result

    def _check_own(self):
        """Everybody delegates what he may decide himself; managers for everybody."""
        if self.env.user.has_group("sales_team.group_sale_manager"):
            return
        if others := self.sudo().filtered(lambda one: one.user_id != self.env.user):
            raise AccessError(
                self.env._(
                    "You cannot say who decides in the place of %s. Ask a sales "
                    "manager to do it.",
                    ", ".join(others.user_id.mapped("name")),
                )
            )

    @api.depends_context("uid")
    def _compute_may_choose(self):
        self.may_choose = self.env.user.has_group("sales_team.group_sale_manager")

    @api.depends("user_id", "delegate_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = f"{one.user_id.name} → {one.delegate_id.name}"

    @api.model
    def _standing(self):
        """Ids of delegates by id of who is away now, in his time zone."""
        now = self.env.cr.now()
        day = timedelta(days=1)
        found = self.sudo().search(
            [
                ("date_from", "<=", (now + day).date()),
                ("date_to", ">=", (now - day).date()),
                ("delegate_id.active", "=", True),
            ]
        )
        standing = {}
        for one in found:
            local = one.with_context(tz=one.user_id.tz)
            today = fields.Datetime.context_timestamp(local, now).date()
            if one.date_from <= today <= one.date_to:
                standing.setdefault(one.user_id.id, set()).add(one.delegate_id.id)
        return {user: frozenset(delegates) for user, delegates in standing.items()}
