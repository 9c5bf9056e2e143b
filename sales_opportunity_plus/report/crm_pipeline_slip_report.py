from odoo import fields, models
from odoo.tools import SQL

from .report_sql import readable_deals

# Each change of an expected closing from one day to another, while it was open.
_LINES = """
    SELECT moved.id, moved.lead_id AS lead_number, lead.id AS lead_id,
           stage.id AS stage_id, team.id AS team_id, owner.id AS user_id,
           moved.company_id, moved.valid_from AS date, moved.date_before,
           moved.date_deadline AS date_after,
           moved.date_deadline - moved.date_before AS days,
           (moved.date_deadline > moved.date_before)::int AS pushes,
           (moved.date_deadline < moved.date_before)::int AS pulls,
           GREATEST(moved.date_deadline - moved.date_before, 0) AS days_pushed,
           moved.date_before < moved.valid_from AS was_overdue
      FROM (SELECT h.*,
                   LAG(h.date_deadline) OVER life AS date_before,
                   LAG(h.status) OVER life AS status_before
              FROM crm_pipeline_history h
             WHERE h.lead_type = 'opportunity' AND %(readable)s
            WINDOW life AS (PARTITION BY h.lead_id ORDER BY h.valid_from)) moved
      LEFT JOIN crm_lead lead ON lead.id = moved.lead_id
      LEFT JOIN crm_stage stage ON stage.id = moved.stage_id
      LEFT JOIN crm_team team ON team.id = moved.team_id
      LEFT JOIN res_users owner ON owner.id = moved.user_id
     WHERE moved.status = 'open' AND moved.status_before = 'open'
       AND moved.date_deadline <> moved.date_before
"""


class CrmPipelineSlipReport(models.Model):
    """How often and how far expected closings were moved: a line per move."""

    _name = "crm.pipeline.slip.report"
    _inherit = ["crm.lead.report"]
    _description = "Slips of Expected Closings"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "lead_id"
    _depends = {"crm.lead": ["active", "user_id", "team_id", "company_id"]}

    lead_number = fields.Integer("Opportunity ID", readonly=True, aggregator=None)
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", readonly=True, help="Empty when it was deleted."
    )
    stage_id = fields.Many2one(
        "crm.stage", "Stage", readonly=True, help="When the closing was moved."
    )
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, help="When the closing was moved."
    )
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    date = fields.Date("Moved On", readonly=True)
    date_before = fields.Date("Expected Closing Before", readonly=True)
    date_after = fields.Date("Expected Closing After", readonly=True)
    days = fields.Integer(
        "Days Moved", readonly=True, help="Less than zero when it was pulled in."
    )
    pushes = fields.Integer("Times Pushed", readonly=True)
    pulls = fields.Integer("Times Pulled In", readonly=True)
    days_pushed = fields.Integer(readonly=True)
    was_overdue = fields.Boolean(
        "After It Had Passed",
        readonly=True,
        help="The expected closing had passed when it was moved.",
    )

    @property
    def _table_query(self):
        return SQL(_LINES, readable=readable_deals(self.env, "h"))
