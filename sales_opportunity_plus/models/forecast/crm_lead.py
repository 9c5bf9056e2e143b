from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.forecast_category import effective_category
from ..selection_order import orderby_in_selection_order
from ..selections import FORECAST_CATEGORIES

#: Written by the addon when somebody overrides the category, by nobody else.
_STAMPS = {"forecast_category_user_id", "forecast_category_date"}
#: A private token: no client can send it, so no client can forge a stamp.
KEEP_STAMPS = object()


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead"]

    # Not stored: it follows the stage, the outcome and the override without a
    # write, whatever the number of opportunities. ``_field_to_sql`` makes it
    # groupable and sortable all the same.
    forecast_category = fields.Selection(
        FORECAST_CATEGORIES,
        compute="_compute_forecast_category",
        inverse="_inverse_forecast_category",
        search="_search_forecast_category",
        help="How sure this opportunity is to close when expected. It follows the "
        "stage until you choose another one; won is Closed, lost is Omitted.",
    )
    forecast_category_override = fields.Selection(
        FORECAST_CATEGORIES[:-1],
        string="Forecast Category Chosen",
        copy=False,
        tracking=True,
        help="The category that a person chose; empty as long as the stage decides.",
    )
    forecast_category_user_id = fields.Many2one(
        "res.users", "Forecast Category Chosen By", readonly=True, copy=False
    )
    forecast_category_date = fields.Datetime(
        "Forecast Category Chosen On", readonly=True, copy=False
    )
    weighted_amount = fields.Monetary(
        compute="_compute_weighted_amount",
        currency_field="company_currency",
        help="Expected revenue × probability; nothing when omitted from the forecast.",
    )

    @api.depends(
        "stage_id.forecast_category",
        "forecast_category_override",
        "won_status",
        "active",
    )
    def _compute_forecast_category(self):
        for lead in self:
            lead.forecast_category = effective_category(
                lead._stage_rule_position().status,
                lead.stage_id.forecast_category or None,
                lead.forecast_category_override or None,
            )

    def _inverse_forecast_category(self):
        for lead in self:
            if lead.forecast_category == "closed":
                if lead.won_status == "won":
                    continue
                raise UserError(
                    self.env._(
                        "“%(lead)s” cannot be put in the forecast category Closed by "
                        "hand. Mark the opportunity as won instead.",
                        lead=lead.display_name,
                    )
                )
            follows = lead.stage_id.forecast_category or "pipeline"
            if (
                lead.forecast_category == follows
                and not lead.forecast_category_override
            ):
                # A form sends along what it shows: that is no choice of a person.
                continue
            lead.forecast_category_override = lead.forecast_category

    def _search_forecast_category(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(%s)",
                model._field_to_sql(alias, "forecast_category", query),
                [category for category in value if category],
            ),
            predicate=lambda lead: lead.forecast_category in value,
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "forecast_category" and query is not None:
            return self._forecast_category_sql(
                alias, query.left_join(alias, "stage_id", "crm_stage", "id", "stage_id")
            )
        return super()._field_to_sql(alias, field_expr, query)

    def _read_group_orderby(self, order, groupby_terms, query):
        return orderby_in_selection_order(
            super()._read_group_orderby,
            self,
            order,
            groupby_terms,
            query,
            ("forecast_category",),
        )

    @api.model
    def _forecast_category_sql(self, lead, stage):
        """``engine.forecast_category.effective_category`` in SQL, by table alias."""
        return SQL(
            """CASE WHEN %(lead)s.won_status = 'won' THEN 'closed'
                    WHEN %(lead)s.won_status = 'lost' OR %(lead)s.active IS NOT TRUE
                    THEN 'omitted'
                    ELSE COALESCE(%(lead)s.forecast_category_override,
                                  %(stage)s.forecast_category, 'pipeline')
               END""",
            lead=SQL.identifier(lead),
            stage=SQL.identifier(stage),
        )

    @api.depends(
        "expected_revenue", "probability", "forecast_category", "company_currency"
    )
    def _compute_weighted_amount(self):
        for lead in self:
            amount = 0.0
            if lead.expected_revenue and lead.forecast_category != "omitted":
                amount = lead.expected_revenue * lead.probability / 100.0
                amount = lead.company_currency.round(amount)
            lead.weighted_amount = amount

    def action_follow_stage_forecast_category(self):
        """Take the chosen category back: the stage decides again."""
        self.check_access("write")
        self.write({"forecast_category_override": False})

    def _forecast_currency(self):
        """The currency of the amounts, also where the opportunity has no company.

        The company of the opportunity decides, else the one of its team, else
        the one of its salesperson, else the first company of the database. It
        does not depend on who looks.
        """
        self.ensure_one()
        lead = self.sudo()
        company = lead.company_id or lead.team_id.company_id or lead.user_id.company_id
        return company.currency_id or self._forecast_default_currency()

    @api.model
    def _forecast_default_currency(self):
        company = self.env["res.company"].sudo().search([], order="id", limit=1)
        return company.currency_id

    @api.model
    def _forecast_prepare_vals(self, vals):
        """Stamp an override with who chose it and when; refuse a forged stamp."""
        if self.env.context.get("forecast_keep_stamps") is KEEP_STAMPS:
            return vals
        if forged := _STAMPS & vals.keys():
            raise UserError(
                self.env._(
                    "The field “%(field)s” is set by the system when somebody chooses "
                    "a forecast category. Set “Forecast Category” instead.",
                    field=self._fields[min(forged)]._description_string(self.env),
                )
            )
        if "forecast_category_override" not in vals:
            return vals
        chosen = bool(vals["forecast_category_override"])
        return dict(
            vals,
            forecast_category_user_id=chosen and self.env.uid,
            forecast_category_date=chosen and fields.Datetime.now(),
        )

    def _merge_dependences(self, opportunities):
        """Keep a chosen forecast category, with who chose it and when."""
        result = super()._merge_dependences(opportunities)
        chosen = opportunities.filtered("forecast_category_override")[:1]
        if chosen and not self.forecast_category_override:
            self.with_context(forecast_keep_stamps=KEEP_STAMPS).write(
                {
                    "forecast_category_override": chosen.forecast_category_override,
                    "forecast_category_user_id": chosen.forecast_category_user_id.id,
                    "forecast_category_date": chosen.forecast_category_date,
                }
            )
        return result
