"""The category of an opportunity, in every combination."""

import doctest
from itertools import product

import pytest

from sales_opportunity_plus.engine import forecast_category
from sales_opportunity_plus.engine.forecast_category import (
    CATEGORIES,
    OPEN_CATEGORIES,
    effective_category,
)

CASES = list(product((*CATEGORIES, None), (*OPEN_CATEGORIES, None)))


def test_examples_of_the_documentation():
    result = doctest.testmod(forecast_category)
    assert result.attempted and not result.failed


def test_closed_cannot_be_chosen():
    assert set(CATEGORIES) - set(OPEN_CATEGORIES) == {"closed"}
    assert CATEGORIES == forecast_category.Category.__args__


@pytest.mark.parametrize(("stage", "choice"), CASES)
def test_outcome_counts_before_all_else(stage, choice):
    assert effective_category("won", stage, choice) == "closed"
    assert effective_category("lost", stage, choice) == "omitted"
    assert effective_category("archived", stage, choice) == "omitted"


@pytest.mark.parametrize(("stage", "choice"), CASES)
def test_a_choice_counts_before_the_stage(stage, choice):
    category = effective_category("open", stage, choice)
    assert category in CATEGORIES
    if choice:
        assert category == choice
    else:
        assert category == (stage or "pipeline")
