from odoo import models

from .crm_lead import KEEP_STAMPS


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead"]

    def _merge_dependences(self, opportunities):
        """Keep a chosen forecast category, with who chose it and when."""
        result = super()._merge_dependences(opportunities)
        chosen = opportunities.filtered("forecast_category_override")[:1]
        if chosen and not self.forecast_category_override:
            self.with_context(forecast_keep_stamps=KEEP_STAMPS).write(
                {
                    "forecast_category_override": chosen.forecast_category_override,
                    "forecast_category_user_id": chosen.forecast_category_user_id.id,
                    "forecast_category_date": chosen.forecast_category_date,
                }
            )
        return result
