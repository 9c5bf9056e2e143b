from odoo import fields, models
from odoo.tools import SQL

from ..models.selections import FORECAST_CATEGORIES
from .report_sql import readable_leads

# Each opportunity of a call beside the same one in the call before, then those that
# are not in it any more. A lead that was deleted stays in the calls it was in.
_CHANGES = """
    WITH %(calls)s
    SELECT change.*, lead.id AS lead_id, team.id AS team_id, owner.id AS user_id,
           CASE WHEN status = 'first' THEN 0
                WHEN status = 'out' THEN -COALESCE(amount_before, 0)
                WHEN status = 'in' THEN COALESCE(amount, 0)
                ELSE COALESCE(amount, 0) - COALESCE(amount_before, 0) END
               AS amount_change
      FROM (
        SELECT now.id * 2 AS id, now.call_id, now.lead_id AS lead_number,
               now.team_id AS team_number, now.user_id AS user_number,
               call.company_id, call.currency_id, call.day,
               CASE WHEN call.previous_id IS NULL THEN 'first'
                    WHEN before.id IS NULL THEN 'in'
                    WHEN now.forecast_category = 'closed'
                         AND before.forecast_category <> 'closed' THEN 'won'
                    WHEN (now.amount, now.forecast_category, now.date)
                         IS DISTINCT FROM
                         (before.amount, before.forecast_category, before.date)
                    THEN 'changed' ELSE 'same' END AS status,
               now.amount, now.forecast_category, now.probability, now.date,
               before.amount AS amount_before,
               before.forecast_category AS category_before,
               before.probability AS probability_before, before.date AS date_before
          FROM call
          JOIN crm_forecast_call_deal now ON now.call_id = call.id
          LEFT JOIN crm_forecast_call_deal before
            ON before.call_id = call.previous_id AND before.lead_id = now.lead_id
         UNION ALL
        SELECT before.id * 2 + 1, call.id, before.lead_id, before.team_id,
               before.user_id, call.company_id, call.currency_id, call.day, 'out',
               NULL, NULL, NULL, NULL, before.amount, before.forecast_category,
               before.probability, before.date
          FROM call
          JOIN crm_forecast_call_deal before ON before.call_id = call.previous_id
         WHERE NOT EXISTS (
               SELECT FROM crm_forecast_call_deal now
                WHERE now.call_id = call.id AND now.lead_id = before.lead_id)
      ) change
      LEFT JOIN crm_lead lead ON lead.id = change.lead_number
      LEFT JOIN crm_team team ON team.id = change.team_number
      LEFT JOIN res_users owner ON owner.id = change.user_number
     WHERE lead.id IS NULL OR %(readable)s
"""


class CrmForecastCallChange(models.Model):
    """The opportunities of a forecast call, and what changed since the call before."""

    _name = "crm.forecast.call.change"
    _inherit = ["crm.lead.report"]
    _description = "Change since the Call Before"
    _auto = False
    _order = "call_id desc, amount_change desc, id"
    _rec_name = "lead_id"
    _depends = {
        "crm.forecast.call": ["company_id", "currency_id", "day", "previous_id"],
        "crm.lead": ["active", "company_id", "team_id", "type", "user_id"],
    }

    call_id = fields.Many2one("crm.forecast.call", "Call", readonly=True)
    status = fields.Selection(
        [
            ("in", "New in the period"),
            ("changed", "Changed"),
            ("won", "Won"),
            ("out", "Not in the period any more"),
            ("same", "As before"),
            ("first", "First call"),
        ],
        "Since the Call Before",
        readonly=True,
    )
    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    lead_number = fields.Integer(
        "Opportunity ID",
        readonly=True,
        aggregator=None,
        help="Of opportunities that were deleted, too.",
    )
    day = fields.Date("Submitted On", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    amount = fields.Monetary(readonly=True)
    amount_before = fields.Monetary(readonly=True)
    amount_change = fields.Monetary("Change", readonly=True)
    forecast_category = fields.Selection(FORECAST_CATEGORIES, readonly=True)
    category_before = fields.Selection(FORECAST_CATEGORIES, readonly=True)
    probability = fields.Float(readonly=True, aggregator="avg", help="Percent.")
    probability_before = fields.Float(readonly=True, aggregator="avg", help="Percent.")
    date = fields.Date(
        "Closing", readonly=True, help="Expected closing; of a won one: when it closed."
    )
    date_before = fields.Date("Closing Before", readonly=True)

    @property
    def _table_query(self):
        calls = self.env["crm.forecast.call"]._search([])
        return SQL(
            _CHANGES,
            calls=SQL(
                "call AS (SELECT * FROM crm_forecast_call WHERE id IN %s)",
                calls.subselect(),
            ),
            readable=readable_leads(self.env, SQL("lead.id")),
        )
