import json

from markupsafe import Markup

from odoo import api, fields, models

from ..engine.json_body import BodyError, items_of
from ..models.source import connector_terms
from ..models.source.connector_trial import tried

_LINE = Markup("<tr><td>%s</td><td>%s</td><td>%s</td></tr>")
_TABLE = Markup(
    "<table class='table table-sm'><thead><tr><th>%s</th><th>%s</th><th>%s</th></tr>"
    "</thead><tbody>%s</tbody></table>"
)


class CrmConnectorTrial(models.TransientModel):
    """What would become of a payload, without recording anything."""

    _name = "crm.connector.trial"
    _description = "Trial of a Connector"

    connector_id = fields.Many2one("crm.connector", required=True, readonly=True)
    endpoint = fields.Selection(
        connector_terms.ENDPOINTS, "Brought As", required=True, default="touchpoints"
    )
    payload = fields.Text(help="Paste what the other system sends (JSON).")
    result = fields.Html(readonly=True, compute="_compute_result")

    @api.depends("connector_id", "endpoint", "payload")
    def _compute_result(self):
        for trial in self:
            trial.result = trial._result() if (trial.payload or "").strip() else False

    def _result(self):
        connector = self.connector_id
        try:
            body = self.payload.encode("utf-8", "replace")
            items = items_of(body, connector.items_path or "")
        except BodyError as error:
            return Markup("<p class='text-danger'>%s</p>") % error.reason
        rows = tried(connector._as_technical(), self.endpoint, items)
        return _TABLE % (
            self.env._("Item"),
            self.env._("Result"),
            self.env._("What is recorded, or why not"),
            Markup().join(
                _LINE % (place + 1, self._word(status), self._told(told))
                for place, (status, told) in enumerate(rows)
            ),
        )

    def _word(self, status):
        return {
            "created": self.env._("Recorded"),
            "duplicate": self.env._("Duplicate"),
            "rejected": self.env._("Rejected"),
        }[status]

    def _told(self, told):
        if isinstance(told, str):
            return told
        return Markup("<br/>").join(f"{name}: {value}" for name, value in told)

    def action_source_sample(self):
        """Put the sample of the ready mapping there."""
        self.ensure_one()
        self.check_access("write")
        if sample := self.connector_id._sample():
            self.payload = json.dumps(sample, indent=2)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "name": self.env._("Try a Payload"),
        }
