from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..lead_part import LeadPart
from ..selections import FORECAST_CATEGORIES

#: What a person, or a step of an automation, may choose.
_CHOICES = [category for category, _label in FORECAST_CATEGORIES[:-1]]

# The history knows of every way to move, also of those that leave Odoo's own date of
# the last change of stage as it was. The day of the choice has whole seconds.
_MOVED_SINCE = """
    EXISTS (SELECT FROM crm_stage_history stay
             WHERE stay.lead_id = %(lead)s.id AND stay.left_at IS NULL
               AND date_trunc('second', stay.entered_at) > %(chosen_at)s)
"""
_TO_REVIEW = """
    (%(active)s AND %(status)s = 'pending'
     AND %(override)s <> COALESCE(%(of_stage)s, 'pipeline') AND %(moved_since)s)
"""


class LeadCategory(LeadPart):
    """A chosen forecast category: set, looked at again when the stage moves on."""

    __slots__ = ()

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

    def _compute_forecast_category_to_review(self):
        """The choice stays when the stage changes; until somebody says so, it asks."""
        asked = self.filtered(
            lambda lead: (
                lead.forecast_category_override
                and lead.active
                and lead.won_status == "pending"
                and lead.forecast_category_override
                != (lead.stage_id.forecast_category or "pipeline")
            )
        )
        self.forecast_category_to_review = False
        if not asked:
            return
        self.env["crm.lead"].flush_model(["forecast_category_date"])
        query = SQL(
            "SELECT lead.id FROM crm_lead lead WHERE lead.id = ANY(%s) AND %s",
            asked._origin.ids,
            SQL(
                _MOVED_SINCE,
                lead=SQL.identifier("lead"),
                chosen_at=SQL("lead.forecast_category_date"),
            ),
        )
        moved = {lead_id for (lead_id,) in self.env.execute_query(query)}
        for lead in asked:
            lead.forecast_category_to_review = lead._origin.id in moved

    def _search_forecast_category_to_review(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return Domain.custom(
            to_sql=self._forecast_category_to_review_sql,
            predicate=lambda lead: lead.forecast_category_to_review,
        )

    @staticmethod
    def _forecast_category_to_review_sql(model, alias, query):
        stage = query.left_join(alias, "stage_id", "crm_stage", "id", "stage_id")

        def column(name):
            return model._field_to_sql(alias, name, query)

        return SQL(
            _TO_REVIEW,
            active=column("active"),
            status=column("won_status"),
            override=column("forecast_category_override"),
            of_stage=model.env["crm.stage"]._field_to_sql(stage, "forecast_category"),
            moved_since=SQL(
                _MOVED_SINCE,
                lead=SQL.identifier(alias),
                chosen_at=column("forecast_category_date"),
            ),
        )

    def action_follow_stage_forecast_category(self):
        """Take the chosen category back: the stage decides again."""
        self.check_access("write")
        self.write({"forecast_category_override": False})

    def action_keep_forecast_category(self):
        """Say that the chosen category is still meant; it is yours from now on."""
        self.check_access("write")
        for category, leads in self.grouped("forecast_category_override").items():
            if category:
                leads.write({"forecast_category_override": category})

    def action_forecast_set_category(self, category=None):
        """Choose the forecast category of the open ones among these opportunities.

        A step of an automation names it: ``pipeline``, ``best_case``,
        ``most_likely``, ``commit``, ``omitted``, or ``stage`` to follow the stage
        again. Without one, a dialog asks.
        """
        self.check_access("write")
        if not category:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Forecast Category"),
                "res_model": "crm.forecast.category.choice",
                "view_mode": "form",
                "target": "new",
                "context": {"active_model": "crm.lead", "active_ids": self.ids},
            }
        if category not in ("stage", *_CHOICES):
            raise UserError(
                self.env._(
                    "“%(category)s” is no forecast category that can be chosen. Use "
                    "one of: %(choices)s.",
                    category=category,
                    choices=", ".join(["stage", *_CHOICES]),
                )
            )
        override = False if category == "stage" else category
        open_ones = self.filtered(
            lambda lead: lead.active and lead.won_status == "pending"
        )
        return open_ones.write({"forecast_category_override": override})
