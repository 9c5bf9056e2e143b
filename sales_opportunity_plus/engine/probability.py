"""Which of an opportunity's probabilities counts in the forecast."""

from collections.abc import Mapping, Sequence
from typing import Literal

Source = Literal["manual", "history", "stage", "odoo"]

#: Every source, in the order that counts where a team says nothing: what a person
#: knows, what the company's own closed deals say, what was fixed for the stage. Odoo's
#: probability is always there, so it comes last in any order.
DEFAULT_ORDER: tuple[Source, ...] = ("manual", "history", "stage", "odoo")


def complete_order(chosen: Sequence[Source]) -> tuple[Source, ...]:
    """The order of a team: what it chose, up to Odoo's, which ends every order.

    >>> complete_order([])
    ('manual', 'history', 'stage', 'odoo')
    >>> complete_order(["stage", "manual"])
    ('stage', 'manual', 'odoo')
    >>> complete_order(["stage", "odoo", "manual"])
    ('stage', 'odoo')
    """
    if not chosen:
        return DEFAULT_ORDER
    before = list(chosen)
    if "odoo" in before:
        before = before[: before.index("odoo")]
    return (*dict.fromkeys(before), "odoo")


def choose(
    order: Sequence[Source], values: Mapping[Source, float | None]
) -> tuple[Source, float]:
    """The first source in the order that has a value, and that value in percent.

    >>> choose(DEFAULT_ORDER, {"manual": None, "history": 42.0, "odoo": 10.0})
    ('history', 42.0)
    >>> choose(DEFAULT_ORDER, {})
    ('odoo', 0.0)
    """
    for source in order:
        value = values.get(source)
        if value is not None:
            return source, value
    return "odoo", 0.0
