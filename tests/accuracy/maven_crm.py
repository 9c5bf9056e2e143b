"""Maven's CRM Sales Opportunities: the deals that were engaged."""

import csv
from datetime import date

import protocol
import table
from deal import Deal
from odoo_scoring import OdooScoring

from sales_opportunity_plus.engine.calibration import Rung, calibrate
from sales_opportunity_plus.engine.feature import Feature, learn_coding
from sales_opportunity_plus.engine.look import Look, Looks

NAME = "maven_crm"
FILE = "sales_pipeline.csv"
TEXTS = ("product", "agent", "manager", "region", "sector", "country", "account")
NUMBERS = ("revenue", "employees")
HORIZON = 30
AIMS = {"brier": 0.2291}
PERIOD_AIMS = {"wape": 0.11}
# An open deal has no account yet.
OPEN_TEXTS = ("product", "agent", "manager", "region")
OPEN_KINDS = {**dict.fromkeys(OPEN_TEXTS, "category"), "value": "number"}


def _table(path):
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


def _day(text):
    return date.fromisoformat(text).toordinal() if text else None


def read(folder):
    """Deals with a date; an open deal is worth its product's price."""
    folder = folder / NAME
    prices = {
        row["product"].replace(" ", ""): float(row["sales_price"])
        for row in _table(folder / "products.csv")
    }
    teams = {row["sales_agent"]: row for row in _table(folder / "sales_teams.csv")}
    accounts = {row["account"]: row for row in _table(folder / "accounts.csv")}
    deals = []
    for number, row in enumerate(_table(folder / FILE)):
        came, closed = _day(row["engage_date"]), _day(row["close_date"])
        if came is None:
            continue
        product = row["product"].replace(" ", "")
        team = teams[row["sales_agent"]]
        account = accounts.get(row["account"], {})
        deal = Deal(number, prices[product], [(came, "Engaging")], closed)
        deal.won = row["deal_stage"] == "Won"
        deal.facts = {
            "product": product,
            "agent": row["sales_agent"],
            "manager": team["manager"],
            "region": team["regional_office"],
            "sector": account.get("sector"),
            "country": account.get("office_location"),
            "revenue": float(account["revenue"]) if account else None,
            "employees": float(account["employees"]) if account else None,
            "account": row["account"] or None,
            "close_value": float(row["close_value"] or 0),
        }
        deals.append(deal)
    return deals


def _open_row(deal, at):
    facts = (deal.facts[name] for name in OPEN_TEXTS)
    return (*deal.stage_at(at), *facts, deal.value)


def _created_row(deal):
    return (*(deal.facts[name] for name in (*TEXTS, *NUMBERS)), deal.value)


def measure(folder):
    deals = read(folder)
    _outcomes([deal for deal in deals if deal.closed], _day("2017-09-01"))
    last = _day("2017-12-01")
    origins = [last - 7 * weeks for weeks in reversed(range(40))]
    snapshots = range(origins[0] - 140, last, 7)
    rows = protocol.periods(deals, origins, HORIZON, _open_row, OPEN_KINDS, snapshots)
    title = f"{NAME}, value won in {HORIZON} days from open deals, 26 weekly origins"
    table.amounts(title, rows[-26:], PERIOD_AIMS)


def _outcomes(closed, cut):
    train = [deal for deal in closed if deal.closed < cut]
    test = [deal for deal in closed if deal.closed >= cut]
    kinds = [*(("category",) * len(TEXTS)), *(("number",) * (len(NUMBERS) + 1))]
    rows = [_created_row(deal) for deal in train]
    codings = [
        learn_coding(Feature(str(k), kind, (k,)), rows) for k, kind in enumerate(kinds)
    ]
    looks = Looks(codings).add(
        Look(deal.number, row, float(deal.won), (cut - deal.closed) / protocol.MONTH)
        for deal, row in zip(train, rows, strict=True)
    )
    rungs = [Rung("rate", ()), Rung("scorecard", tuple(range(len(codings))))]
    found = calibrate(looks, rungs)
    texts = [row[: len(TEXTS)] for row in rows]
    odoo = OdooScoring(texts, [deal.won for deal in train])
    rate = sum(deal.won for deal in train) / len(train)
    asks = {
        "global rate": lambda row: rate,
        "Odoo's scoring": lambda row: odoo.probability(row[: len(TEXTS)]),
        f"this engine ({found.rung})": found.scorecard.probability,
    }
    said = {
        name: [(ask(_created_row(deal)), deal.won) for deal in test]
        for name, ask in asks.items()
    }
    table.outcomes(f"{NAME}, closed from 2017-09-01 on", said, AIMS)
