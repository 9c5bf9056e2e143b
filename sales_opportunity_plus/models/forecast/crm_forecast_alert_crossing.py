import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, formatLang

_logger = logging.getLogger(__name__)

_TEMPLATE = "sales_opportunity_plus.mail_template_forecast_alert"


class CrmForecastAlertCrossing(models.Model):
    """One time that an alert fired: written by the job, read by managers.

    A subject fires once a day at most; one that stands below or above a limit fires
    again only when it was on the right side in between.
    """

    _name = "crm.forecast.alert.crossing"
    _description = "Alert That Fired"
    _order = "day desc, id desc"
    _rec_name = "subject"

    alert_id = fields.Many2one(
        "crm.forecast.alert", "Alert", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="alert_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="alert_id.currency_id")
    kind = fields.Selection(related="alert_id.kind", store=True)
    subject = fields.Char(required=True, readonly=True)
    day = fields.Date("On", required=True, readonly=True)
    ended_on = fields.Date(
        "Over Since", readonly=True, help="The day on which it was in order again."
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, ondelete="set null"
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="set null"
    )
    amount = fields.Monetary(
        readonly=True, help="Of the deal; for coverage what is missing to the target."
    )
    value = fields.Float(
        readonly=True, aggregator=None, help="The coverage, or the share in percent."
    )
    date_before = fields.Date("Expected Closing Before", readonly=True)
    date_after = fields.Date("Expected Closing After", readonly=True)
    period_start = fields.Date(readonly=True)
    period_end = fields.Date(readonly=True)
    told_ids = fields.Many2many("res.users", string="Told", readonly=True)
    message = fields.Char("What Happened", compute="_compute_message")

    _once_a_day = models.UniqueIndex(
        "(alert_id, subject, day)", "An alert fires for a subject once a day."
    )

    @api.depends_context("lang")
    @api.depends("kind", "lead_id", "amount", "value", "date_before", "date_after")
    def _compute_message(self):
        for crossing in self:
            crossing.message = crossing._message()

    @api.depends_context("lang")
    @api.depends("message")
    def _compute_display_name(self):
        for crossing in self:
            crossing.display_name = crossing.message

    def _message(self):
        said = {
            "deal": self.lead_id.display_name or self.env._("A deleted opportunity"),
            "amount": formatLang(
                self.env, self.amount, currency_obj=self.currency_id, digits=0
            ),
            "before": format_date(self.env, self.date_before),
            "after": format_date(self.env, self.date_after),
            "start": format_date(self.env, self.period_start),
            "end": format_date(self.env, self.period_end),
            "scope": self.team_id.display_name or self.company_id.display_name,
            "value": formatLang(self.env, self.value, digits=1),
            "limit": formatLang(self.env, self.alert_id.coverage, digits=1),
        }
        if self.kind == "big_commit":
            return self.env._("“%(deal)s” (%(amount)s) entered Commit.", **said)
        if self.kind == "coverage":
            return self.env._(
                "%(scope)s: the open amount is %(value)s times what is missing to the "
                "target from %(start)s to %(end)s (%(amount)s), less than %(limit)s "
                "times.",
                **said,
            )
        if self.kind == "concentration":
            return self._message_of_concentration(said)
        if not self.date_after:
            return self.env._(
                "“%(deal)s” (%(amount)s) in Commit has no expected closing any more; "
                "it was %(before)s.",
                **said,
            )
        return self.env._(
            "“%(deal)s” (%(amount)s) in Commit slipped from %(before)s to %(after)s.",
            **said,
        )

    def _message_of_concentration(self, said):
        if self.alert_id.share_of == "variance":
            return self.env._(
                "“%(deal)s” (%(amount)s) is %(value)s %% of what is uncertain in the "
                "forecast from %(start)s to %(end)s.",
                **said,
            )
        return self.env._(
            "“%(deal)s” (%(amount)s) is %(value)s %% of the weighted amount from "
            "%(start)s to %(end)s.",
            **said,
        )

    # ------------------------------------------------------------
    # Firing
    # ------------------------------------------------------------

    @api.model
    def _begin_and_end(self, alert, found, day):
        """Of what is beyond its limit, what was not before; the rest is over."""
        standing = self.sudo().search(
            [("alert_id", "=", alert.id), ("ended_on", "=", False)]
        )
        subjects = {values["subject"] for values in found}
        over = standing.filtered(lambda crossing: crossing.subject not in subjects)
        over.write({"ended_on": day})
        known = set((standing - over).mapped("subject"))
        return [values for values in found if values["subject"] not in known]

    @api.model
    def _tell(self, alert, found):
        """Keep what is new, and tell those who want to know."""
        told = {
            (subject, day)
            for subject, day in self.env.execute_query(
                SQL(
                    "SELECT subject, day FROM crm_forecast_alert_crossing"
                    " WHERE alert_id = %s AND subject = ANY(%s)",
                    alert.id,
                    [values["subject"] for values in found],
                )
            )
        }
        crossings = self.sudo().create(
            [
                {"alert_id": alert.id, **values}
                for values in found
                if (values["subject"], values["day"]) not in told
            ]
        )
        for crossing in crossings:
            crossing._tell_people()

    def _recipients(self):
        """Who is told: those who are there and may read what it is about."""
        alert, users = self.alert_id, self.alert_id.user_ids
        if alert.to_salesperson:
            users |= self.lead_id.user_id
        if alert.to_leader:
            users |= self.lead_id.team_id.user_id | self.team_id.user_id
        users = users.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        about = self.lead_id or alert
        return users.filtered(lambda user: about.with_user(user).has_access("read"))

    def _tell_people(self):
        users = self._recipients()
        self.told_ids = users
        for user in users:
            crossing = self.with_context(lang=user.lang)
            if self.alert_id.channel == "activity":
                crossing._plan_activity(user)
            else:
                crossing._send_mail(user)

    def _plan_activity(self, user):
        about = self.lead_id or self.alert_id
        default = self.env.ref("mail.mail_activity_data_todo")
        about.with_context(lang=self.env.lang).activity_schedule(
            activity_type_id=(self.alert_id.activity_type_id or default).id,
            user_id=user.id,
            summary=self.alert_id.name,
            note=self.message,
        )

    def _send_mail(self, user):
        template = self.alert_id.mail_template_id or self.env.ref(_TEMPLATE)
        try:
            with self.env.cr.savepoint():
                template.with_context(lang=self.env.lang).send_mail(
                    self.id,
                    email_values={"recipient_ids": user.partner_id.ids},
                )
        except UserError as error:
            # A broken template keeps nobody else from being told.
            _logger.warning(
                "Forecast alert %s: no mail to %s: %s",
                self.alert_id.id,
                user.login,
                error,
            )
