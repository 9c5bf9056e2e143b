from odoo import api, models


class CrmTouchKind(models.Model):
    """Kinds that start or stop to count change what attribution models compute."""

    _name = "crm.touch.kind"
    _inherit = ["crm.touch.kind"]

    @api.model_create_multi
    def create(self, vals_list):
        kinds = super().create(vals_list)
        if kinds.filtered("counts"):
            # No touch has them yet: the versions take them in, nothing is computed.
            self.env["crm.attribution.model"]._source_take_kinds_in()
        return kinds

    def write(self, vals):
        before = self.filtered("counts")
        result = super().write(vals)
        if "counts" in vals and self.filtered("counts") != before:
            self.env[
                "crm.attribution.model"
            ]._source_models_by_default()._keep_version()
        return result
