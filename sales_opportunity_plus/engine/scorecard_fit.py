"""Learn a scorecard from looks at deals, and hear what it says of deals held out.

Deals are in five folds; a score from four of them is asked about the fifth, in turn, or
for two of the folds where looks are many. What it says there is what a new deal can
expect, so choices are made on it and nothing else.
"""

import math
from array import array
from collections.abc import Sequence
from itertools import compress

from .additive_fit import Rows, fit_additive
from .look import Looks
from .scorecard import Part, Scorecard


class Fit:
    """A score to be fitted on the features in some places of the codings."""

    def __init__(self, looks: Looks, places: Sequence[int]) -> None:
        self._looks, self._places = looks, places
        self._groups = _Groups(looks, places)

    def scorecard(self) -> Scorecard:
        """What all looks teach."""
        groups, codings = self._groups, self._looks.codings
        found = fit_additive(groups.rows(without=None))
        closed, won = groups.closed()
        parts = tuple(
            Part(
                codings[place],
                _by_case(column, closed, codings[place].size),
                _by_case(column, won, codings[place].size),
                effects,
            )
            for place, column, effects in zip(
                self._places, groups.columns, found.effects, strict=True
            )
        )
        return Scorecard(found.intercept, parts)

    def held_out(self, asked: Sequence[int]) -> list[float]:
        """The log-odds of looks, each from a score that knows nothing of its fold."""
        groups, fold_of = self._groups, self._looks.fold
        said = {}
        for fold in {fold_of[k] for k in asked}:
            found = fit_additive(groups.rows(without=fold))
            said[fold] = found.log_odds(groups.columns, len(groups.total))
        return [said[fold_of[k]][groups.of_look[k]] for k in asked]


def _by_case(
    column: Sequence[int], counts: Sequence[int], size: int
) -> tuple[int, ...]:
    """Sums of the counts by code."""
    sums = [0] * (size + 1)  # the last one is UNSEEN's
    for code, count in zip(column, counts, strict=True):
        sums[code] += count
    return tuple(sums[:-1])


class _Groups:
    """Looks with the same codes are one row that weighs more."""

    def __init__(self, looks: Looks, places: Sequence[int]) -> None:
        count = len(looks.fold)
        chosen = [looks.codes[place] for place in places]
        keys = zip(*chosen, strict=True) if chosen else iter([()] * count)
        numbers: dict[tuple[int, ...], int] = {}
        self.of_look = array(
            "i", [numbers.setdefault(key, len(numbers)) for key in keys]
        )
        self.columns = list(map(list, zip(*numbers, strict=True)))
        self.sizes = [looks.codings[place].size for place in places]
        self.total, self.won = [0.0] * len(numbers), [0.0] * len(numbers)
        self._looks = looks
        for group, won in zip(self.of_look, looks.won, strict=True):
            self.total[group] += 1.0
            self.won[group] += won

    def closed(self) -> tuple[list[int], list[int]]:
        """Looks at closed deals, and at won ones."""
        closed, won = [0] * len(self.total), [0] * len(self.total)
        looks = self._looks
        for group, months, share in zip(
            self.of_look, looks.months, looks.won, strict=True
        ):
            if not math.isnan(months):
                closed[group] += 1
                won[group] += share > 0.5
        return closed, won

    def rows(self, without: int | None) -> Rows:
        """Of all looks, or without those of a fold."""
        counts, won, columns = self.total, self.won, self.columns
        if without is not None:
            counts, won = [*counts], [*won]
            looks = self._looks
            for group, fold, one in zip(
                self.of_look, looks.fold, looks.won, strict=True
            ):
                if fold == without:
                    counts[group] -= 1.0
                    won[group] -= one
            columns = [list(compress(column, counts)) for column in columns]
            won = list(compress(won, counts))
            counts = list(compress(counts, counts))
        # The sample stands for all deals, up to what LIMIT lets it know.
        weight = self._looks.per_deal
        return Rows(
            columns=[*columns],
            sizes=self.sizes,
            won=[
                min(max(w / count, 0.0), 1.0)
                for w, count in zip(won, counts, strict=True)
            ],
            weights=[count * weight for count in counts],
        )
