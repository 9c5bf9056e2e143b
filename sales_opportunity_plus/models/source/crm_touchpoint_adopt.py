from odoo import api, models
from odoo.tools import SQL

from . import touchpoint_adopt_sql
from .touch_harvest import Harvest


class CrmTouchpoint(models.Model):
    """Touches of contacts find their opportunity, by and by.

    Nobody waits for it: the scheduled reading looks at the touches that came without
    an opportunity, and at the opportunities that were written since the last time.
    """

    _name = "crm.touchpoint"
    _inherit = ["crm.touchpoint"]

    @api.model
    def _adoptions(self):
        return [
            Harvest(
                code="adoption.touch",
                name=self.env._("New touches of contacts, for their opportunity"),
                table="crm_touchpoint",
                key=SQL("recorded_at"),
                where=SQL("lead_id IS NULL"),
                take=touchpoint_adopt_sql.of_touches,
            ),
            Harvest(
                code="adoption.lead",
                name=self.env._("New opportunities, for the touches of their contact"),
                table="crm_lead",
                where=SQL("partner_id IS NOT NULL"),
                take=touchpoint_adopt_sql.of_leads,
            ),
        ]
