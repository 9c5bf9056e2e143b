from odoo import api, fields, models
from odoo.tools import SQL

from ..forecast.crm_forecast_call import SUBMITTING

_DEAL_COLUMNS = (
    "call_id",
    "lead_id",
    "team_id",
    "user_id",
    "stage_id",
    "amount",
    "forecast_category",
    "probability",
    "date",
)


class CrmDemoCompany(models.AbstractModel):
    """What sellers said each week, with the opportunities as they stood then.

    A call freezes what is there when it is submitted, so those of the past cannot be
    submitted today: they are written as the frozen rows that they are.
    """

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_calls(self, firm):
        calls = self.env["crm.forecast.call"].with_context(forecast_call=SUBMITTING)
        last, rows = {}, []
        stages = {stage.key: self._demo_shared_id(stage) for stage in firm.stages}
        for call in firm.calls:
            scope = call.person, call.start
            record = calls.create([self._demo_call_values(call, last.get(scope))])
            last[scope] = record
            rows += [self._demo_call_row(record, deal, stages) for deal in call.deals]
        if rows:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO crm_forecast_call_deal (%s) VALUES %s",
                    SQL(", ").join(map(SQL.identifier, _DEAL_COLUMNS)),
                    SQL(", ").join(rows),
                )
            )

    @api.model
    def _demo_call_values(self, call, previous):
        company = self.env["res.company"].browse(self._demo_id(call.company))
        person = self._demo_id(call.person)
        return {
            "company_id": company.id,
            "team_id": self._demo_id(call.team),
            "user_id": person,
            "author_id": person,
            "period_kind": "month",
            "period_start": call.start,
            "period_end": call.end,
            "currency_id": company.currency_id.id,
            "day": call.day,
            "submitted_at": min(call.when, fields.Datetime.now()),
            "amount": call.amount,
            "commit": call.commit,
            "commit_figure": call.commit,
            "best_case": call.best_case,
            "best_case_figure": call.best_case,
            "closed": call.closed,
            "weighted": call.weighted,
            "deals": len(call.deals),
            "comment": call.comment,
            "previous_id": previous and previous.id,
        }

    @api.model
    def _demo_call_row(self, record, deal, stages):
        return SQL(
            "(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            record.id,
            self._demo_id(deal.deal),
            self._demo_id(deal.team),
            self._demo_id(deal.owner),
            stages[deal.stage],
            deal.amount,
            deal.category,
            deal.probability,
            deal.closing,
        )
