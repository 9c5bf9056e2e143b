from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.forecast_category import effective_category
from ..first_company import first_company
from ..selection_order import orderby_in_selection_order
from ..selections import FORECAST_CATEGORIES, PROBABILITY_SOURCES
from .crm_lead_category import LeadCategory
from .crm_lead_closing import LeadClosing
from .crm_lead_manual import SAID, SAID_BY, LeadManual
from .crm_lead_maths import LeadMaths
from .crm_lead_probability import LeadProbability
from .crm_lead_stale import LeadStale

#: Written by the addon when somebody overrides the category, by nobody else.
_STAMPS = SAID_BY | {
    "forecast_category_user_id",
    "forecast_category_date",
    "forecast_closing_reason_date",
}
#: A private token: no client can send it, so no client can forge a stamp.
KEEP_STAMPS = object()


class CrmLead(
    LeadProbability,
    LeadMaths,
    LeadManual,
    LeadCategory,
    LeadClosing,
    LeadStale,
    models.Model,
):
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
    forecast_category_to_review = fields.Boolean(
        "Category to Review",
        compute="_compute_forecast_category_to_review",
        search="_search_forecast_category_to_review",
        help="The stage has changed since somebody chose the category, and says "
        "another one. The choice stays until it is confirmed or taken back.",
    )
    forecast_category_of_stage = fields.Selection(
        related="stage_id.forecast_category", string="Forecast Category of the Stage"
    )
    weighted_amount = fields.Monetary(
        compute="_compute_weighted_amount",
        currency_field="company_currency",
        help="Expected revenue × the probability that counts; nothing when omitted "
        "from the forecast.",
    )
    # Not stored either: see ``LeadProbability``.
    forecast_probability = fields.Float(
        compute="_compute_forecast_probability",
        search="_search_forecast_probability",
        aggregator="avg",
        help="Percent: the probability that counts in the forecast, in the order that "
        "the sales team has chosen.",
    )
    forecast_probability_source = fields.Selection(
        PROBABILITY_SOURCES,
        compute="_compute_forecast_probability",
        search="_search_forecast_probability_source",
        help="Where the probability that counts comes from.",
    )
    forecast_probabilities = fields.Json(
        "Probabilities", compute="_compute_forecast_probabilities"
    )
    forecast_history_probability = fields.Float(
        "Probability by History",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Percent, learnt from the closed opportunities of all companies; 0 as "
        "long as there are too few to learn from.",
    )
    forecast_manual_probability = fields.Float(
        "Probability by Hand",
        copy=False,
        tracking=True,
        aggregator="avg",
        help="Percent that somebody entered because he knows better; with a reason.",
    )
    forecast_manual_reason = fields.Char(
        "Reason for the Probability", copy=False, tracking=True
    )
    forecast_manual_until = fields.Date(
        "Probability by Hand Until",
        copy=False,
        tracking=True,
        help="The last day on which it counts; empty: until it is taken back.",
    )
    forecast_manual_user_id = fields.Many2one(
        "res.users", "Probability by Hand Of", readonly=True, copy=False
    )
    forecast_manual_date = fields.Datetime(
        "Probability by Hand On", readonly=True, copy=False
    )

    forecast_closing_reason = fields.Char(
        "Why the Closing Passed",
        copy=False,
        tracking=True,
        help="Why the opportunity did not close when expected. Stage rules may ask "
        "for it.",
    )
    forecast_closing_reason_date = fields.Datetime(
        "Passed Closing Explained On", readonly=True, copy=False
    )

    # The pipeline history looks each night for those that ended. Few have one.
    _forecast_manual_ends = models.Index(
        "(forecast_manual_until) WHERE forecast_manual_until IS NOT NULL"
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

    @api.depends(
        "active",
        "forecast_category_date",
        "forecast_category_override",
        "stage_id.forecast_category",
        "won_status",
    )
    def _compute_forecast_category_to_review(self):
        return super()._compute_forecast_category_to_review()

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
            """CASE WHEN %(lead)s.active
                         AND COALESCE(%(lead)s.won_status, 'pending') = 'pending'
                    THEN COALESCE(%(lead)s.forecast_category_override,
                                  %(stage)s.forecast_category, 'pipeline')
                    WHEN %(lead)s.won_status = 'won' THEN 'closed'
                    ELSE 'omitted'
               END""",
            lead=SQL.identifier(lead),
            stage=SQL.identifier(stage),
        )

    @api.depends(
        "active",
        "forecast_history_probability",
        "forecast_manual_probability",
        "forecast_manual_until",
        "forecast_manual_user_id",
        "probability",
        "stage_id.forecast_probability",
        "team_id.forecast_probability_ids.sequence",
        "team_id.forecast_probability_ids.source",
        "won_status",
    )
    def _compute_forecast_probability(self):
        return super()._compute_forecast_probability()

    @api.depends("forecast_probability", "forecast_manual_reason")
    def _compute_forecast_probabilities(self):
        return super()._compute_forecast_probabilities()

    @api.depends(
        "expected_revenue",
        "forecast_probability",
        "forecast_category",
        "company_currency",
    )
    def _compute_weighted_amount(self):
        for lead in self:
            amount = 0.0
            if lead.expected_revenue and lead.forecast_category != "omitted":
                amount = lead.expected_revenue * lead.forecast_probability / 100.0
                amount = lead.company_currency.round(amount)
            lead.weighted_amount = amount

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
        return first_company(self.env).currency_id

    @api.model
    def _forecast_prepare_vals(self, vals):
        """Stamp an override with who chose it and when; refuse a forged stamp."""
        if self.env.context.get("forecast_keep_stamps") is KEEP_STAMPS:
            return vals
        if forged := _STAMPS & vals.keys():
            raise UserError(
                self.env._(
                    "The field “%(field)s” is set by the system: it says who chose "
                    "the forecast category or the probability, and when.",
                    field=self._fields[min(forged)]._description_string(self.env),
                )
            )
        vals = self._forecast_stamp_closing(self._forecast_stamp_manual(vals))
        if "forecast_category_override" not in vals:
            return vals
        chosen = bool(vals["forecast_category_override"])
        return dict(
            vals,
            forecast_category_user_id=chosen and self.env.uid,
            forecast_category_date=chosen and fields.Datetime.now(),
        )

    def _merge_dependences(self, opportunities):
        """Keep what a person said of the forecast, with who said it and when."""
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
        if values := self._forecast_keep_closing(opportunities):
            self.with_context(forecast_keep_stamps=KEEP_STAMPS).write(values)
        said = opportunities.filtered("forecast_manual_user_id")[:1]
        if said and not self.forecast_manual_user_id:
            names = SAID | SAID_BY
            values = said.read(sorted(names), load=None)[0]
            self.with_context(forecast_keep_stamps=KEEP_STAMPS).write(
                {name: values[name] for name in names}
            )
        return result
