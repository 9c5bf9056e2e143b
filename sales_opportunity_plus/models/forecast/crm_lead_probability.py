import operator as operators

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang

from ...engine.probability import DEFAULT_ORDER, choose
from ..lead_part import LeadPart
from ..selections import PROBABILITY_SOURCES
from . import probability_sql

_COMPARISONS = {
    "<": operators.lt,
    ">": operators.gt,
    "<=": operators.le,
    ">=": operators.ge,
}
_IN_SQL = {
    "forecast_probability": probability_sql.counts,
    "forecast_probability_source": probability_sql.source,
}


class LeadProbability(LeadPart):
    """Four probabilities side by side, and which of them counts.

    Computed when asked and never stored: a probability by hand ends at midnight,
    Odoo's scoring writes past the ORM, and a stage or the order of a team may change
    for a hundred thousand opportunities at once. In SQL it is one expression.
    """

    __slots__ = ()

    def _forecast_probability_values(self):
        """Percent by source; ``None`` where a source has none."""
        self.ensure_one()
        manual = self.forecast_manual_user_id and not self._forecast_manual_is_over()
        return {
            "manual": self.forecast_manual_probability if manual else None,
            "history": self.forecast_history_probability or None,
            "stage": self.stage_id.forecast_probability or None,
            "odoo": self.probability,
        }

    def _forecast_manual_is_over(self):
        until = self.forecast_manual_until
        return bool(until) and until < fields.Date.context_today(self)

    def _compute_forecast_probability(self):
        for lead in self:
            order = lead.team_id._forecast_order_of(lead.team_id._origin.id)
            source, value = choose(order, lead._forecast_probability_values())
            if lead.won_status == "won":
                source, value = "odoo", 100.0
            elif lead.won_status == "lost" or not lead.active:
                source, value = "odoo", 0.0
            lead.forecast_probability = value
            lead.forecast_probability_source = source

    def _compute_forecast_probabilities(self):
        """What the form shows: each source, its percentage, and what counts and why."""
        labels = dict(
            self._fields["forecast_probability_source"]._description_selection(self.env)
        )
        for lead in self:
            values = lead._forecast_probability_values()
            lead.forecast_probabilities = {
                "counts": lead.forecast_probability_source,
                "reason": lead._forecast_probability_reason(),
                "values": [
                    {"source": source, "label": labels[source], "value": values[source]}
                    for source, _label in reversed(PROBABILITY_SOURCES)
                ],
            }

    # ------------------------------------------------------------
    # Why
    # ------------------------------------------------------------

    def _forecast_probability_reason(self):
        """A sentence: what counts, and what became of what somebody entered."""
        self.ensure_one()
        if self.won_status == "won":
            return self.env._("Won.")
        if self.won_status == "lost" or not self.active:
            return self.env._("Not open any more.")
        said = {
            "manual": self._forecast_manual_sentence,
            "history": self._forecast_history_sentence,
            "stage": lambda: self.env._(
                "Fixed for the stage %s.", self.stage_id.display_name
            ),
            "odoo": self._forecast_odoo_sentence,
        }[self.forecast_probability_source]()
        over = self.forecast_manual_user_id and self._forecast_manual_is_over()
        return f"{said} {self._forecast_over_sentence()}" if over else said

    def _forecast_manual_sentence(self):
        said = {
            "person": self.forecast_manual_user_id.sudo().display_name,
            "day": format_date(self.env, self.forecast_manual_date),
            "reason": self.forecast_manual_reason,
        }
        if not self.forecast_manual_until:
            return self.env._("%(person)s on %(day)s: “%(reason)s”.", **said)
        return self.env._(
            "%(person)s on %(day)s: “%(reason)s”. Until %(until)s.",
            until=format_date(self.env, self.forecast_manual_until),
            **said,
        )

    def _forecast_history_sentence(self):
        return self.env._("Learnt from your closed opportunities.")

    def _forecast_odoo_sentence(self):
        if self.is_automated_probability:
            return self.env._("Odoo's own score.")
        return self.env._("Typed over Odoo's score.")

    def _forecast_over_sentence(self):
        return self.env._(
            "The %(value)s %% of %(person)s ended on %(until)s.",
            value=formatLang(self.env, self.forecast_manual_probability, digits=0),
            person=self.forecast_manual_user_id.sudo().display_name,
            until=format_date(self.env, self.forecast_manual_until),
        )

    # ------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------

    def _forecast_probability_sql(self, lead, stage, name="forecast_probability"):
        """What counts (percent) or its source, in SQL, by table alias."""
        return _IN_SQL[name](
            lead,
            stage,
            self.env["crm.team"]._forecast_orders(),
            DEFAULT_ORDER,
            fields.Date.context_today(self),
        )

    def _forecast_probabilities_sql(self, lead, stage):
        """Each source (percent, or NULL where it has none), in SQL, by its name."""
        today = fields.Date.context_today(self)
        return probability_sql.values(lead, stage, today)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr in _IN_SQL and query is not None:
            stage = query.left_join(alias, "stage_id", "crm_stage", "id", "stage_id")
            return self._forecast_probability_sql(alias, stage, field_expr)
        return super()._field_to_sql(alias, field_expr, query)

    def _search_forecast_probability(self, operator, value):
        name = "forecast_probability"
        if operator == "in":
            given = [number for number in value if number is not False]
            if False in value:
                given.append(0.0)
            return self._forecast_by_sql(
                name,
                lambda sql: SQL("%s = ANY(%s::float8[])", sql, given),
                lambda lead: lead[name] in given,
            )
        if operator not in _COMPARISONS:
            return NotImplemented
        return self._forecast_by_sql(
            name,
            lambda sql: SQL("%s %s %s", sql, SQL(operator), value),
            lambda lead: _COMPARISONS[operator](lead[name], value),
        )

    def _search_forecast_probability_source(self, operator, value):
        name = "forecast_probability_source"
        if operator != "in":
            return NotImplemented
        return self._forecast_by_sql(
            name,
            lambda sql: SQL("%s = ANY(%s)", sql, [one for one in value if one]),
            lambda lead: lead[name] in value,
        )

    @staticmethod
    def _forecast_by_sql(name, condition, predicate):
        return Domain.custom(
            to_sql=lambda model, alias, query: condition(
                model._field_to_sql(alias, name, query)
            ),
            predicate=predicate,
        )
