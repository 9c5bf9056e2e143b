from odoo import fields, models


class LinkTrackerClick(models.Model):
    """Notes whether a machine clicked; its name is gone with the request."""

    _name = "link.tracker.click"
    _inherit = ["link.tracker.click"]

    source_by_machine = fields.Boolean(
        "Clicked by a Machine",
        readonly=True,
        help="A program clicked that is known to be no person: that is no touch.",
    )

    _source_of_mailing = models.Index(
        "((create_date + interval '2 seconds')) WHERE mailing_trace_id IS NOT NULL"
    )

    def _prepare_click_values_from_route(self, **route_values):
        values = super()._prepare_click_values_from_route(**route_values)
        if values.get("mailing_trace_id"):
            values["source_by_machine"] = self.env["mailing.trace"]._source_is_machine()
        return values
