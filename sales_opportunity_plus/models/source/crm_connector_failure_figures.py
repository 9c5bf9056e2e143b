from odoo import fields, models
from odoo.tools import SQL


class CrmConnector(models.Model):
    """Calls that named a connector and that it had not signed, on its form."""

    _name = "crm.connector"
    _inherit = ["crm.connector"]

    failure_count = fields.Integer(
        "Refused for the Signature",
        compute="_compute_failures",
        help="Calls in the last 31 days that named this connector and were refused: "
        "the signature was wrong or the timestamp more than five minutes off.",
    )
    last_failure_at = fields.Datetime("Last Refused On", compute="_compute_failures")
    last_failure_address = fields.Char(
        "Last Refused From",
        compute="_compute_failures",
        help="The address that the last refused call came from; of IPv6, its network. "
        "Behind a proxy, Odoo knows it only in proxy mode.",
    )

    def _compute_failures(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT ON (connector_id) connector_id, last_at, last_address,"
                " SUM(failures) OVER (PARTITION BY connector_id)"
                " FROM crm_connector_failure WHERE connector_id = ANY(%s)"
                " ORDER BY connector_id, last_at DESC",
                self.ids,
            )
        )
        figures = {row[0]: row[1:] for row in rows}
        for connector in self:
            (
                connector.last_failure_at,
                connector.last_failure_address,
                connector.failure_count,
            ) = figures.get(connector.id, (False, False, 0))
