from odoo import api, fields, models

from ..report.report_sql import open_lead


class CrmStageRuleTrialCase(models.TransientModel):
    """An opportunity or a past move that a rule would hold back; written in SQL."""

    _name = "crm.stage.rule.trial.case"
    _description = "Case of a Trial of Stage Rules"
    _order = "moved_at desc, id"
    _rec_name = "lead_id"

    trial_id = fields.Many2one(
        "crm.stage.rule.trial",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    rule_id = fields.Many2one("crm.stage.rule", readonly=True, ondelete="cascade")
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", readonly=True, ondelete="cascade"
    )
    stage_id = fields.Many2one("crm.stage", "Stage", readonly=True, ondelete="cascade")
    from_stage_id = fields.Many2one(
        "crm.stage", "From Stage", readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="cascade"
    )
    moved_at = fields.Datetime("Moved On", readonly=True)
    wrong_person = fields.Boolean(
        readonly=True, help="Whoever moved it is none of those who may."
    )
    needs_approval = fields.Boolean(readonly=True)
    missing = fields.Json(readonly=True)
    missing_text = fields.Char("What Is Missing", compute="_compute_missing_text")

    @api.depends("missing", "wrong_person", "needs_approval")
    def _compute_missing_text(self):
        requirements = self.env["crm.stage.rule.requirement"].sudo()
        ids = {id_ for case in self for id_ in case.missing or ()}
        messages = {
            one.id: one._get_message() for one in requirements.browse(ids).exists()
        }
        for case in self:
            texts = [messages.get(id_, "") for id_ in case.missing or ()]
            if case.wrong_person:
                texts.insert(0, self.env._("Not one of those who may move it."))
            if case.needs_approval:
                texts.append(self.env._("Needs approval."))
            case.missing_text = " ".join(filter(None, texts))

    def action_open_lead(self):
        """Open the opportunity."""
        self.check_access("read")
        return open_lead(self)
