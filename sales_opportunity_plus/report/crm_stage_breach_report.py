from odoo import fields, models
from odoo.tools import SQL

from ..models.selections import BREACH_RESULTS, LIMIT_ACTIONS, LIMIT_CLOCKS
from .report_sql import readable_leads


class CrmStageBreachReport(models.Model):
    """The exceeded time limits as people read them: a line per step reached."""

    _name = "crm.stage.breach.report"
    _inherit = ["crm.lead.report"]
    _description = "Time Limit Analysis"
    _auto = False
    _in_selection_order = ("clock", "action", "result")
    _order = "noticed_at desc, id desc"
    _rec_name = "lead_id"
    _depends = {"crm.lead": ["user_id", "company_id"]}

    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    is_merged = fields.Boolean(
        "From a Merged Opportunity",
        readonly=True,
        help="It was exceeded by an opportunity that was merged into this one.",
    )
    limit_id = fields.Many2one("crm.stage.limit", "Time Limit", readonly=True)
    stage_id = fields.Many2one("crm.stage", "Stage", readonly=True)
    clock = fields.Selection(LIMIT_CLOCKS, "Counts", readonly=True)
    percent = fields.Integer(
        "Used Up (%)",
        readonly=True,
        aggregator=None,
        help="The step of the time limit that was reached: 100 is the limit itself.",
    )
    clock_start = fields.Datetime("Clock Began On", readonly=True)
    reached_at = fields.Datetime(
        "Reached On",
        readonly=True,
        help="When that share of the limit was used up. Not known of what was over it "
        "before the limit was set up.",
    )
    noticed_at = fields.Datetime("Noticed On", readonly=True)
    resolved_at = fields.Datetime(
        "Resolved On",
        readonly=True,
        help="When the opportunity left the stage or its clock began anew.",
    )
    is_open = fields.Boolean("Still Open", readonly=True)
    days_open = fields.Float(
        "Days Until Resolved",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Calendar days from reaching the step to resolving it, or until now.",
    )
    action = fields.Selection(LIMIT_ACTIONS, "Escalation", readonly=True)
    result = fields.Selection(BREACH_RESULTS, readonly=True)
    error = fields.Text("Why It Failed", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, help="When it was noticed."
    )
    owner_id = fields.Many2one("res.users", "Current Salesperson", readonly=True)
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, help="When it was noticed."
    )
    company_id = fields.Many2one("res.company", "Company", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT b.id, b.lead_id, b.merged_lead_id IS NOT NULL AS is_merged,
                   time_limit.id AS limit_id, stage.id AS stage_id, b.clock, b.percent,
                   b.clock_start, b.reached_at, b.noticed_at, b.resolved_at,
                   b.resolved_at IS NULL AS is_open,
                   EXTRACT(epoch FROM GREATEST(b.reached_at, COALESCE(b.resolved_at,
                       now() AT TIME ZONE 'UTC')) - b.reached_at)::float8 / 86400
                       AS days_open,
                   b.action, b.result, b.error, owner_then.id AS user_id,
                   lead.user_id AS owner_id, team.id AS team_id, lead.company_id
              FROM crm_stage_breach b
              JOIN crm_lead lead ON lead.id = b.lead_id
              LEFT JOIN crm_stage_limit time_limit ON time_limit.id = b.limit_id
              LEFT JOIN crm_stage stage ON stage.id = b.stage_id
              LEFT JOIN res_users owner_then ON owner_then.id = b.user_id
              LEFT JOIN crm_team team ON team.id = b.team_id
             WHERE %(readable)s
            """,
            readable=readable_leads(self.env, SQL("b.lead_id")),
        )
