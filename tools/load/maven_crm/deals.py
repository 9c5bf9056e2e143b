"""sales_pipeline.csv: opportunities with their dates, values and outcomes.

The data has days without times: they are taken as noon UTC, which is the same day
almost everywhere. It tells when a deal was engaged and when it was closed, but not
since when it had been prospected: the history of an engaged deal begins there. What
has no date at all was there on the last day of the data.
"""

from datetime import datetime, time
from typing import NamedTuple

from ..reading import read_rows
from ..records import Past, Record, Stay
from .spelling import PREFIX, PRODUCTS, Corrector, key

FILE = "sales_pipeline.csv"
COLUMNS = (
    *("opportunity_id", "sales_agent", "product", "account"),
    *("deal_stage", "engage_date", "close_date", "close_value"),
)
PROSPECTING = f"{PREFIX}.prospecting"
ENGAGING = f"{PREFIX}.engaging"
WON_STAGE = "crm.stage_lead4"
STAGES = {
    "Prospecting": (PROSPECTING, "open"),
    "Engaging": (ENGAGING, "open"),
    "Won": (WON_STAGE, "won"),
    "Lost": (ENGAGING, "lost"),
}
FIELDS = (
    *("name", "type", "stage_id/id", "expected_revenue", "user_id/id", "team_id/id"),
    *("company_id/id", "partner_id/id", "tag_ids/id"),
)
# Odoo scores what is open: only a closed opportunity is given its probability.
CLOSED_FIELDS = (*FIELDS, "active", "probability")


class Deal(NamedTuple):
    """A row that can be loaded; a name that is not known is empty."""

    row: int
    name: str
    agent: str
    product: str
    account: str
    stage: str
    engaged: datetime | None
    closed: datetime | None
    value: str

    @property
    def status(self):
        return STAGES[self.stage][1]


class DealReader:
    def __init__(self, agents, products, accounts, findings):
        self.agents = agents
        self.products = products
        self.accounts = accounts
        self.findings = findings
        self.product = Corrector(FILE, PRODUCTS, findings)

    def read(self, folder):
        deals = {}
        for row, values in read_rows(folder / FILE, COLUMNS, self.findings):
            name = values[0]
            if name in deals:
                reason = f"the opportunity is in row {deals[name].row} too"
                self._bad(row, reason, "not loaded")
            elif deal := self._deal(row, *values):
                deals[name] = deal
        return list(deals.values())

    def _deal(self, row, name, agent, product, account, stage, engaged, closed, value):
        if not name:
            return self._bad(row, "opportunity_id is missing", "not loaded")
        if stage not in STAGES:
            return self._bad(row, f"unknown deal_stage “{stage}”", "not loaded")
        is_open = STAGES[stage][1] == "open"
        engaged = self._day(row, "engage_date", engaged)
        if not engaged:
            outcome = "dated by its close, or by the last day of the data"
            self._bad(row, "engage_date is missing", outcome)
        closed = self._day(row, "close_date", closed)
        if is_open and closed:
            self._bad(row, f"{stage} with a close_date", "the date is not used")
            closed = None
        if not is_open and not closed:
            return self._bad(row, f"{stage} without a close_date", "not loaded")
        if engaged and closed and closed < engaged:
            return self._bad(row, "closed before it was engaged", "not loaded")
        return Deal(
            *(row, name),
            self._known(row, "sales_agent", agent, self.agents),
            self._known(row, "product", self.product(row, product), self.products),
            self._known(row, "account", account, self.accounts),
            *(stage, engaged, closed),
            self._value(row, value),
        )

    def _bad(self, row, reason, outcome):
        self.findings.bad(FILE, row, reason, outcome)

    def _known(self, row, column, name, known):
        if name in known:
            return name
        reason = f"unknown {column} “{name}”" if name else f"{column} is missing"
        self._bad(row, reason, f"loaded without {column}")
        return ""

    def _day(self, row, column, text):
        if not text:
            return None
        try:
            day = datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError:
            self._bad(row, f"{column} “{text}” is no day", "taken as missing")
            return None
        return datetime.combine(day, time(12))

    def _value(self, row, text):
        if not text:
            self._bad(row, "close_value is missing", "expected revenue 0")
            return "0"
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if 0 <= value < float("inf"):
            return repr(value)
        self._bad(row, f"close_value “{text}” is no amount", "expected revenue 0")
        return "0"


def last_day(deals):
    """The last day that the data names."""
    days = [day for deal in deals for day in (deal.engaged, deal.closed) if day]
    return max(days, default=None)


def record(deal, agents, last):
    agent = key("person", deal.agent) if deal.agent else ""
    team = agents[deal.agent].team if deal.agent else ""
    stage, status = STAGES[deal.stage]
    values = (
        *(_title(deal), "opportunity", stage, deal.value, agent, team),
        "base.main_company",
        key("account", deal.account) if deal.account else "",
        key("product", deal.product) if deal.product else "",
    )
    if status != "open":
        values += ("True", "100") if status == "won" else ("False", "0")
    past = _past(deal, agent or None, team or None, last)
    return Record(f"{PREFIX}.deal_{deal.name}", values, deal.row, past)


def _title(deal):
    what = deal.product or "Opportunity"
    return f"{what} ({deal.account or deal.name})"


def _past(deal, agent, team, last):
    stage, status = STAGES[deal.stage]
    begun = deal.engaged or deal.closed or last
    people = {"salesperson": agent, "team": team, "moved_by": agent}
    first = PROSPECTING if stage == PROSPECTING else ENGAGING
    stays = [Stay(first, begun, **people)]
    if status != "open":
        stays.append(Stay(stage, deal.closed, status, **people))
    closed = None if status == "open" else deal.closed
    return Past(begun, begun if agent else None, closed, tuple(stays))
