from odoo import api, models


class CrmLead(models.Model):
    """The one place where the addon meets the writing of an opportunity.

    Each room offers hooks with its own prefix; they are called here and only
    here, in this order:

    ========================  =====================================================
    create                    ``_forecast_prepare_vals`` ·
                              ``_stage_rule_take_answer`` · core ·
                              ``_stage_rule_after_create`` ·
                              ``_source_after_create`` · ``_stage_rule_settle``
    write                     ``_forecast_prepare_vals`` ·
                              ``_stage_rule_keep_answer`` ·
                              ``_forecast_before_write`` ·
                              ``_stage_rule_before_write`` ·
                              ``_source_before_write`` · core ·
                              ``_stage_rule_after_write`` ·
                              ``_source_after_write`` ·
                              ``_forecast_after_write`` · ``_stage_rule_settle``
    unlink                    ``_source_before_unlink`` · core ·
                              ``_stage_rule_after_unlink`` ·
                              ``_source_after_unlink``
    stage recomputed by Odoo  ``_stage_rule_before_recompute`` · core ·
                              ``_stage_rule_after_recompute``
    ========================  =====================================================
    """

    _name = "crm.lead"
    _inherit = ["crm.lead"]

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._forecast_prepare_vals(vals) for vals in vals_list]
        taken = [self._stage_rule_take_answer(vals) for vals in vals_list]
        leads = super().create([vals for vals, _answer in taken])
        leads._stage_rule_after_create([answer for _vals, answer in taken])
        leads._source_after_create()
        leads._stage_rule_settle()
        return leads

    def write(self, vals):
        vals = self._forecast_prepare_vals(vals)
        vals = self._stage_rule_keep_answer(vals)
        self._forecast_before_write(vals)
        before = self._stage_rule_before_write(vals)
        source_before = self._source_before_write(vals)
        # Core changes the dictionary that it is given: it gets one of its own.
        result = super().write(dict(vals))
        self._stage_rule_after_write(before, vals)
        self._source_after_write(source_before, vals)
        self._forecast_after_write(vals)
        self._stage_rule_settle(vals)
        return result

    def unlink(self):
        lead_ids = self.ids
        source_before = self._source_before_unlink()
        result = super().unlink()
        self._stage_rule_after_unlink(lead_ids)
        self._source_after_unlink(source_before)
        return result

    @api.depends("team_id", "type")
    def _compute_stage_id(self):
        before = self._stage_rule_before_recompute()
        result = super()._compute_stage_id()
        self._stage_rule_after_recompute(before)
        return result
