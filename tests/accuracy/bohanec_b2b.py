"""Salvirt's B2B opportunities: 22 categories, no dates; cross-validated 4 times."""

import csv
import random

import table
from odoo_scoring import OdooScoring

from sales_opportunity_plus.engine.calibration import Rung, calibrate
from sales_opportunity_plus.engine.feature import Feature, learn_coding
from sales_opportunity_plus.engine.look import Look, Looks

NAME = "bohanec_b2b"
FILE = "Salvirt_B2B_ML_dataset.csv"
AIMS = {"log_loss": 0.51}


def measure(folder):
    with (folder / NAME / FILE).open(newline="") as lines:
        rows = [list(row.values()) for row in csv.DictReader(lines, delimiter=";")]
    said = {"global rate": [], "Odoo's scoring": [], "this engine": []}
    for repetition in range(4):
        order = list(range(len(rows)))
        random.Random(repetition).shuffle(order)
        for fold in range(5):
            held_out = set(order[fold::5])
            train = [rows[k] for k in order if k not in held_out]
            test = [rows[k] for k in order[fold::5]]
            for name, pairs in zip(said, _asked(train, test), strict=True):
                said[name] += pairs
    table.outcomes(f"{NAME}, 4 x 5-fold cross-validation", said, AIMS)


def _asked(train, test):
    won = [row[-1] == "Won" for row in train]
    rate = sum(won) / len(won)
    odoo = OdooScoring([row[:-1] for row in train], won)
    codings = [
        learn_coding(Feature(str(k), "category", (k,)), train)
        for k in range(len(train[0]) - 1)
    ]
    looks = Looks(codings).add(
        Look(k, row, float(row[-1] == "Won"), 99.0) for k, row in enumerate(train)
    )
    rungs = [Rung("rate", ()), Rung("scorecard", tuple(range(len(codings))))]
    score = calibrate(looks, rungs).scorecard
    for ask in (lambda row: rate, odoo_of(odoo), score.probability):
        yield [(ask(row), row[-1] == "Won") for row in test]


def odoo_of(scoring):
    return lambda row: scoring.probability(row[:-1])
