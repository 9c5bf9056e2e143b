"""Forecast categories: which one an opportunity is in, and what rolls up."""

from typing import Literal

Category = Literal[
    "omitted", "pipeline", "best_case", "most_likely", "commit", "closed"
]

#: From the least to the most certain.
CATEGORIES: tuple[Category, ...] = (
    "omitted",
    "pipeline",
    "best_case",
    "most_likely",
    "commit",
    "closed",
)
#: What a person may choose for an open opportunity: *closed* is earned by winning.
OPEN_CATEGORIES: tuple[Category, ...] = CATEGORIES[:-1]


def effective_category(
    status: str, stage_category: Category | None, override: Category | None
) -> Category:
    """The category that counts.

    Won is *closed*, lost and archived are *omitted*, whatever was said before;
    an open opportunity follows what a person chose, else its stage, else it is
    plain *pipeline*.

    >>> effective_category("open", "best_case", None)
    'best_case'
    >>> effective_category("open", "best_case", "commit")
    'commit'
    >>> effective_category("lost", "best_case", "commit")
    'omitted'
    >>> effective_category("won", None, "omitted")
    'closed'
    """
    if status == "won":
        return "closed"
    if status != "open":
        return "omitted"
    return override or stage_category or "pipeline"
