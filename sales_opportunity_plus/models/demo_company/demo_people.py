from odoo import api, models
from odoo.fields import Command

GROUPS = {
    "seller": "sales_team.group_sale_salesman",
    "leader": "sales_team.group_sale_salesman_all_leads",
    "manager": "sales_team.group_sale_manager",
}
#: What all of them need besides: to write down customers and recurring revenue.
COMMON_GROUPS = ("base.group_partner_manager", "crm.group_use_recurring_revenues")


class CrmDemoCompany(models.AbstractModel):
    """The firm itself: companies, exchange rates, people and teams."""

    _name = "crm.demo.company"
    _inherit = ["crm.demo.company"]

    @api.model
    def _build_companies(self, firm):
        currency_ids = self._demo_currency_ids(firm)
        country_ids = self._demo_country_ids()
        # Named themselves, so that they do not stay behind when the addon leaves.
        partners = self._demo_create(
            "res.partner",
            {
                f"{company.key}_partner": {
                    "name": company.name,
                    "is_company": True,
                    "country_id": country_ids[company.country],
                    "city": company.city,
                    "email": company.email,
                }
                for company in firm.companies
            },
        )
        # With accounting installed, a company in a country would install its
        # localisation, in the middle of loading this.
        installing = self.with_context(install_mode=True)
        companies = installing._demo_create(
            "res.company",
            {
                company.key: {
                    "name": company.name,
                    "partner_id": partner.id,
                    "currency_id": currency_ids[company.currency],
                    **self._demo_offline("res.company"),
                }
                for company, partner in zip(firm.companies, partners, strict=True)
            },
        )
        # Whoever administers the database can look after its companies and people.
        self.env.ref("base.user_admin").write(
            {"company_ids": [Command.link(company.id) for company in companies]}
        )

    @api.model
    def _demo_currency_ids(self, firm):
        names = {company.currency for company in firm.companies}
        names |= {rate.currency for rate in firm.rates}
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = currencies.search([("name", "in", sorted(names))])
        found.filtered(lambda currency: not currency.active).active = True
        return {currency.name: currency.id for currency in found}

    @api.model
    def _build_rates(self, firm):
        currency_ids = self._demo_currency_ids(firm)
        self._demo_create(
            "res.currency.rate",
            {
                f"rate_{rate.company}_{rate.currency}_{rate.day}".lower(): {
                    "name": rate.day,
                    "company_id": self._demo_id(rate.company),
                    "currency_id": currency_ids[rate.currency],
                    "rate": rate.rate,
                }
                for rate in firm.rates
            },
        )

    @api.model
    def _build_people(self, firm):
        common = [self._demo_ref(xmlid) for xmlid in COMMON_GROUPS]
        values_by_key = {}
        for person in firm.people:
            companies = [self._demo_id(key) for key in person.companies]
            group_ids = [self._demo_ref(GROUPS[person.role]), *common]
            values_by_key[person.key] = {
                "name": person.name,
                "login": person.login,
                "email": self._demo_email(person),
                "lang": "en_US",
                "tz": person.timezone,
                "company_id": companies[0],
                "company_ids": [Command.set(companies)],
                "group_ids": [Command.set(group_ids)],
            }
            if person.password:
                values_by_key[person.key]["password"] = person.password
        self._demo_create("res.users", values_by_key)

    @api.model
    def _demo_email(self, person):
        if "@" in person.login:
            return person.login
        return f"{person.login}@lumenfeld.example"

    @api.model
    def _build_teams(self, firm):
        values_by_key = {}
        for team in firm.teams:
            members = [person for person in firm.people if person.team == team.key]
            leader = next(person for person in members if person.role == "leader")
            values_by_key[team.key] = {
                "name": team.name,
                "company_id": self._demo_id(team.company),
                "user_id": self._demo_id(leader.key),
                "member_ids": [
                    Command.set([self._demo_id(person.key) for person in members])
                ],
                "use_opportunities": True,
                "use_leads": True,
            }
        self._demo_create("crm.team", values_by_key)
