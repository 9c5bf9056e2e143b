"""Counted forecasts are judged as each of them alone."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_opportunity_plus.engine.accuracy import outcome_accuracy
from sales_opportunity_plus.engine.accuracy_counts import (
    Counted,
    bin_of,
    counted_accuracy,
)

SAID = st.integers(0, 100).map(lambda percent: percent / 100)
PAIRS = st.lists(st.tuples(SAID, st.booleans()), max_size=200)


def counted(pairs):
    found = {}
    for said, won in pairs:
        n, came = found.get(said, (0, 0))
        found[said] = (n + 1, came + won)
    return [Counted(said, n, came) for said, (n, came) in found.items()]


@given(PAIRS)
def test_same_as_one_by_one(pairs):
    one_by_one, together = outcome_accuracy(pairs), counted_accuracy(counted(pairs))
    assert together.n == one_by_one.n
    for name in ("brier", "log_loss", "auc", "ece", "ece_by_chance"):
        said, expected = getattr(together, name), getattr(one_by_one, name)
        assert (said is None) == (expected is None), name
        assert said is None or math.isclose(said, expected, abs_tol=1e-9), name
    for said, expected in zip(together.bins, one_by_one.bins, strict=True):
        assert (said.low, said.high, said.n) == (
            expected.low,
            expected.high,
            expected.n,
        )
        assert said.came == pytest.approx(expected.came)
        assert said.said == pytest.approx(expected.said)


def test_one_deal_looked_at_often_is_one_piece_of_evidence():
    looks = [Counted(0.55, 100, 50)]
    alone = counted_accuracy(looks)
    followed = counted_accuracy(looks, {bin_of(0.55): 4})
    assert followed.ece == alone.ece
    assert followed.ece_by_chance == pytest.approx(5 * alone.ece_by_chance)


def test_nothing_and_certainty():
    assert counted_accuracy([]).n == 0
    assert counted_accuracy([Counted(0.5, 0, 0)]).n == 0
    sure = counted_accuracy([Counted(1.0, 1, 0), Counted(0.0, 1, 0)])
    assert sure.auc is None
    assert math.isfinite(sure.log_loss)
