from odoo import api, models


class CrmDemoCompany(models.AbstractModel):
    """How the opportunities got where they are."""

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_history(self, firm):
        shared = {stage.key: self._demo_shared_id(stage) for stage in firm.stages}
        currency = {
            company.key: self.env["res.company"].browse(self._demo_id(company.key))
            for company in firm.companies
        }
        stays = [
            {
                "lead_id": self._demo_id(deal.key),
                "lead_type": stay.lead_type,
                "stage_id": shared[stay.stage],
                "status": stay.status,
                "entered_at": stay.entered,
                "user_id": self._demo_id(stay.owner),
                "team_id": self._demo_id(deal.team),
                "company_id": self._demo_id(deal.company),
                "currency_id": currency[deal.company].currency_id.id,
                "amount": stay.amount,
                "probability": stay.probability,
                "moved_by_id": self._demo_id(stay.moved_by),
            }
            for deal in firm.deals
            for stay in deal.stays
        ]
        self.env["crm.stage.history"]._import_past(stays)
        self.env["crm.lead"]._stage_history_backdate(
            [self._demo_dates(deal) for deal in firm.deals]
        )

    @api.model
    def _demo_dates(self, deal):
        owned_since = entered = deal.last.entered
        for stay in reversed(deal.stays):
            if stay.owner != deal.owner:
                break
            owned_since = stay.entered
        for stay in reversed(deal.stays):
            if stay.stage != deal.last.stage:
                break
            entered = stay.entered
        return {
            "lead_id": self._demo_id(deal.key),
            "create_date": deal.created,
            "date_open": owned_since,
            "date_closed": deal.closed,
            "date_last_stage_update": entered,
            "date_conversion": deal.converted,
        }
