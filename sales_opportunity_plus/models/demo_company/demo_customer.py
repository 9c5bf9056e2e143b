from odoo import api, models
from odoo.fields import Command


class CrmDemoCompany(models.AbstractModel):
    """What the firm sells and to whom: stages, tags, origins, customers."""

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_stages(self, firm):
        """Our own stages, for our teams only; Odoo's keep all that Odoo gave them."""
        teams = [self._demo_id(team.key) for team in firm.teams]
        self._demo_create(
            "crm.stage",
            {
                stage.key: {
                    "name": stage.name,
                    "sequence": stage.sequence,
                    "color": stage.color,
                    "team_ids": [Command.set(teams)],
                    "requirements": stage.requirements,
                    "rotting_threshold_days": stage.rotting_days,
                    "forecast_category": stage.category,
                }
                for stage in firm.stages
                if not stage.shared
            },
        )
        for stage in firm.stages:
            if stage.shared:
                shared = self.env["crm.stage"].browse(self._demo_ref(stage.shared))
                shared.forecast_category = stage.category

    @api.model
    def _build_catalogue(self, firm):
        self._demo_create(
            "crm.tag",
            {
                solution.key: {"name": solution.name, "color": solution.color}
                for solution in firm.solutions
            },
        )
        for model, items in (
            ("crm.lost.reason", firm.lost_reasons),
            ("utm.source", firm.sources),
        ):
            own = {item.key: {"name": item.name} for item in items if not item.shared}
            self._demo_create(model, own)
        manager = next(person for person in firm.people if person.role == "manager")
        self._demo_create(
            "utm.campaign",
            {
                campaign.key: {
                    "title": campaign.name,
                    "user_id": self._demo_id(manager.key),
                }
                for campaign in firm.campaigns
            },
        )

    @api.model
    def _build_customers(self, firm):
        country_ids = self._demo_country_ids()
        self._demo_create(
            "res.partner",
            {
                customer.key: {
                    "name": customer.name,
                    "is_company": True,
                    "company_id": self._demo_id(customer.company),
                    "street": customer.street,
                    "zip": customer.zip,
                    "city": customer.city,
                    "country_id": country_ids[customer.country],
                    "industry_id": self._demo_ref(customer.industry),
                    "website": customer.website,
                    "email": customer.email,
                    "phone": customer.phone,
                }
                for customer in firm.customers
            },
        )
        self._demo_create(
            "res.partner",
            {
                contact.key: {
                    "name": contact.name,
                    "parent_id": self._demo_id(customer.key),
                    "company_id": self._demo_id(customer.company),
                    "function": contact.function,
                    "email": contact.email,
                    "phone": contact.phone,
                }
                for customer in firm.customers
                for contact in customer.contacts
            },
        )
