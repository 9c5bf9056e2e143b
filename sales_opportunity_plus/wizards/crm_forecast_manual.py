from odoo import fields, models

#: How long a probability by hand counts unless somebody says otherwise.
DAYS = 30


class CrmForecastManual(models.TransientModel):
    """A probability by hand for one or several opportunities."""

    _name = "crm.forecast.manual"
    _inherit = ["crm.forecast.lead.choice"]
    _description = "Probability by Hand"

    probability = fields.Float(required=True, help="Percent, from 0 to 100.")
    reason = fields.Char(required=True, help="Why you know better; others read it.")
    until = fields.Date(
        default=lambda self: fields.Date.add(
            fields.Date.context_today(self), days=DAYS
        ),
        help="The last day on which it counts; then the next probability in the order "
        "of the team counts again. Empty: until it is taken back.",
    )

    def action_set(self):
        """Set it on the opportunities, for all of them or for none."""
        self.ensure_one()
        self.lead_ids.check_access("write")
        self.lead_ids.write(
            {
                "forecast_manual_probability": self.probability,
                "forecast_manual_reason": self.reason,
                "forecast_manual_until": self.until,
            }
        )
        return {"type": "ir.actions.act_window_close"}
