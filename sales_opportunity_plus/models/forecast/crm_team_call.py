from odoo import fields, models

from ..selections import WEEKDAYS


class CrmTeam(models.Model):
    """When a team is reminded of its forecast calls."""

    _name = "crm.team"
    _inherit = ["crm.team"]

    forecast_call_weekday = fields.Selection(
        [*WEEKDAYS, ("never", "Never")],
        "Remind of the Forecast Call On",
        help="Members who have not submitted a forecast call since Monday get an "
        "activity on this day. Empty: on the day of the company.",
    )
