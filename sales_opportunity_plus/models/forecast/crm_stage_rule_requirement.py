from odoo import api, fields, models
from odoo.tools import SQL

# A closing has passed that nobody has explained since: the one that is there, or one
# of this stay that the history knows, whoever changed it afterwards, and how.
_UNEXPLAINED = """
    (%(explained)s IS NULL OR %(explained)s::date <= %(closing)s)
"""
_REASON_MISSING = """
    (COALESCE(%(deadline)s < (%(at)s)::date AND %(unexplained)s, FALSE)
     OR EXISTS (SELECT FROM crm_pipeline_history past
                 WHERE past.lead_id = %(lead_id)s AND past.status = 'open'
                   AND past.date_deadline < COALESCE(past.valid_to, (%(at)s)::date)
                   AND past.date_deadline
                       >= COALESCE(%(entered_at)s, '-infinity'::timestamp)::date
                   AND %(unexplained_past)s))
"""


class CrmStageRuleRequirement(models.Model):
    """What a stage rule may ask of an expected closing."""

    _name = "crm.stage.rule.requirement"
    _inherit = ["crm.stage.rule.requirement"]

    kind = fields.Selection(
        selection_add=[
            ("closing_future", "The expected closing has not passed"),
            ("closing_reason", "A passed closing is explained"),
            ("closing_reason_saved", "Moving on a passed closing is explained"),
        ],
        ondelete={
            "closing_future": "cascade",
            "closing_reason": "cascade",
            "closing_reason_saved": "cascade",
        },
    )

    @api.model
    def _requirement_sql_closing_future(self, spec, moment):
        """Without an expected closing it is met: ask for the field to be set, too."""
        return SQL(
            "COALESCE(%s >= (%s)::date, TRUE)",
            SQL.identifier(moment.lead, "date_deadline"),
            moment.at,
        )

    @api.model
    def _requirement_sql_closing_reason(self, spec, moment):
        deadline = SQL.identifier(moment.lead, "date_deadline")
        explained = SQL.identifier(moment.lead, "forecast_closing_reason_date")
        past = SQL("past.date_deadline")
        return SQL(
            "NOT %s",
            SQL(
                _REASON_MISSING,
                deadline=deadline,
                at=moment.at,
                lead_id=moment.lead_id,
                entered_at=moment.entered_at,
                unexplained=SQL(_UNEXPLAINED, explained=explained, closing=deadline),
                unexplained_past=SQL(_UNEXPLAINED, explained=explained, closing=past),
            ),
        )

    @api.model
    def _requirement_sql_closing_reason_saved(self, spec, moment):
        return self._requirement_sql_closing_reason(spec, moment)

    def _phrase_closing_future(self):
        return self.env._("an expected closing that has not passed")

    def _message_closing_future(self):
        return self.env._("The expected closing has passed: choose a new day.")

    def _fix_closing_future(self, lead):
        return {"type": "field", "field": "date_deadline"}

    def _phrase_closing_reason(self):
        return self.env._("a reason when the expected closing has passed")

    def _message_closing_reason(self):
        return self.env._("Say why the expected closing passed.")

    def _fix_closing_reason(self, lead):
        return {"type": "field", "field": "forecast_closing_reason"}

    def _phrase_closing_reason_saved(self):
        return self.env._(
            "a reason when the expected closing has passed, also before it is moved on"
        )

    def _message_closing_reason_saved(self):
        return self._message_closing_reason()

    def _fix_closing_reason_saved(self, lead):
        return self._fix_closing_reason(lead)
