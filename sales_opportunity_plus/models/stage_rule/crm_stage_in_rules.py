from odoo import api, models
from odoo.exceptions import UserError


class CrmStage(models.Model):
    _name = "crm.stage"
    _inherit = ["crm.stage"]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_rule(self):
        """A rule that loses its only stage would be about every stage."""
        rules = self.env["crm.stage.rule"].sudo().with_context(active_test=False)
        named = rules.search(
            ["|", ("from_stage_ids", "in", self.ids), ("to_stage_ids", "in", self.ids)]
        )
        if named:
            stages = self & (named.from_stage_ids | named.to_stage_ids)
            raise UserError(
                self.env._(
                    "The stage “%(stages)s” cannot be deleted: stage rules are about "
                    "it (%(rules)s). Take it out of them, or archive the stage.",
                    stages=", ".join(stages.mapped("name")),
                    rules=", ".join(named.mapped("name")),
                )
            )
