from datetime import timedelta

from odoo import models


class CrmAttributionStale(models.Model):
    """Opportunities whose credits are to be computed again."""

    _name = "crm.attribution.stale"
    _inherit = ["crm.lead.queue"]
    _description = "Opportunities Whose Credits Are Out of Date"
    _job = "crm_attribution_cron"
    # Touches come in bursts: one run a minute is enough.
    _job_delay = timedelta(minutes=1)
