from datetime import timedelta

from odoo import api, models

from ..forecast.crm_forecast_adjustment import SAYING
from ..forecast.crm_forecast_adjustment_accuracy import LATE


class CrmDemoCompany(models.AbstractModel):
    """What leaders said of the forecast; that of months that ended is measured.

    Odoo would ask who says it and when, and for the figure of today: those of the past
    are written with the private token that keeps what is given.
    """

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_adjustments(self, firm):
        said = self.env["crm.forecast.adjustment"].with_context(forecast_say=SAYING)
        made = {}
        for one in firm.adjustments:
            values = self._demo_adjustment_values(one)
            if one.instead_of:
                values["supersedes_id"] = made[one.instead_of].id
            record = made[one.key] = said.create([values])
            if one.instead_of:
                self._demo_end(made[one.instead_of], one.author, one.when, one.reason)
            if one.undone:
                self._demo_end(record, one.author, one.undone, one.undone_reason)
        self._demo_measure(firm, said.concat(*made.values()))

    @api.model
    def _demo_adjustment_values(self, one):
        return {
            "company_id": self._demo_id(one.company),
            "team_id": one.team and self._demo_id(one.team),
            "user_id": one.person and self._demo_id(one.person),
            "period_kind": "month",
            "period_start": one.start,
            "measure": "revenue",
            "forecast_category": one.category,
            "kind": one.kind,
            "amount": one.amount,
            "reason_kind": one.reason_kind,
            "reason": one.reason,
            "author_id": self._demo_id(one.author),
            "date": one.when,
            "base_amount": one.base,
            "base_forecast": one.base_forecast,
            "is_base_known": True,
        }

    @api.model
    def _demo_end(self, record, person, when, reason):
        record.write(
            {
                "active": False,
                "ended_by_id": self._demo_id(person),
                "ended_at": when,
                "end_reason": reason,
            }
        )

    @api.model
    def _demo_measure(self, firm, said):
        """As the nightly job does, for each month and whoever said something of it."""
        ended = said.filtered(
            lambda one: one.period_end < firm.today - timedelta(days=LATE)
        )
        groups = ended.grouped(
            lambda one: (one.company_id, one.author_id, one.measure, one._period())
        )
        for (company, author, measure, period), group in groups.items():
            group._measure(company, author, measure, period)
