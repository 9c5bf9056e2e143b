"""Histories in, probabilities out: what a company would see of its own deals."""

from random import Random

import pytest

from sales_opportunity_plus.engine.calibration import NEEDED
from sales_opportunity_plus.engine.learning import History, features, learn, look_days

TODAY = 1000
FACTS = {"source": "category"}


def deal(number, won, source, came=900, days=30):
    moves = [(came, "New", 100.0), (came + days // 2, "Offer", 100.0)]
    closed = None if won is None else (came + days, "won" if won else "lost")
    return History(number, moves, closed, (source,))


def many(count, seed=1):
    dice = Random(seed)
    return [
        deal(
            number,
            dice.random() < (0.8 if number % 2 else 0.2),
            "good" if number % 2 else "bad",
            came=850 + number % 100,
            days=dice.randint(1, 40),
        )
        for number in range(count)
    ]


def learned(deals):
    return learn(deals, len(deals), features(FACTS), TODAY, NEEDED)


def test_a_source_that_wins_is_told_from_one_that_loses():
    found = learned(many(400))
    assert found.calibration.rung == "scorecard"
    good = found.chance(("New", 3, 100.0, "good"))
    bad = found.chance(("New", 3, 100.0, "bad"))
    assert good > 0.65 and bad < 0.35


def test_the_same_deals_teach_the_same():
    deals = many(120)
    row = ("Offer", 2, 100.0, "good")
    assert learned(deals).chance(row) == learned(deals).chance(row)


def test_too_few_teach_the_overall_rate_only():
    found = learned([deal(number, number < 3, "good") for number in range(12)])
    assert found.calibration.rung == "rate"
    assert found.calibration.closed == 12
    assert found.chance(("New", 3, 1.0, "bad")) == pytest.approx(0.25, abs=0.08)


def test_nothing_closed_teaches_nothing():
    found = learned([deal(1, None, "good")])
    assert found.chance(("New", 3, 1.0, "good")) is None
    assert learned([]).chance(("New", 3, 1.0, "good")) is None


def test_unknown_stages_and_wild_amounts_are_no_fault():
    found = learned(many(100))
    for row in (
        ("Unknown", 3, 1.0, "good"),
        ("New", 10**6, float("inf"), None),
        ("None", 0, float("nan"), "new source"),
    ):
        assert 0 < found.chance(row) < 1


def test_what_is_closed_later_than_today_is_open():
    future = deal(1, True, "good", came=990, days=30)
    assert look_days(future, TODAY)[-1] == TODAY - 1
    assert learned([future]).calibration.closed == 0


def test_a_row_knows_nothing_of_later_days():
    history = deal(1, True, "good", came=900, days=30)
    assert history.rows([905, 920]) == [
        ("New", 5, 100.0, "good"),
        ("Offer", 5, 100.0, "good"),
    ]
    back = History(1, [(1, "New", 1.0), (4, "New", 2.0)], None, ())
    assert back.rows([6]) == [("New", 5, 2.0)]
