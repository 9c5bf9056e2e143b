from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..models.rows_sql import rows_table

_REMINDER = "sales_opportunity_plus.mail_activity_type_forecast_call"

# A line per member of a sales team: the last call that he, or who leads him, submitted.
_DUE = """
    SELECT member.id, member.user_id, member.crm_team_id AS team_id,
           place.company_id, place.weekday, place.today, place.monday,
           last.id AS call_id, last.day, last.amount, last.currency_id,
           COALESCE(last.day >= place.monday, FALSE) AS is_submitted
      FROM crm_team_member member
      JOIN crm_team team ON team.id = member.crm_team_id AND team.active
      JOIN res_users person ON person.id = member.user_id AND person.active
     CROSS JOIN LATERAL (
        SELECT one.company_id, one.today, one.monday,
               COALESCE(team.forecast_call_weekday, one.weekday) AS weekday
          FROM %(companies)s
         WHERE one.company_id = COALESCE(team.company_id, person.company_id)
      ) place
      LEFT JOIN LATERAL (
        SELECT call.id, call.day, call.amount, call.currency_id
          FROM crm_forecast_call call
         WHERE call.user_id = member.user_id
           AND COALESCE(call.team_id, member.crm_team_id) = member.crm_team_id
           AND call.company_id = place.company_id
         ORDER BY call.day DESC, call.id DESC LIMIT 1
      ) last ON TRUE
     WHERE member.active
"""
_COMPANIES = {
    "company_id": "int",
    "today": "date",
    "monday": "date",
    "weekday": "varchar",
}


class CrmForecastCallDue(models.Model):
    """Who has submitted a forecast call this week, and who has not."""

    _name = "crm.forecast.call.due"
    _description = "Forecast Call of the Week"
    _auto = False
    _order = "is_submitted, team_id, user_id, id"
    _rec_name = "user_id"
    _depends = {
        "crm.forecast.call": ["amount", "company_id", "day", "team_id", "user_id"],
        "crm.team": ["active", "company_id", "forecast_call_weekday"],
        "crm.team.member": ["active", "crm_team_id", "user_id"],
        "res.users": ["active", "company_id"],
        "res.company": ["forecast_call_weekday", "partner_id"],
    }

    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    call_id = fields.Many2one("crm.forecast.call", "Last Call", readonly=True)
    day = fields.Date("Last Submitted On", readonly=True)
    amount = fields.Monetary("Call", readonly=True)
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)
    is_submitted = fields.Boolean(
        "Submitted", readonly=True, help="Since Monday, for whatever period."
    )
    monday = fields.Date("Week From", readonly=True)
    today = fields.Date(readonly=True)
    weekday = fields.Char(readonly=True)
    state = fields.Selection(
        [("submitted", "Submitted"), ("missing", "Missing")], compute="_compute_state"
    )

    @property
    def _table_query(self):
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        days = self.env["crm.pipeline.day"]
        rows = []
        for company in companies:
            today = days._here(company)[0]
            monday = today - timedelta(days=today.weekday())
            weekday = company.forecast_call_weekday or None
            rows.append((company.id, today, monday, weekday))
        return SQL(_DUE, companies=rows_table(rows, _COMPANIES, "one"))

    @api.depends("is_submitted")
    def _compute_state(self):
        for due in self:
            due.state = "submitted" if due.is_submitted else "missing"

    # ------------------------------------------------------------
    # Reminding
    # ------------------------------------------------------------

    def action_remind(self):
        """Remind those who have not submitted a call this week, with an activity."""
        self.check_access("read")
        scope = self.env["crm.forecast.scope"]
        for due in self:
            scope._refuse_unless_leading(due.team_id, due.user_id.sudo().name)
        late = self.filtered(lambda due: not due.is_submitted)
        if not late:
            raise UserError(
                self.env._(
                    "All of them have submitted a forecast call this week: there is "
                    "nobody to remind."
                )
            )
        made = late._remind()
        text = self.env._("Reminded: %s", ", ".join(made.user_id.sudo().mapped("name")))
        if not made:
            text = self.env._("All of them have been reminded before.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": text, "type": "info"},
        }

    @api.model
    def _reminders(self, users):
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("user_id", "in", users.ids),
                    ("activity_type_id", "=", self.env.ref(_REMINDER).id),
                    ("automated", "=", True),
                ]
            )
        )

    def _remind(self):
        """An activity for everybody of these who has none yet; those activities."""
        reminded = self._reminders(self.user_id).user_id
        late = {due.user_id: due for due in self if due.user_id not in reminded}
        return (
            self.env["mail.activity"]
            .sudo()
            .create(
                [
                    {
                        "activity_type_id": self.env.ref(_REMINDER).id,
                        "automated": True,
                        "user_id": user.id,
                        "date_deadline": due.today,
                        "summary": due.with_context(lang=user.lang)._summary(),
                    }
                    for user, due in late.items()
                ]
            )
        )

    def _summary(self):
        return self.env._(
            "Submit your forecast call of the week of %s: CRM, Reporting, Forecast, "
            "Submit Forecast Call",
            format_date(self.env, self.monday),
        )

    @api.model
    def _done(self, users):
        """Somebody has submitted a call: his reminder is done."""
        if users:
            self._reminders(users).write({"active": False})

    @api.model
    def _cron_remind(self):
        """Remind those whose team or company has chosen this day of the week."""
        due = self.sudo().search([("is_submitted", "=", False)])
        due.filtered(lambda one: one.weekday == str(one.today.weekday()))._remind()
