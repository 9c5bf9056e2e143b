from odoo import api, models
from odoo.tools import SQL

from .touch_harvest import Harvest
from .touchpoint_sql import LEAD_COMPANY


class CrmTouchpoint(models.Model):
    """Meetings that were held are touches of their opportunity."""

    _name = "crm.touchpoint"
    _inherit = ["crm.touchpoint"]

    @api.model
    def _harvests(self):
        return [*super()._harvests(), self._harvest_of_meetings()]

    @api.model
    def _harvest_of_meetings(self):
        """A meeting is held when its end has passed and nobody archived it.

        One that is entered afterwards, or gets its opportunity later, is found when it
        is written.
        """
        return Harvest(
            code="calendar.event",
            name=self.env._("Meetings held"),
            table="calendar_event",
            where=SQL("opportunity_id IS NOT NULL"),
            key=SQL("GREATEST(stop, write_date)"),
            joins=SQL(
                "JOIN crm_lead lead ON lead.id = item.opportunity_id WHERE item.active"
            ),
            columns={
                "kind": SQL("'meeting'"),
                "happened_at": SQL("item.start"),
                "lead_id": SQL("lead.id"),
                "partner_id": SQL("lead.partner_id"),
                "company_id": LEAD_COMPANY,
                "external_key": SQL("'calendar.event:' || item.id"),
                "matched_by": SQL("'given'"),
            },
        )
