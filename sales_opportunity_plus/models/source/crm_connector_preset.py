import json

from odoo import fields, models
from odoo.tools import file_open

from . import connector_terms


class CrmConnector(models.Model):
    """Ready mappings of well-known systems, as files in data/connectors."""

    _name = "crm.connector"
    _inherit = ["crm.connector"]

    preset = fields.Selection(
        connector_terms.PRESETS,
        "Ready Mapping",
        help="Fills in the mapping below for what this system sends; change the lines "
        "as you like.",
    )
    example = fields.Text(
        "Example Call",
        compute="_compute_example",
        help="Copy it and put the secret in.",
    )
    example_python = fields.Text("Example in Python", compute="_compute_example")

    def action_source_apply_preset(self):
        """Replace the mapping by the ready one."""
        self.ensure_one()
        self.check_access("write")
        document = self._preset_document()
        if not document:
            return
        kinds = self.env["crm.touch.kind"].with_context(active_test=False)
        values = dict(document["connector"])
        if code := values.pop("default_kind", None):
            values["default_kind_id"] = kinds.search([("code", "=", code)]).id
        lines = [
            (0, 0, {"sequence": 10 * (place + 1), **line})
            for place, line in enumerate(document["mapping"])
        ]
        self.write({**values, "mapping_ids": [(5, 0, 0), *lines]})

    def action_source_try(self):
        """See what would become of a payload."""
        self.ensure_one()
        self.check_access("read")
        endpoint = self.hook_endpoint if self.mapping_ids else "touchpoints"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try a Payload"),
            "res_model": "crm.connector.trial",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_connector_id": self.id,
                "default_endpoint": endpoint,
            },
        }

    def _preset_document(self):
        if not self.preset:
            return None
        path = f"sales_opportunity_plus/data/connectors/{self.preset}.json"
        with file_open(path, "r") as handle:
            return json.load(handle)

    def _sample(self):
        """A payload to try the connector with."""
        document = self._preset_document()
        if document and self.mapping_ids:
            return document["sample"]
        return {
            "kind": "form",
            "happened_at": f"{fields.Datetime.now().isoformat()}Z",
            "external_key": "1001",
            "email": "ann@example.com",
            "campaign": "Spring",
            "medium": "Website",
            "source": "Contact form",
            "landing_page": "https://example.com/contact",
        }

    def _compute_example(self):
        for connector in self:
            endpoint = "touchpoints" if connector.may_touch else "leads"
            url = f"{connector.get_base_url()}/sales_opportunity_plus/v1/{endpoint}"
            words = {"url": url, "key_id": connector.key_id}
            for field, name in (("example", "sh"), ("example_python", "py")):
                path = f"sales_opportunity_plus/data/api/example.{name}.txt"
                with file_open(path, "r") as handle:
                    text = handle.read()
                for word, value in words.items():
                    text = text.replace(f"<{word}>", value)
                connector[field] = text
