"""BPI Challenge 2012 read as a sales process; see the data set's SOURCE.txt."""

import csv
import gzip
from datetime import date, datetime

import protocol
import table
from deal import Deal
from odoo_scoring import OdooScoring

NAME = "bpic2012"
STAGES = ("A_SUBMITTED", "A_PREACCEPTED", "A_ACCEPTED", "A_FINALIZED", "O_SENT_BACK")
WON = {"A_APPROVED", "A_REGISTERED", "A_ACTIVATED"}
LOST = {"A_DECLINED", "A_CANCELLED"}
CALLS = {"W_Nabellen offertes": "follow_ups", "W_Completeren aanvraag": "completions"}
COUNTED = {"O_CREATED": "offers"}
KINDS = {
    "amount": "number",
    "weekday": "category",
    "follow_ups": "number",
    "completions": "number",
    "offers": "number",
}
HORIZON = 28
AIMS = {"brier": 0.182, "ece": 0.027}
PERIOD_AIMS = {"wape": 0.06, "coverage": (0.75, 0.95), "width": 0.45}


def day(*ymd):
    return date(*ymd).toordinal()


def _moment(text):
    at = datetime.fromisoformat(text).replace(tzinfo=None)
    midnight = datetime(at.year, at.month, at.day)
    return at.toordinal() + (at - midnight).total_seconds() / 86400


def read(folder):
    """All cases as deals, by their number."""
    found = {}
    with gzip.open(folder / NAME / "events.csv.gz", "rt") as lines:
        for row in csv.DictReader(lines):
            if row["transition"] == "COMPLETE":
                moment = _moment(row["ts"])
                found.setdefault(row["case"], (row["amount"], []))[1].append(
                    (moment, row["activity"])
                )
    return [
        _deal(int(case), float(amount or 0), sorted(events, key=lambda e: e[0]))
        for case, (amount, events) in found.items()
    ]


def _deal(number, amount, events):
    deal = Deal(number, amount, [])
    for moment, activity in events:
        if activity in STAGES:
            deal.stages.append((moment, activity))
        elif activity in WON | LOST and deal.closed is None:
            deal.closed, deal.won = moment, activity in WON
        name = CALLS.get(activity) or COUNTED.get(activity)
        if name:
            deal.events.setdefault(name, []).append(moment)
    if deal.closed is not None:
        deal.stages = [s for s in deal.stages if s[0] <= deal.closed]
    deal.facts["weekday"] = int(deal.came - 1) % 7
    return deal


def _row(deal, at):
    stage, days = deal.stage_at(at)
    counts = (deal.count(name, at) for name in ("follow_ups", "completions", "offers"))
    return (stage, days, deal.value, deal.facts["weekday"], *counts)


def measure(folder):
    deals = read(folder)
    mondays = list(range(day(2011, 10, 3), day(2012, 2, 14), 7))
    _outcomes(deals, mondays, day(2012, 1, 1))
    # The last origin whose days are all in the log; the first ones only teach.
    last = day(2012, 3, 15) - HORIZON
    origins = [at for at in range(day(2011, 10, 17), last + 1, 7)]
    rows = protocol.periods(deals, origins, HORIZON, _row, KINDS, mondays)
    title = f"{NAME}, value won in {HORIZON} days from open deals, 11 weekly origins"
    table.amounts(title, rows[-11:], PERIOD_AIMS)


def _outcomes(deals, mondays, cut):
    test = [
        (deal, at)
        for at in mondays
        if at >= cut
        for deal in deals
        if deal.is_open(at) and deal.closed is not None
    ]
    model = protocol.Model(deals, cut, _row, KINDS, mondays)
    closed = [deal for deal in deals if deal.closed is not None and deal.closed < cut]
    rate = sum(deal.won for deal in closed) / len(closed)
    odoo = OdooScoring(
        [(deal.stages[-1][1], deal.facts["weekday"]) for deal in closed],
        [deal.won for deal in closed],
        STAGES,
    )
    asks = {
        "global rate": lambda deal, at: rate,
        "Odoo's scoring": lambda deal, at: odoo.probability(
            (deal.stage_at(at)[0], deal.facts["weekday"])
        ),
        "stage clock alone": lambda deal, at: model.clock.won_ever(*deal.stage_at(at)),
        "this engine": model.chance,
    }
    said = {
        name: [(ask(deal, at), deal.won) for deal, at in test]
        for name, ask in asks.items()
    }
    table.outcomes(f"{NAME}, weekly snapshots from 2012-01-01 on", said, AIMS)
