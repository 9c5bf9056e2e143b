from odoo import api, models
from odoo.tools import SQL


class CrmForecastStale(models.Model):
    """Open opportunities whose probability by history is to be computed again.

    What the job that scores misses is scored with the next night.
    """

    _name = "crm.forecast.stale"
    _inherit = ["crm.lead.queue"]
    _description = "Opportunities Whose Learnt Probability Is Out of Date"
    _job = "crm_forecast_calibration_cron"

    @api.model
    def _to_mark(self, lead_ids):
        """Only those that can be scored."""
        return SQL(
            """
            SELECT id FROM crm_lead
             WHERE id = ANY(%s) AND type = 'opportunity' AND active
               AND won_status = 'pending'
            """,
            lead_ids,
        )
