from odoo import api, fields, models


class CrmForecastLeadChoice(models.AbstractModel):
    """The opportunities that a dialog is about: those that were chosen in a view."""

    _name = "crm.forecast.lead.choice"
    _description = "Choice of Opportunities"

    lead_ids = fields.Many2many(
        "crm.lead",
        string="Opportunities",
        required=True,
        default=lambda self: self._default_leads(),
    )

    @api.model
    def _default_leads(self):
        if self.env.context.get("active_model") != "crm.lead":
            return self.env["crm.lead"]
        return self.env["crm.lead"].browse(self.env.context.get("active_ids"))
