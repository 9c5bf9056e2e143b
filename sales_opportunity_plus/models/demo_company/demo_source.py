from odoo import api, models

from ..source.touchpoint_sql import Touch


class CrmDemoCompany(models.AbstractModel):
    """Where the business came from, and what the campaigns cost."""

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_costs(self, firm):
        self._demo_create(
            "crm.campaign.cost",
            {
                f"cost_{cost.key}": {
                    "campaign_id": self._demo_id(cost.campaign),
                    "company_id": self._demo_id(cost.company),
                    "currency_id": self._demo_currency_id(cost.company),
                    "date_from": cost.start,
                    "date_to": cost.end,
                    "amount": cost.amount,
                    "note": cost.note,
                }
                for cost in firm.costs
            },
        )

    @api.model
    def _build_touches(self, firm):
        sources = {None: (None, None)} | {
            source.key: (
                self._demo_shared_id(source),
                self._demo_ref(source.medium),
            )
            for source in firm.sources
        }
        touches = []
        for deal in firm.deals:
            touches += self._demo_touches(deal, sources)
        lead_ids = [self._demo_id(deal.key) for deal in firm.deals]
        self.env["crm.touchpoint"]._import_past(lead_ids, touches)

    @api.model
    def _build_credits(self, firm):
        """What Odoo's scheduler does within minutes elsewhere is there at once."""
        models = self.env["crm.attribution.model"]
        models._estimate_due()
        models._compute_everything()

    @api.model
    def _demo_touches(self, deal, sources):
        """What Odoo records of a deal itself has the key that Odoo gives it.

        The installation reads the past of every opportunity after the demo company is
        there: it is to find its creation and its conversion recorded. Meetings are not
        touches here: the meetings themselves are there to be read.
        """
        lead_id = self._demo_id(deal.key)
        known = {
            "lead_id": lead_id,
            "partner_id": self._demo_id(deal.contact),
            "company_id": self._demo_id(deal.company),
        }
        found = []
        for number, touch in enumerate(deal.touches):
            source_id, medium_id = sources[touch.source]
            found.append(
                Touch(
                    kind=touch.kind,
                    happened_at=touch.when,
                    campaign_id=touch.campaign and self._demo_id(touch.campaign),
                    medium_id=medium_id,
                    source_id=source_id,
                    landing_page=touch.page,
                    cost=touch.cost or None,
                    currency_id=(
                        self._demo_currency_id(deal.company) if touch.cost else None
                    ),
                    **known,
                    **self._demo_touch_key(lead_id, number, touch),
                )
            )
        if deal.converted:
            key = f"crm.lead:{lead_id}:conversion"
            found.append(Touch("conversion", deal.converted, external_key=key, **known))
        return found

    @api.model
    def _demo_touch_key(self, lead_id, number, touch):
        if touch.is_entry:
            return {"external_key": f"crm.lead:{lead_id}:created"}
        return {"origin": "demo", "external_key": f"{lead_id}:{number}"}

    @api.model
    def _demo_currency_id(self, company):
        return self.env["res.company"].browse(self._demo_id(company)).currency_id.id
