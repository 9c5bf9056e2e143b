from odoo import api, fields, models
from odoo.tools import SQL

from ..models.selections import DISAGREEMENT_LEVELS
from .crm_attribution_report import CrmAttributionReport
from .rate_notice import told

# Every model has a share of every channel of a year: where it credits nothing, 0.
_LINES = """
    WITH credited AS (
        SELECT report.model_id, level.level, level.name AS channel,
               EXTRACT(year FROM report.date)::int AS year, SUM(report.won) AS won
          FROM (%(report)s) report
         CROSS JOIN LATERAL (VALUES
               ('campaign', report.campaign_name), ('medium', report.medium_name),
               ('source', report.source_name)) AS level(level, name)
         WHERE report.line = 'credit' AND report.status = 'won'
           AND report.date IS NOT NULL
           AND (report.company_id IS NULL OR report.company_id = ANY(%(companies)s))
         GROUP BY 1, 2, 3, 4
    ),
    total AS (
        SELECT model_id, level, year, SUM(won) AS won
          FROM credited GROUP BY 1, 2, 3 HAVING SUM(won) > 0
    ),
    share AS (
        SELECT channel.level, channel.channel, channel.year, total.model_id,
               COALESCE(credited.won, 0) AS won,
               100 * COALESCE(credited.won, 0) / total.won AS share
          FROM (SELECT DISTINCT level, channel, year FROM credited) channel
          JOIN total ON total.level = channel.level AND total.year = channel.year
          LEFT JOIN credited ON credited.model_id = total.model_id
           AND credited.level = channel.level AND credited.year = channel.year
           AND credited.channel IS NOT DISTINCT FROM channel.channel
    )
    SELECT ('x' || left(md5(concat_ws('|', level, year, channel)), 12))::bit(48)::bigint
           AS id,
           level, channel, make_date(year, 1, 1) AS year, COUNT(*)::int AS model_count,
           MIN(share)::float8 AS lowest_share, MAX(share)::float8 AS highest_share,
           (MAX(share) - MIN(share))::float8 AS spread,
           (array_agg(model_id ORDER BY share, model_id))[1] AS lowest_model_id,
           (array_agg(model_id ORDER BY share DESC, model_id))[1] AS highest_model_id,
           MIN(won) AS lowest_won, MAX(won) AS highest_won,
           %(currency_id)s AS currency_id
      FROM share WHERE channel IS NOT NULL GROUP BY level, channel, year
"""


class CrmAttributionDisagreementReport(models.Model):
    """How far the active models disagree about a channel.

    A model's share of a channel is the won revenue of a year that it credits to the
    channel, of all that it credits in that year. *Disagreement* is the highest share
    less the lowest one, in points: 0 where all models agree, and the more it is the
    less a decision should rest on one model. A line per campaign, medium and source
    (three readings of the same credits: look at one of them at a time) and year.
    """

    _name = "crm.attribution.disagreement.report"
    _description = "Disagreement of Attribution Models"
    _auto = False
    _order = "year desc, spread desc, id"
    _rec_name = "channel"
    _depends = CrmAttributionReport._depends

    level = fields.Selection(
        DISAGREEMENT_LEVELS,
        "Reading",
        readonly=True,
        help="Campaigns, mediums and sources are three readings of the same credits.",
    )
    channel = fields.Char(readonly=True, help="Name of the campaign, medium or source.")
    year = fields.Date(readonly=True, help="Year in which the opportunities were won.")
    model_count = fields.Integer(
        "Models",
        readonly=True,
        aggregator="max",
        help="Active models that were compared.",
    )
    lowest_share = fields.Float(
        "Lowest Share (%)", readonly=True, aggregator="min", digits=(16, 1)
    )
    highest_share = fields.Float(
        "Highest Share (%)", readonly=True, aggregator="max", digits=(16, 1)
    )
    spread = fields.Float(
        "Disagreement (Points)",
        readonly=True,
        aggregator="max",
        digits=(16, 1),
        help="Highest share − lowest share. Of several channels the greatest one.",
    )
    lowest_model_id = fields.Many2one(
        "crm.attribution.model", "Gives Least", readonly=True
    )
    highest_model_id = fields.Many2one(
        "crm.attribution.model", "Gives Most", readonly=True
    )
    lowest_won = fields.Monetary("Lowest Won Revenue", readonly=True, aggregator="min")
    highest_won = fields.Monetary(
        "Highest Won Revenue", readonly=True, aggregator="max"
    )
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            _LINES,
            report=self.env["crm.attribution.report"]._table_query,
            companies=self.env.companies.ids,
            currency_id=self.env.company.currency_id.id,
        )

    @api.model
    def action_open_disagreement(self):
        """Open the report, and say what is not in it for want of a rate."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_attribution_disagreement_report_action"
        )
        left_out = self.env["crm.attribution.report"]._left_out(
            ("line", "=", "credit"), ("status", "=", "won")
        )
        return told(self.env, action, left_out, is_listed=False)
