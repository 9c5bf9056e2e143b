from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

SPANS = [
    ("days", "Two days"),
    ("since", "A forecast call and today"),
    ("calls", "Two forecast calls"),
]
#: What a call and the other one have in common when they are compared.
PLACE = ("company_id", "team_id", "user_id")
WEEK = timedelta(days=7)


class CrmPipelineWaterfallDays(models.AbstractModel):
    """The days of a waterfall: entered, or those on which calls were submitted."""

    _name = "crm.pipeline.waterfall.days"
    _description = "Days of a Pipeline Waterfall"

    span = fields.Selection(
        SPANS,
        "Between",
        required=True,
        default="days",
        help="Of forecast calls, the days on which they were submitted count, in the "
        "time zone of their company: the pipeline as it was at the end of them.",
    )
    call_from_id = fields.Many2one("crm.forecast.call", "From the Call")
    call_to_id = fields.Many2one("crm.forecast.call", "To the Call")
    date_from = fields.Date(
        "From the End of",
        compute="_compute_days",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="The opening is the pipeline at the end of this day.",
    )
    date_to = fields.Date(
        "To the End of",
        compute="_compute_days",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="The closing is the pipeline at the end of this day; for today as it was "
        "last taken.",
    )

    @api.depends("span", "call_from_id", "call_to_id")
    def _compute_days(self):
        today = fields.Date.context_today(self)
        for waterfall in self:
            first, last = waterfall._days_of_calls()
            waterfall.date_from = first or waterfall.date_from or today - WEEK
            waterfall.date_to = last or waterfall.date_to or today

    def _days_of_calls(self):
        """The days that calls decide; ``None`` for one that they do not."""
        if self.span == "days":
            return None, None
        last = self.call_to_id.day
        if self.span == "since":
            last = self.call_from_id and self._today_at(self.call_from_id)
        return self.call_from_id.day, last

    @api.model
    def _today_at(self, call):
        """The day that it is at the company of a call."""
        return self.env["crm.pipeline.day"]._here(call.company_id.sudo())[0]

    @api.onchange("span", "call_from_id", "call_to_id")
    def _onchange_calls(self):
        """Whose pipeline it is, and of which period, is as the calls say."""
        if self.span == "calls" and self.call_to_id and not self.call_from_id:
            self.call_from_id = self.call_to_id.previous_id
        call = self._latest_call()
        if call:
            self.update(self._scope_of(call))

    def _latest_call(self):
        if self.span == "calls":
            return self.call_to_id or self.call_from_id
        return self.call_from_id if self.span == "since" else self.call_to_id.browse()

    @api.model
    def _scope_of(self, call):
        """What a waterfall looks at to show what a call is about.

        Overdue opportunities count in the current period, so it has no first day.
        """
        is_ahead = call.period_start > call.day
        return {
            "company_ids": [fields.Command.set(call.company_id.ids)],
            "team_ids": [fields.Command.set(call.team_id.ids)],
            "user_ids": [fields.Command.set(call.user_id.ids)],
            "period_from": is_ahead and call.period_start,
            "period_to": call.period_end,
            "measure": "recurring" if call.measure == "mrr" else "amount",
        }

    def _take_days_of_calls(self):
        """Days that a client sent do not count where calls decide."""
        if self.span == "days":
            return
        self._check_calls()
        self.date_from, self.date_to = self._days_of_calls()

    def _check_calls(self):
        first, last = self.call_from_id, self.call_to_id
        (first | last).check_access("read")
        if not first or self.span == "calls" and not last:
            raise UserError(
                self.env._("Choose the forecast calls between which to look, or days.")
            )
        if self.span == "since":
            last = first
            if first.day >= self._today_at(first):
                raise UserError(
                    self.env._(
                        "“%(call)s” was submitted today: what has happened since is "
                        "seen from tomorrow on. Choose an earlier call.",
                        call=first.display_name,
                    )
                )
        elif first.day >= last.day:
            raise UserError(
                self.env._(
                    "“%(first)s” was not submitted on an earlier day than “%(last)s”: "
                    "choose an earlier first call.",
                    first=first.display_name,
                    last=last.display_name,
                )
            )
        if any(first[name] != last[name] for name in PLACE):
            raise UserError(
                self.env._(
                    "“%(first)s” and “%(last)s” are calls of different people or "
                    "teams: choose two of the same.",
                    first=first.display_name,
                    last=last.display_name,
                )
            )

    # ------------------------------------------------------------
    # From a call, and from the board
    # ------------------------------------------------------------

    @api.model
    def _show_between(self, first, last=None):
        """The waterfall from a call to another one, or until today."""
        values = {"span": "calls" if last else "since", "call_from_id": first.id}
        waterfall = self.create(
            {
                **values,
                "call_to_id": last and last.id,
                **self._scope_of(last or first),
            }
        )
        return waterfall.action_run()

    @api.model
    def action_since_last_call(self):
        """What has happened since the user's last call of an earlier day.

        Who has not submitted any is asked for the days.
        """
        self.check_access("create")
        call = self.env["crm.forecast.call"].search(
            Domain("author_id", "=", self.env.uid)
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain.OR(
                Domain("company_id", "=", company.id)
                & Domain("day", "<", self.env["crm.pipeline.day"]._here(company)[0])
                for company in self.env.companies
            ),
            limit=1,
        )
        if call:
            return self._show_between(call)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "sales_opportunity_plus.crm_pipeline_waterfall_action"
        )
