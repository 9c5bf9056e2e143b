from odoo import fields, models
from odoo.tools import SQL

from ..models.selections import LEAD_TYPES
from .ratio_sql import percent
from .report_sql import CHANNEL, CHANNEL_JOINS, STATUS, readable_leads

# Without a touch the opportunity has no channel: its own fields may have changed since.
_LINES = """
    SELECT lead.id, lead.id AS lead_id, lead.type AS lead_type, kind.id AS kind_id,
           %(channel)s,
           touch.lead_id IS NOT NULL AS is_touched,
           lead.create_date AS created_at, touch.happened_at AS first_touch_at,
           lead.team_id, lead.user_id, lead.company_id,
           %(status)s AS status,
           1 AS leads, (lead.type = 'opportunity')::int AS opportunities,
           (lead.type = 'opportunity' AND lead.won_status = 'won')::int AS won,
           (lead.won_status = 'lost')::int AS lost,
           NULL::float8 AS opportunity_rate, NULL::float8 AS win_rate,
           NULL::float8 AS won_of_leads
      FROM crm_lead lead
      LEFT JOIN (
            SELECT DISTINCT ON (lead_id) lead_id, happened_at, kind_id, channel_id
              FROM crm_touchpoint
             WHERE lead_id IS NOT NULL
               AND reverses_id IS NULL AND reversed_by_id IS NULL
             ORDER BY lead_id, happened_at, id
           ) touch ON touch.lead_id = lead.id
      LEFT JOIN crm_touch_kind kind ON kind.id = touch.kind_id
      LEFT JOIN crm_touch_channel channel ON channel.id = touch.channel_id
      %(channel_joins)s
     WHERE %(readable)s
"""


class CrmSourceFunnelReport(models.Model):
    """How far what a channel brought first has come: lead → opportunity → won.

    A line per lead or opportunity; it counts as a lead whatever it is by now. The
    channel is that of its first touch, so nothing is counted twice.
    """

    _name = "crm.source.funnel.report"
    _inherit = ["crm.channel.report"]
    _description = "Source Funnel"
    _auto = False
    _in_selection_order = ("status", "lead_type")
    _ratios = {
        "opportunity_rate": percent("opportunities", "leads"),
        "win_rate": percent("won", "opportunities"),
        "won_of_leads": percent("won", "leads"),
    }
    _order = "created_at desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": ["active", "company_id", "team_id", "type", "user_id", "won_status"]
    }

    lead_id = fields.Many2one("crm.lead", "Lead or Opportunity", readonly=True)
    lead_type = fields.Selection(LEAD_TYPES, "Type", readonly=True)
    kind_id = fields.Many2one("crm.touch.kind", "Kind of First Touch", readonly=True)
    campaign_name = fields.Char("First Campaign")
    medium_name = fields.Char("First Medium")
    source_name = fields.Char("First Source")
    is_touched = fields.Boolean("Has a Touch", readonly=True)
    created_at = fields.Datetime("Created On", readonly=True)
    first_touch_at = fields.Datetime("First Touch", readonly=True)
    leads = fields.Integer(
        readonly=True, help="All that came in, opportunities included."
    )
    opportunities = fields.Integer(readonly=True, help="Lost ones included.")
    won = fields.Integer(readonly=True)
    lost = fields.Integer(readonly=True)
    opportunity_rate = fields.Float(
        "Lead → Opportunity (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Opportunities ÷ leads.",
    )
    win_rate = fields.Float(
        "Opportunity → Won (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Won ÷ opportunities, those that are still open included.",
    )
    won_of_leads = fields.Float(
        "Lead → Won (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Won ÷ leads.",
    )

    @property
    def _table_query(self):
        return SQL(
            _LINES,
            channel=CHANNEL,
            channel_joins=CHANNEL_JOINS,
            status=STATUS,
            readable=readable_leads(self.env, SQL("lead.id")),
        )
