from odoo import fields, models

from ..models.selections import STATUSES


class CrmChannelReport(models.AbstractModel):
    """What the reports share that say by channel what became of opportunities.

    Records of the channel are there as long as nobody deletes them; the names stay.
    ``report_sql.CHANNEL`` selects both.
    """

    _name = "crm.channel.report"
    _inherit = ["crm.lead.report"]
    _description = "Report by Channel"

    campaign_id = fields.Many2one("utm.campaign", "Campaign (Record)", readonly=True)
    medium_id = fields.Many2one("utm.medium", "Medium (Record)", readonly=True)
    source_id = fields.Many2one("utm.source", "Source (Record)", readonly=True)
    campaign_name = fields.Char(
        "Campaign", readonly=True, help="Kept when the campaign is deleted."
    )
    medium_name = fields.Char(
        "Medium", readonly=True, help="Kept when the medium is deleted."
    )
    source_name = fields.Char(
        "Source", readonly=True, help="Kept when the source is deleted."
    )
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
