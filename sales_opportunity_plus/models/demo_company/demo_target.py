from odoo import api, models


class CrmDemoCompany(models.AbstractModel):
    """What is to be won: targets with a version, and the rates of the budget."""

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_budget_rates(self, firm):
        currency_ids = self._demo_currency_ids(firm)
        self._demo_create(
            "crm.forecast.rate",
            {
                rate.key: {
                    "company_id": self._demo_id(rate.company),
                    "currency_id": currency_ids[rate.currency],
                    "rate": rate.rate,
                    "valid_from": rate.start,
                }
                for rate in firm.budget_rates
            },
        )

    @api.model
    def _build_targets(self, firm):
        """They go with their table, as versions hold on to them."""
        targets = self.env["crm.forecast.target"].create(
            [self._demo_target_values(target) for target in firm.targets]
        )
        for target, record in zip(firm.targets, targets, strict=True):
            if target.before is not None:
                record.write({"amount": target.amount, "note": target.note})

    @api.model
    def _demo_target_values(self, target):
        return {
            "company_id": self._demo_id(target.company),
            "team_id": target.team and self._demo_id(target.team),
            "user_id": target.person and self._demo_id(target.person),
            "period_kind": target.kind,
            "period_start": target.start,
            "measure": target.measure,
            "amount": target.amount if target.before is None else target.before,
        }
