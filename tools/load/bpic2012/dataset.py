"""The tables that the log becomes in Odoo."""

from collections import Counter

from ..records import Dataset, Record, Table
from .history import Historian
from .log import FILE, read_log
from .people import employee_key, team_key, teams_of_employees
from .process import LOST, PREFIX, STAGES

FILES = (FILE,)
SALESPERSON = "base.group_user,sales_team.group_sale_salesman"
MANAGER = "base.group_user,sales_team.group_sale_manager"
# Nobody has an address or is sent a mail; whoever has no password cannot log in.
PERSON = ("name", "login", "notification_type", "group_ids/id")
DEAL = (
    *("name", "type", "stage_id/id", "expected_revenue"),
    *("user_id/id", "team_id/id", "company_id/id"),
)
# Odoo scores what is open: only a closed opportunity is given its probability.
CLOSED_DEAL = (*DEAL, "active", "probability", "lost_reason_id/id")


def read(folder, findings):
    log = read_log(folder, findings)
    teams = teams_of_employees(log)
    opened, closed, owned, days = _deals(log, teams, findings)
    seller = owned.most_common(1)[0][0] if owned else None
    return Dataset(
        PREFIX,
        [
            *_company(),
            _stages(),
            _lost_reasons(),
            *_people(teams, seller),
            Table("Closed opportunities", "crm.lead", CLOSED_DEAL, closed, FILE),
            Table("Open opportunities", "crm.lead", DEAL, opened, FILE),
        ],
        first_day=min(days).date() if days else None,
    )


def _company():
    company = Record("base.main_company", ("Dutch Loans (BPIC 2012)", "base.EUR"))
    yield Table("Company", "res.company", ("name", "currency_id/id"), [company])


def _stages():
    records = [
        Record(stage.key, (stage.name, stage.sequence, stage.forecast_category, "True"))
        for stage in STAGES.values()
    ]
    # The stages that Odoo brings are of no use here, but for the won one.
    records += [
        Record("crm.stage_lead1", ("New", "1", "pipeline", "False")),
        Record("crm.stage_lead2", ("Qualified", "2", "pipeline", "False")),
        Record("crm.stage_lead3", ("Proposition", "3", "pipeline", "False")),
    ]
    fields = ("name", "sequence", "forecast_category", "active")
    return Table("Stages", "crm.stage", fields, records)


def _lost_reasons():
    records = [Record(key, (name,)) for key, name in LOST.values()]
    return Table("Lost reasons", "crm.lost.reason", ("name",), records)


def _people(teams, seller):
    manager = f"{PREFIX}.manager"
    logins = [
        Record(manager, ("Sales Manager", "manager", "inbox", MANAGER, "manager"))
    ]
    people = []
    for resource in teams:
        key, name = employee_key(resource), f"Employee {resource}"
        if key == seller:
            values = (name, "seller", "inbox", SALESPERSON, "seller")
            logins.append(Record(key, values))
        else:
            values = (name, f"employee.{resource}", "inbox", SALESPERSON)
            people.append(Record(key, values))
    yield Table("Logins", "res.users", (*PERSON, "password"), logins)
    yield Table("Salespeople", "res.users", PERSON, people)
    records = [
        Record(team_key(team), (team, manager)) for team in sorted({*teams.values()})
    ]
    yield Table("Teams", "crm.team", ("name", "user_id/id"), records)
    records = [
        Record(f"{PREFIX}.member_{resource}", (team_key(team), employee_key(resource)))
        for resource, team in teams.items()
    ]
    fields = ("crm_team_id/id", "user_id/id")
    yield Table("Team members", "crm.team.member", fields, records)


def _deals(log, teams, findings):
    historian = Historian(teams, findings)
    opened, closed, owned, days = [], [], Counter(), []
    for case in log.cases.values():
        history = historian.follow(case)
        if history is None:
            continue
        days.append(history.past.created_at)
        owner = history.salesperson or ""
        team = team_key(teams[owner.rpartition("_")[2]]) if owner else ""
        values = (
            *(f"Application {case.name}", "opportunity", history.stage),
            *(_amount(case, findings), owner, team, "base.main_company"),
        )
        if owner:
            owned[owner] += 1
        if history.status == "won":
            values += ("True", "100", "")
        elif history.status == "lost":
            values += ("False", "0", history.reason)
        deals = opened if history.status == "open" else closed
        key = f"{PREFIX}.case_{case.name}"
        deals.append(Record(key, values, case.row, history.past))
    return opened, closed, owned, days


def _amount(case, findings):
    """The amount asked for, as the import takes it."""
    try:
        amount = float(case.amount)
    except ValueError:
        reason = f"“{case.amount}” is no amount" if case.amount else "no amount"
    else:
        if 0 < amount < float("inf"):
            return repr(amount)
        reason = f"the amount is {case.amount}"
    findings.bad(FILE, case.row, reason, "loaded with an expected revenue of 0")
    return "0"
