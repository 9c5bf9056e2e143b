from odoo import models


class CalendarEvent(models.Model):
    """Meetings about opportunities, in the order in which they became past."""

    _name = "calendar.event"
    _inherit = ["calendar.event"]

    _source_held = models.Index(
        "(GREATEST(stop, write_date)) WHERE opportunity_id IS NOT NULL"
    )
