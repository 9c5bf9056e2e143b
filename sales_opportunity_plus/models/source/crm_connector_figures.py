from odoo import api, fields, models
from odoo.tools import SQL


class CrmConnector(models.Model):
    """What a connector has brought, on its form and in the list."""

    _name = "crm.connector"
    _inherit = ["crm.connector"]

    last_call_at = fields.Datetime("Last Call", compute="_compute_figures")
    calls = fields.Integer(compute="_compute_figures", help="In the last 31 days.")
    created_count = fields.Integer("Created", compute="_compute_figures")
    duplicate_count = fields.Integer("Duplicates", compute="_compute_figures")
    rejected_count = fields.Integer("Rejected", compute="_compute_figures")
    to_do_count = fields.Integer(
        "Rejected, to Do",
        compute="_compute_to_do_count",
        help="Rejected items that were neither replayed nor dismissed.",
    )

    def _compute_figures(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT connector_id, MAX(minute), SUM(calls), SUM(created), "
                "SUM(duplicate), SUM(rejected) FROM crm_connector_traffic "
                "WHERE connector_id = ANY(%s) GROUP BY connector_id",
                self.ids,
            )
        )
        figures = {row[0]: row[1:] for row in rows}
        for connector in self:
            (
                connector.last_call_at,
                connector.calls,
                connector.created_count,
                connector.duplicate_count,
                connector.rejected_count,
            ) = figures.get(connector.id, (False, 0, 0, 0, 0))

    @api.depends("rejection_ids.state")
    def _compute_to_do_count(self):
        groups = self.env["crm.connector.rejection"]._read_group(
            [("connector_id", "in", self.ids), ("state", "=", "new")],
            ["connector_id"],
            ["__count"],
        )
        counts = {connector.id: count for connector, count in groups}
        for connector in self:
            connector.to_do_count = counts.get(connector.id, 0)

    def action_source_rejections(self):
        """The rejected items of this connector."""
        self.ensure_one()
        self.check_access("read")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "sales_opportunity_plus.crm_connector_rejection_action"
            ),
            "domain": [("connector_id", "=", self.id)],
        }
