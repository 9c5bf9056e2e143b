from odoo import api, models
from odoo.fields import Command


class CrmDemoCompany(models.AbstractModel):
    """The opportunities themselves, as they stand on the day."""

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_deals(self, firm):
        """Closed deals first: Odoo's scoring learns from them about the open ones.

        A batch per company, as amounts of two currencies do not go into one call.
        """
        sources = {source.key: source for source in firm.sources}
        shared = {
            item.key: self._demo_shared_id(item)
            for items in (firm.stages, firm.lost_reasons, firm.sources)
            for item in items
        }
        offline = self._demo_offline("crm.lead")
        for is_open in (False, True):
            for company in firm.companies:
                values_by_key = {
                    deal.key: offline
                    | self._demo_deal_values(deal, sources[deal.source], shared)
                    for deal in firm.deals
                    if deal.company == company.key
                    and (deal.status == "open") == is_open
                }
                self._demo_create("crm.lead", values_by_key)

    @api.model
    def _demo_deal_values(self, deal, source, shared):
        values = {
            "name": deal.name,
            "type": deal.last.lead_type,
            "company_id": self._demo_id(deal.company),
            "team_id": self._demo_id(deal.team),
            "user_id": self._demo_id(deal.owner),
            "partner_id": self._demo_id(deal.contact),
            "stage_id": shared[deal.last.stage],
            "expected_revenue": deal.amount,
            "date_deadline": deal.deadline,
            "priority": str(deal.priority),
            "tag_ids": [Command.set([self._demo_id(key) for key in deal.solutions])],
            **self._demo_utm(deal, source, shared),
        }
        if deal.recurring:
            values["recurring_revenue"] = deal.recurring.amount
            values["recurring_plan"] = self._demo_ref(deal.recurring.plan)
        if deal.lost_reason:
            values["lost_reason_id"] = shared[deal.lost_reason]
            values.update(active=False, probability=0, automated_probability=0)
        elif deal.probability is not None:
            values["probability"] = deal.probability
        return values

    @api.model
    def _demo_utm(self, deal, source, shared):
        """Where the deal came from, as far as anybody knows.

        Left out, these would come from the cookies of whoever asks for the build.
        """
        if not deal.touches:
            return dict.fromkeys(("source_id", "medium_id", "campaign_id"), False)
        return {
            "source_id": shared[deal.source],
            "medium_id": self._demo_ref(source.medium),
            "campaign_id": deal.campaign and self._demo_id(deal.campaign),
        }
