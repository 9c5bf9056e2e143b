"""sales_teams.csv: agents, their managers and regional offices."""

from typing import NamedTuple

from ..reading import read_rows
from ..records import Record, Table
from .spelling import key, slug

FILE = "sales_teams.csv"
COLUMNS = ("sales_agent", "manager", "regional_office")
# Nobody has an address or is sent a mail; whoever has no password cannot log in.
PERSON = ("name", "login", "notification_type", "group_ids/id")
SALESPERSON = "base.group_user,sales_team.group_sale_salesman"
LEADER = "base.group_user,sales_team.group_sale_salesman_all_leads"
MANAGER = "base.group_user,sales_team.group_sale_manager"


class Agent(NamedTuple):
    row: int
    name: str
    manager: str
    office: str

    @property
    def team(self):
        return key("team", f"{self.office} {self.manager}")


def read_agents(folder, findings):
    """Agents by name."""
    agents = {}
    for row, values in read_rows(folder / FILE, COLUMNS, findings):
        agent = Agent(row, *values)
        if not all(values):
            findings.bad(FILE, row, "agent, manager or office is missing", "not loaded")
        elif agent.name in agents:
            first = agents[agent.name].row
            findings.bad(FILE, row, f"the agent is in row {first} too", "not loaded")
        else:
            agents[agent.name] = agent
    return agents


def tables(agents, seller):
    """`seller` is the agent whose login everybody may use, as well as the manager's."""
    managers = {agent.manager: agent.row for agent in agents.values()}
    logins, people = [], []
    for name, row in managers.items():
        if seller and name == agents[seller].manager:
            values = (name, "manager", "inbox", MANAGER, "manager")
            logins.append(Record(key("person", name), values, row))
        else:
            people.append(_person(name, LEADER, row))
    for agent in agents.values():
        if agent.name in managers:
            continue
        if agent.name == seller:
            values = (agent.name, "seller", "inbox", SALESPERSON, "seller")
            logins.append(Record(key("person", agent.name), values, agent.row))
        else:
            people.append(_person(agent.name, SALESPERSON, agent.row))
    yield Table("Logins", "res.users", (*PERSON, "password"), logins, FILE)
    yield Table("Salespeople", "res.users", PERSON, people, FILE)
    yield from _teams(agents)


def _person(name, groups, row):
    login = slug(name).replace("_", ".")
    return Record(key("person", name), (name, login, "inbox", groups), row)


def _teams(agents):
    teams = {agent.team: agent for agent in reversed(agents.values())}
    records = [
        Record(team, (f"{a.office}: {a.manager}", key("person", a.manager)), a.row)
        for team, a in reversed(teams.items())
    ]
    yield Table("Teams", "crm.team", ("name", "user_id/id"), records, FILE)
    records = [
        Record(
            key("member", agent.name),
            (agent.team, key("person", agent.name)),
            agent.row,
        )
        for agent in agents.values()
    ]
    fields = ("crm_team_id/id", "user_id/id")
    yield Table("Team members", "crm.team.member", fields, records, FILE)
