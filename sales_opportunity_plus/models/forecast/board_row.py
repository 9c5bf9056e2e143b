"""The numbers of a row of the board, from what was added up in the engine."""

from ...engine.board import CATEGORIES, PROJECTED
from ...engine.forecast_range import range_of_deals, range_of_sums

#: From this share of the variance on, a deal is named.
LARGE = 0.3


def sums_of(figures, error):
    """What follows from the opportunities alone."""
    found = {
        name: figures.number(name)
        for name in (
            *("closed", "closed_count", "open_count", "open_total", "omitted"),
            *("overdue", "overdue_count", "rate_missing", "weighted"),
        )
    }
    found["category"] = {name: figures.number(name) for name in CATEGORIES}
    found["cumulative"] = {name: figures.cumulative(name) for name in CATEGORIES}
    found.update(range_of(figures, error))
    if figures.top_share >= LARGE:
        found["top"] = {"lead_id": figures.top[1], "share": figures.top_share}
    return found


def range_of(figures, error):
    """P10, P50 and P90 of what is open, with what is closed already.

    Of few deals it is worked out from each of them: they are too uneven for what their
    cumulants alone say of them.
    """
    if figures.deals is None:
        return range_of_many(figures, figures.cumulants, error)
    return _as_dict(range_of_deals(figures.deals, error, figures.number("closed")))


def range_of_many(figures, cumulants, error):
    """The same from summed cumulants, those of the figures or others.

    Where only amounts above zero are open, less than what is closed cannot come.
    """
    closed = figures.number("closed")
    found = _as_dict(range_of_sums(cumulants, error, closed))
    if all(figures.sum_of(name) >= 0 for name in CATEGORIES):
        found = {name: max(value, closed) for name, value in found.items()}
    return found


def _as_dict(spread):
    return {"p10": spread.p10, "p50": spread.p50, "p90": spread.p90}


def against_target(values, target):
    """Gap, attainment and coverage; None where there is no target to hold against."""
    if target is None:
        return dict.fromkeys(("target", "gap", "attainment", "coverage"))
    gap = target - values["closed"]
    return {
        "target": target,
        "gap": gap,
        "attainment": values["closed"] / target if target else None,
        # Who has reached the target needs no cover any more.
        "coverage": sum(values["category"].values()) / gap if gap > 0 else None,
    }


def projected(figures):
    return {name: figures.number(name) for name in PROJECTED}
