"""Learn a scorecard from looks at deals, and hear what it says of deals held out.

Deals are in five folds; a score from four of them is asked about the fifth, in turn, or
for two of the folds where looks are many. What it says there is what a new deal can
expect, so choices are made on it and nothing else.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

from .additive_fit import Rows, fit_additive
from .look import Looks
from .scorecard import Part, Scorecard


@dataclass(frozen=True, slots=True)
class Fitted:
    """A score, and the log-odds it gave each look of the sample without its fold.

    Those of folds that were not asked are 0.
    """

    scorecard: Scorecard
    held_out: tuple[float, ...]


def fit_scorecard(looks: Looks, places: Sequence[int]) -> Fitted:
    """A score from the features in these places of the codings."""
    groups = _Groups(looks, places)
    found = fit_additive(groups.rows(without=None))
    parts = tuple(
        Part(
            looks.codings[place],
            tuple(looks.seen[place]),
            tuple(looks.seen_won[place]),
            effects,
        )
        for place, effects in zip(places, found.effects, strict=True)
    )
    score = Scorecard(found.intercept, parts)
    return Fitted(score, _held_out(looks, groups))


def _held_out(looks: Looks, groups: "_Groups") -> tuple[float, ...]:
    said = [0.0] * len(looks.fold)
    for fold in range(looks.asked):
        inside = [k for k, other in enumerate(looks.fold) if other == fold]
        if not inside:
            continue
        found = fit_additive(groups.rows(without=fold))
        of_group = found.log_odds(groups.columns, len(groups.total))
        for k in inside:
            said[k] = of_group[groups.of_look[k]]
    return tuple(said)


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
