"""What counts as the chance of a deal, chosen by what was said of deals held out.

Rungs from the simple to the rich, say the overall rate, the stage, stage × days, all
features. A rung needs closed deals, and what it said of held-out deals must have been
better than what the rungs below said; else those count. Then the stage clock, which
sees where open deals are, is given the say in it that was best for the same deals.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .accuracy import outcome_accuracy
from .log_odds import logit, sigmoid
from .look import Looks
from .recent_shift import Outcome, proven_shift
from .scorecard import Scorecard
from .scorecard_fit import Fit

#: Closed deals that a rung needs which looks at anything.
NEEDED = 50
#: How much of the say the clock may get.
SHARES = (0.0, 0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Rung:
    """A name and the places of the features that it looks at."""

    name: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """How a rung did on deals held out; without figures where there were too few.

    Rungs are compared by their log loss; what counts has all figures.
    """

    rung: str
    closed: int
    needed: int
    n: int = 0
    brier: float | None = None
    log_loss: float | None = None
    auc: float | None = None
    ece: float | None = None
    ece_by_chance: float | None = None

    @property
    def is_enough(self) -> bool:
        return self.closed >= self.needed


@dataclass(frozen=True, slots=True)
class Calibration:
    """The score that counts and the clock's share of the say.

    Without any closed deal there is no score and no rung. ``quality`` is that of what
    counts, score and clock together; ``qualities`` are those of the rungs alone.
    """

    scorecard: Scorecard | None
    rung: str | None
    clock_share: float
    closed: int
    won: int
    quality: Quality | None
    qualities: tuple[Quality, ...]


def combined(log_odds: float, clock_chance: float | None, share: float) -> float:
    """The probability when the clock has this share of the say (in log-odds).

    >>> combined(0.0, 0.1, 0.0), round(combined(0.0, 0.1, 0.5), 2)
    (0.5, 0.25)
    """
    if clock_chance is None or not share:
        return sigmoid(log_odds)
    return sigmoid((1.0 - share) * log_odds + share * logit(clock_chance))


def calibrate(looks: Looks, rungs: Sequence[Rung], needed: int = NEEDED) -> Calibration:
    """Fit the rungs and choose; the first rung looks at nothing."""
    counts = looks.closed, looks.won_deals
    facts = looks.asked_places()
    won = [looks.won[k] > 0.5 for k in facts]
    best: tuple[Quality, Fit, list[float]] | None = None
    qualities = []
    for rung in rungs:
        wanted = needed if rung.places else 1
        if looks.closed < wanted or not facts:
            qualities.append(Quality(rung.name, looks.closed, wanted))
            continue
        fit = Fit(looks, rung.places)
        said = fit.held_out(facts)
        loss = math.fsum(_losses(said, won)) / len(won)
        quality = Quality(rung.name, looks.closed, wanted, len(won), log_loss=loss)
        qualities.append(quality)
        if best is None or _loss(quality) < _loss(best[0]):
            best = (quality, fit, said)
    if best is None:
        return Calibration(None, None, 0.0, *counts, None, tuple(qualities))
    quality, fit, said = best
    clock = looks.clock_log_odds(facts)
    share = 0.0
    if quality.closed >= needed:
        share = _clock_share(said, clock, won, looks.per_deal)
    said = _mixed(said, clock, share)
    months = [looks.months[k] for k in facts]
    shift = _shift(looks.per_deal, said, won, months)
    # The clock's share of the say must not thin the shift out.
    score = fit.scorecard().shifted(shift / (1.0 - share))
    quality = _quality(quality.rung, looks.closed, quality.needed, said, won)
    return Calibration(score, quality.rung, share, *counts, quality, tuple(qualities))


def _loss(quality: Quality) -> float:
    return math.inf if quality.log_loss is None else quality.log_loss


def _mixed(said: list[float], clock: list[float], share: float) -> list[float]:
    return [
        s if math.isnan(c) else (1.0 - share) * s + share * c
        for s, c in zip(said, clock, strict=True)
    ]


def _clock_share(
    said: list[float], clock: list[float], won: list[bool], weight: float
) -> float:
    """The smallest share that was not clearly worse than the best one.

    Clearly is by more than one standard error, where looks at one deal are one.
    """
    losses = [_losses(_mixed(said, clock, share), won) for share in SHARES]
    best = min(losses, key=math.fsum)
    n = len(won)
    for share, loss in zip(SHARES, losses, strict=True):
        apart = [mine - least for mine, least in zip(loss, best, strict=True)]
        mean = math.fsum(apart) / n
        square = math.fsum(one * one for one in apart) / n - mean * mean
        if mean <= math.sqrt(max(square, 0.0) / max(n * weight, 1.0)):
            return share
    return 0.0


def _losses(said: list[float], won: list[bool]) -> list[float]:
    """−log likelihood of each outcome."""
    return [
        max(score, 0.0) + math.log1p(math.exp(-abs(score))) - outcome * score
        for score, outcome in zip(said, won, strict=True)
    ]


def _shift(
    weight: float, said: list[float], won: list[bool], months: list[float]
) -> float:
    return proven_shift(
        [
            Outcome(log_odds, outcome, ago, weight)
            for log_odds, outcome, ago in zip(said, won, months, strict=True)
        ]
    )


def _quality(
    rung: str, closed: int, needed: int, said: list[float], won: list[bool]
) -> Quality:
    found = outcome_accuracy(list(zip(map(sigmoid, said), won, strict=True)))
    return Quality(
        rung=rung,
        closed=closed,
        needed=needed,
        n=found.n,
        brier=found.brier,
        log_loss=found.log_loss,
        auc=found.auc,
        ece=found.ece,
        ece_by_chance=found.ece_by_chance,
    )
