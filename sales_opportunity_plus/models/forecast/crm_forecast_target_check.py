from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class CrmForecastTarget(models.Model):
    """What can be true of a target."""

    _name = "crm.forecast.target"
    _inherit = ["crm.forecast.target"]

    @api.constrains("user_id")
    def _check_person(self):
        """Only when it is entered: a target stays when its person is archived."""
        for target in self:
            if target.user_id and not target.user_id.active:
                raise ValidationError(
                    self.env._(
                        "%(person)s is archived and wins nothing any more: the target "
                        "of %(period)s cannot be entered. Choose somebody else, or "
                        "leave the salesperson empty for a target of the team.",
                        person=target.user_id.name,
                        period=target.period_name,
                    )
                )

    @api.constrains("amount", "measure")
    def _check_count(self):
        for target in self:
            if target.measure == "count" and target.amount != int(target.amount):
                raise ValidationError(
                    self.env._(
                        "The target %(target)s is %(amount)s: enter a whole number of "
                        "opportunities.",
                        target=target.display_name,
                        amount=target.amount,
                    )
                )

    @api.constrains("date_from", "date_to")
    def _check_window(self):
        for target in self:
            first = target.date_from or target.period_start
            last = target.date_to or target.period_end
            if not target.period_start <= first <= last <= target.period_end:
                raise ValidationError(
                    self.env._(
                        "The target %(target)s counts from %(first)s until %(last)s: "
                        "enter days in this order, and within %(start)s to %(end)s.",
                        target=target.display_name,
                        first=first,
                        last=last,
                        start=target.period_start,
                        end=target.period_end,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "The target “%s” is not deleted: archive it, and it counts no more.",
                self[:1].display_name,
            )
        )
