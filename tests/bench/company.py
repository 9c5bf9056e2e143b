"""The people of the bench's company, made by the ORM before SQL fills the rest.

Two companies with a currency each, three teams, a manager, ten salespeople, six
stages. Few records, so the ORM is quick enough and gets every rule right.
"""

from dateutil.relativedelta import relativedelta

from odoo import fields

TEAMS = (("Direct", "main"), ("Partners", "main"), ("Europe", "branch"))
SALESPEOPLE = 10
MONTHLY_RATES = 24
EXTRA_STAGES = (("Negotiation", 5), ("Commitment", 10))


def create(env):
    companies = _create_companies(env)
    groups = {
        "manager": env.ref("sales_team.group_sale_manager"),
        "sales": env.ref("sales_team.group_sale_salesman"),
    }
    env["crm.stage"].create(
        [{"name": name, "sequence": sequence} for name, sequence in EXTRA_STAGES]
    )
    both = companies["main"] + companies["branch"]
    _create_user(env, "bench_manager", groups["manager"], both)
    sellers = [
        _create_user(env, f"bench_sales_{number}", groups["sales"], both)
        for number in range(1, SALESPEOPLE + 1)
    ]
    _create_teams(env, companies, sellers)
    env["crm.tag"].create([{"name": f"Topic {n}", "color": n} for n in range(1, 11)])
    # A pipeline that is worked on has its frequencies counted from the first day.
    parameters = env["ir.config_parameter"]
    parameters.set_param("crm.pls_start_date", "2000-01-01")
    # All that the settings offer: the addon learns from as much.
    parameters.set_param(
        "crm.pls_fields",
        "country_id,state_id,email_state,phone_state,source_id,lang_id",
    )


def _create_companies(env):
    euro = env.ref("base.EUR")
    euro.active = True
    today = fields.Date.today()
    env["res.currency.rate"].create(
        [
            {
                "currency_id": euro.id,
                "name": today - relativedelta(months=age, day=1),
                "rate": 0.86 + 0.01 * (age % 8),
                "company_id": False,
            }
            for age in range(MONTHLY_RATES)
        ]
    )
    branch = env["res.company"].create({"name": "Branch", "currency_id": euro.id})
    return {"main": env.ref("base.main_company"), "branch": branch}


def _create_user(env, login, group, companies):
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": login.replace("_", " ").title(),
                "login": login,
                "email": f"{login}@example.com",
                "tz": "UTC",
                "group_ids": [(4, group.id)],
                "company_id": companies[0].id,
                "company_ids": [(6, 0, companies.ids)],
            }
        )
    )


def _create_teams(env, companies, sellers):
    env["crm.team"].search([]).action_archive()
    for position, (name, company) in enumerate(TEAMS):
        members = sellers[position :: len(TEAMS)]
        env["crm.team"].create(
            {
                "name": name,
                "company_id": companies[company].id,
                "use_opportunities": True,
                "member_ids": [(6, 0, [user.id for user in members])],
            }
        )
