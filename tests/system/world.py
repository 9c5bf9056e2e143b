"""The people and deals that the system tests work with, made through Odoo's shell."""

import json

from testing import databases
from testing.odoo_process import shell
from testing.paths import logs

PASSWORD = "a long and silly password"
# {path} gets the ids; nobody here is an administrator.
SETTING = """
import datetime, json
groups = {{
    "seller": "sales_team.group_sale_salesman",
    "other_seller": "sales_team.group_sale_salesman",
    "team_leader": "sales_team.group_sale_salesman_all_leads",
    "manager": "sales_team.group_sale_manager",
    "stranger": "sales_team.group_sale_manager",
}}
home = env.company
abroad = env["res.company"].create({{"name": "Abroad"}})
home_team = env["crm.team"].create({{"name": "Home", "company_id": home.id}})
abroad_team = env["crm.team"].create({{"name": "Far Away", "company_id": abroad.id}})
expires = datetime.datetime.now() + datetime.timedelta(days=1)
users, keys = {{}}, {{}}
for login, group in groups.items():
    company = abroad if login == "stranger" else home
    user = env["res.users"].create({{
        "name": login.replace("_", " ").title(), "login": login,
        "password": {password!r}, "company_id": company.id,
        "company_ids": [(6, 0, company.ids)],
        "group_ids": [(4, env.ref(group).id)],
    }})
    users[login] = user.id
    keys[login] = env["res.users.apikeys"].with_user(user).sudo()._generate(
        "rpc", "system test", expires)
stages = env["crm.stage"].search([])
seller = env["res.users"].browse(users["seller"])
Lead = env["crm.lead"].with_context(tracking_disable=True)
def leads(login, number, **values):
    made = Lead.create([dict(
        values, name=f"Deal {{login}} {{n}}", type="opportunity",
        user_id=users.get(login), expected_revenue=1000 * (n + 1),
        stage_id=stages[0].id) for n in range(number)])
    return made.ids
home_values = dict(company_id=home.id, team_id=home_team.id)
made = {{
    "seller": leads("seller", 30, **home_values),
    "other_seller": leads("other_seller", 5, **home_values),
    "nobody": leads("nobody", 2, **home_values),
    "stranger": leads("stranger", 4, company_id=abroad.id, team_id=abroad_team.id),
}}
for number, lead in enumerate(Lead.browse(made["seller"])):
    lead.stage_id = stages[1 + number % 2]
json.dump({{
    "users": users, "keys": keys, "leads": made, "stages": stages.ids,
    "won_stage": stages.filtered("is_won")[:1].id,
    "companies": {{"home": home.id, "abroad": abroad.id}},
    "teams": {{"home": home_team.id, "abroad": abroad_team.id}},
}}, open({path!r}, "w"))
env.cr.commit()
"""


def build(database):
    """Set the scene in a database; give the ids of everything in it."""
    path = logs() / f"{database}.json"
    shell(database, SETTING.format(password=PASSWORD, path=str(path)))
    world = json.loads(path.read_text())
    path.unlink()
    return {**world, "database": database, "password": PASSWORD}


HISTORY = """
    SELECT id, lead_id, stage_id, from_stage_id, to_stage_id, status, move, exit_move,
           entered_at, left_at, moved_by_id, origin
      FROM crm_stage_history {where} ORDER BY lead_id, entered_at, id"""


def history(database, lead_ids=None):
    """The rows of the history, of some leads or of all, as dictionaries."""
    where = "WHERE lead_id = ANY(%s)" if lead_ids is not None else ""
    names = HISTORY.split("FROM")[0].replace("SELECT", "").replace(",", " ").split()
    rows = databases.query(database, HISTORY.format(where=where), (lead_ids,))
    return [dict(zip(names, row, strict=True)) for row in rows]


def stage_of(database, lead_id):
    sql = "SELECT stage_id FROM crm_lead WHERE id = %s"
    return databases.query(database, sql, (lead_id,))[0][0]


def inconsistencies(database):
    """What is wrong between leads and history, in words; empty when all is well."""
    wrong = []
    by_lead = {}
    for row in history(database):
        by_lead.setdefault(row["lead_id"], []).append(row)
    for lead, stage in databases.query(database, "SELECT id, stage_id FROM crm_lead"):
        rows = by_lead.get(lead, [])
        standing = [row for row in rows if row["left_at"] is None]
        if [row["stage_id"] for row in standing] != [stage]:
            wrong.append(f"lead {lead} is in {stage}, open stays: {standing}")
        for before, after in zip(rows, rows[1:], strict=False):
            if before["left_at"] != after["entered_at"]:
                wrong.append(f"lead {lead}: gap or overlap at stay {after['id']}")
            if before["to_stage_id"] != after["stage_id"]:
                wrong.append(f"lead {lead}: stay {before['id']} leads elsewhere")
            if after["from_stage_id"] != before["stage_id"]:
                wrong.append(f"lead {lead}: stay {after['id']} comes from elsewhere")
    return wrong
