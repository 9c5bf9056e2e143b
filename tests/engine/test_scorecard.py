"""The score learnt from closed deals: what it says, and that it reads right."""

import doctest
import json
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine import calibration, feature, log_odds, scorecard
from sales_opportunity_plus.engine.calibration import Rung, calibrate, combined
from sales_opportunity_plus.engine.feature import Feature, learn_coding
from sales_opportunity_plus.engine.log_odds import sigmoid
from sales_opportunity_plus.engine.look import Look, Looks
from sales_opportunity_plus.engine.scorecard import Scorecard

FEATURES = (
    Feature("stage", "category", (0,)),
    Feature("stage and days", "crossing", (0, 1)),
    Feature("source", "category", (2,)),
    Feature("amount", "number", (3,)),
)
RUNGS = (
    Rung("rate", ()),
    Rung("stage", (0,)),
    Rung("stage and days", (1,)),
    Rung("scorecard", (0, 2, 3)),
)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.text(max_size=4),
)


def deals(count, seed=1, effect=1.5, months=99.0):
    """Won more often by referral; nothing else matters."""
    draw = random.Random(seed)
    for number in range(count):
        source = draw.choice(["Referral", "Fair", "Web"])
        chance = sigmoid(-1.0 + effect * (source == "Referral"))
        row = (draw.choice("ab"), draw.randrange(30), source, draw.expovariate(0.001))
        yield Look(number, row, float(draw.random() < chance), months)


def learnt(looks, **more):
    looks = list(looks)
    codings = [learn_coding(f, (look.values for look in looks)) for f in FEATURES]
    return Looks(codings, **more).add(looks)


@pytest.fixture(scope="module")
def found():
    return calibrate(learnt(deals(3000)), RUNGS)


@pytest.mark.parametrize("module", [calibration, feature, log_odds, scorecard])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


def test_what_matters_is_found(found):
    assert found.rung == "scorecard"
    reading = found.scorecard.reading(("a", 3, "Referral", 500.0))
    assert reading.lines[0].feature == "source"
    assert reading.lines[0].case.category == "Referral"
    assert reading.lines[0].points > 10
    assert reading.lines[0].rate == pytest.approx(sigmoid(0.5), abs=0.05)
    assert reading.probability == pytest.approx(sigmoid(0.5), abs=0.05)


def test_two_features_that_say_the_same_are_counted_once():
    twice = [
        Look(look.deal, (*look.values, look.values[2]), look.won, look.months)
        for look in deals(3000)
    ]
    features = (FEATURES[2], Feature("again", "category", (4,)))
    codings = [learn_coding(f, (look.values for look in twice)) for f in features]
    rungs = [Rung("rate", ()), Rung("both", (0, 1))]
    score = calibrate(Looks(codings).add(twice), rungs).scorecard
    row = ("a", 3, "Referral", 500.0, "Referral")
    assert score.probability(row) == pytest.approx(sigmoid(0.5), abs=0.05)


def test_noise_changes_nothing():
    """Do no harm: where no feature matters, the overall rate counts."""
    found = calibrate(learnt(deals(3000, effect=0.0)), RUNGS)
    chances = [found.scorecard.probability(look.values) for look in deals(300)]
    assert max(chances) - min(chances) < 0.05


@given(st.tuples(values, values, values, values))
def test_any_value_gets_a_probability_whose_points_add_up(found, row):
    reading = found.scorecard.reading(row)
    assert 0.0 <= reading.probability <= 1.0
    assert reading.probability == pytest.approx(found.scorecard.probability(row))
    points = math.fsum(line.points for line in reading.lines)
    assert points == pytest.approx(100 * (reading.probability - reading.start))


def test_the_unseen_and_the_missing_say_little(found):
    nothing = found.scorecard.probability((None, None, None, None))
    assert nothing == pytest.approx(sigmoid(found.scorecard.intercept), abs=0.1)
    line = found.scorecard.reading(("z", 1, "Pigeon", math.inf)).lines[-1]
    assert not line.case.seen and line.effect == 0.0 and line.rate is None


def test_goes_through_json(found):
    text = json.dumps(found.scorecard.as_json(), allow_nan=False)
    assert Scorecard.from_json(json.loads(text)) == found.scorecard


def test_too_few_deals_are_said_as_numbers():
    found = calibrate(learnt(deals(12)), RUNGS)
    assert found.rung == "rate"
    assert [(q.closed, q.needed, q.is_enough) for q in found.qualities] == [
        (12, 1, True),
        *[(12, 50, False)] * 3,
    ]


def test_no_closed_deal_gives_no_score():
    open_deals = [Look(k, ("a", 1, "Web", 9.0), 0.3, None) for k in range(60)]
    for looks in ([], open_deals):
        found = calibrate(learnt(looks), RUNGS)
        assert (found.scorecard, found.rung, found.closed) == (None, None, 0)


@pytest.mark.parametrize("won", [0.0, 1.0])
def test_all_won_or_all_lost_is_never_certain(won):
    looks = [Look(d.deal, d.values, won, 1.0) for d in deals(200)]
    found = calibrate(learnt(looks), RUNGS)
    chance = found.scorecard.probability(("a", 1, "Web", 9.0))
    assert 0.0 < abs(chance - won) < 0.05


def test_many_looks_at_one_deal_are_not_many_deals():
    looks = [look for look in deals(60) for _again in range(20)]
    assert learnt(looks).closed == 60
    many = calibrate(learnt(looks), RUNGS[:1] + RUNGS[3:])
    once = calibrate(learnt(deals(60)), RUNGS[:1] + RUNGS[3:])
    row = ("a", 3, "Referral", 500.0)
    assert many.scorecard.probability(row) == pytest.approx(
        once.scorecard.probability(row), abs=0.03
    )


def test_a_sample_is_bounded_and_hardly_worse():
    looks = learnt(deals(3000), limit=800)
    assert len(looks.fold) <= 800 and looks.closed == 3000
    row = ("a", 3, "Referral", 500.0)
    chance = calibrate(looks, RUNGS).scorecard.probability(row)
    assert chance == pytest.approx(sigmoid(0.5), abs=0.1)
    assert sum(calibrate(looks, RUNGS).scorecard.parts[0].seen) <= 800


def test_the_same_deals_give_the_same_score(found):
    assert calibrate(learnt(deals(3000)), RUNGS) == found


def test_a_clock_without_an_opinion_has_no_say():
    assert combined(-1.0, None, 0.75) == sigmoid(-1.0)
