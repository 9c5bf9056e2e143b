from odoo import api, models

from . import touchpoint_life_sql


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merged contacts have their touches together: those have no foreign keys."""

    _name = "base.partner.merge.automatic.wizard"
    _inherit = ["base.partner.merge.automatic.wizard"]

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.cr.execute(
            touchpoint_life_sql.change_contact(src_partners.ids, dst_partner.id)
        )
        self.env["crm.touchpoint"].invalidate_model(flush=False)
        return result
