"""The tables that the files become in Odoo."""

from collections import Counter

from ..errors import LoadError
from ..records import Dataset, Record, Table
from . import accounts, deals, people, products
from .spelling import PREFIX

FILES = (deals.FILE, accounts.FILE, products.FILE, people.FILE)


def read(folder, findings):
    companies = accounts.read_accounts(folder, findings)
    sold = products.read_products(folder, findings)
    agents = people.read_agents(folder, findings)
    reader = deals.DealReader(agents, sold, companies, findings)
    pipeline = reader.read(folder)
    last = deals.last_day(pipeline)
    if last is None:
        raise LoadError(
            f"{folder / deals.FILE} has no row with a date: nothing to load"
        )
    records = {True: [], False: []}
    for deal in pipeline:
        record = deals.record(deal, agents, last)
        records[deal.status == "open"].append(record)
    return Dataset(
        PREFIX,
        [
            *_company(),
            _stages(),
            *people.tables(agents, _busiest(pipeline)),
            *accounts.tables(companies, findings),
            products.table(sold),
            Table(
                "Closed opportunities",
                "crm.lead",
                deals.CLOSED_FIELDS,
                records[False],
                deals.FILE,
            ),
            Table(
                "Open opportunities",
                "crm.lead",
                deals.FIELDS,
                records[True],
                deals.FILE,
            ),
        ],
        first_day=min(r.past.created_at for rs in records.values() for r in rs).date(),
    )


def _busiest(pipeline):
    agents = Counter(deal.agent for deal in pipeline if deal.agent)
    return agents.most_common(1)[0][0] if agents else None


def _company():
    company = Record("base.main_company", ("Maven CRM (fictitious)", "base.USD"))
    yield Table("Company", "res.company", ("name", "currency_id/id"), [company])


def _stages():
    records = [
        Record(deals.PROSPECTING, ("Prospecting", "11", "pipeline", "True")),
        Record(deals.ENGAGING, ("Engaging", "12", "best_case", "True")),
        # The stages that Odoo brings are of no use here, but for the won one.
        Record("crm.stage_lead1", ("New", "1", "pipeline", "False")),
        Record("crm.stage_lead2", ("Qualified", "2", "pipeline", "False")),
        Record("crm.stage_lead3", ("Proposition", "3", "pipeline", "False")),
    ]
    fields = ("name", "sequence", "forecast_category", "active")
    return Table("Stages", "crm.stage", fields, records)
