from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, ormcache


class CrmStage(models.Model):
    """Stages in which the clock of a time limit stands still."""

    _name = "crm.stage"
    _inherit = ["crm.stage"]

    pauses_limits = fields.Boolean(
        "Pauses Time Limits",
        help="The clock of time limits stands still while an opportunity is in this "
        "stage, and goes on when it comes back to the stage that it was in before. "
        "For stages such as “On hold” or “Waiting for the customer”.",
    )
    stage_limit_ids = fields.One2many("crm.stage.limit", "stage_id", "Time Limits")

    @api.model
    @ormcache()
    def _stage_rule_pausing(self):
        """Ids of the stages that pause the clock, archived ones too."""
        query = SQL(
            "SELECT id FROM crm_stage WHERE pauses_limits",
            to_flush=self._fields["pauses_limits"],
        )
        return tuple(stage_id for (stage_id,) in self.env.execute_query(query))

    @api.constrains("pauses_limits", "is_won")
    def _check_pauses_limits(self):
        for stage in self:
            limit = stage.sudo().stage_limit_ids[:1]
            if limit and (stage.pauses_limits or stage.is_won):
                raise ValidationError(
                    self.env._(
                        "The stage “%(stage)s” has the time limit “%(limit)s”, so it "
                        "can neither pause the clock nor be a won stage. Archive the "
                        "time limit first.",
                        stage=stage.display_name,
                        limit=limit.display_name,
                    )
                )
