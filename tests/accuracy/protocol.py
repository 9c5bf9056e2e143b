"""The product's own engine as a company would run it, on deals of the past."""

import math
from dataclasses import replace
from datetime import date
from functools import partial

import engine_alone

from sales_opportunity_plus.engine.calibration import Rung, calibrate, combined
from sales_opportunity_plus.engine.cumulants import total
from sales_opportunity_plus.engine.feature import Feature, learn_coding
from sales_opportunity_plus.engine.forecast_error import (
    PastForecast,
    fresh,
    learn_error,
)
from sales_opportunity_plus.engine.forecast_range import range_of_deals
from sales_opportunity_plus.engine.look import FOLDS, ClockOpinion, Look, Looks, fold_of
from sales_opportunity_plus.engine.monthly_counts import MonthlyCounts
from sales_opportunity_plus.engine.projection import chance_in_period
from sales_opportunity_plus.engine.self_correction import Issued, corrected
from sales_opportunity_plus.engine.stage_clock import learn_clock
from sales_opportunity_plus.engine.stage_stay import LOST, WON, day_stays

assert engine_alone.ADDON
MONTH = 30.4
BASE = (
    Feature("stage", "category", (0,)),
    Feature("stage and days", "crossing", (0, 1)),
    Feature("days", "number", (1,)),
)


def features(kinds):
    """Those that every set has, and its own: {name: kind}."""
    own = (Feature(name, kind, (k,)) for k, (name, kind) in enumerate(kinds.items(), 2))
    return (*BASE, *own)


def rungs(count):
    everything = (0, *range(2, count))
    return (
        *(Rung("rate", ()), Rung("stage", (0,)), Rung("stage and days", (1,))),
        Rung("scorecard", everything),
    )


def _counts(deals, day):
    """Counts of the clock by fold, of what was known before a day."""
    folds = [MonthlyCounts() for _ in range(FOLDS)]
    for deal in deals:
        if deal.came < day:
            known = deal.closed is not None and deal.closed < day
            end = (int(deal.closed), WON if deal.won else LOST) if known else None
            moves = [(int(at), stage) for at, stage in deal.stages if at < day]
            folds[fold_of(deal.number)].add(day_stays(moves, end, day - 1))
    return folds


def _clock(counts):
    found = MonthlyCounts()
    for one in counts:
        found = found.plus(one)
    return learn_clock(found)


def _clock_without(counts, fold):
    return _clock(counts[:fold] + counts[fold + 1 :])


class Model:
    """What is learnt on a day from what was known before it."""

    def __init__(self, deals, day, row, kinds, snapshots):
        counts = _counts(deals, day)
        self.clock = _clock(counts)
        self.row = row
        looks = list(self._looks(deals, day, snapshots))
        codings = [
            learn_coding(feature, (look.values for look in looks))
            for feature in features(kinds)
        ]
        without = partial(_clock_without, counts)
        self.looks = Looks(codings, ClockOpinion(without, 0, 1)).add(looks)
        self.calibration = calibrate(self.looks, rungs(len(codings)))

    def _looks(self, deals, day, snapshots):
        for deal in deals:
            if deal.came >= day:
                continue
            known = deal.closed is not None and deal.closed < day
            months = (day - deal.closed) / MONTH if known else None
            won = float(deal.won) if known else self._ever(deal, day) or 0.0
            for at in snapshots:
                if at < day and deal.is_open(at):
                    yield Look(deal.number, self.row(deal, at), won, months)

    def _ever(self, deal, day):
        return self.clock.won_ever(*deal.stage_at(day))

    def chance(self, deal, day, clock=None):
        """P(ever won)."""
        ever = (clock or self.clock).won_ever(*deal.stage_at(day))
        score = self.calibration.scorecard
        said = score.log_odds(self.row(deal, day)) + score.shift
        return combined(said, ever, self.calibration.clock_share)


def phase(day):
    """How much of the calendar quarter is over."""
    today = date.fromordinal(day)
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    following = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return (day - first.toordinal()) / (following - first).days


def periods(deals, origins, days, row, kinds, snapshots):
    """At each origin: what comes in the next days from deals open at it."""
    model, issued, final, rows = None, [], [], []
    for number, day in enumerate(origins):
        if model is None or number % 4 == 0:
            model = Model(deals, day, row, kinds, snapshots)
        clock = _clock(_counts(deals, day))
        found = [deal for deal in deals if deal.is_open(day)]
        actual = _came(found, day + days)
        evenly, within = (
            [clock.won_within(*deal.stage_at(day), days, at) or 0.0 for deal in found]
            for at in (None, day - 1)
        )
        plain = [model.chance(deal, day, clock) for deal in found]
        chances = [
            chance_in_period(p, w, clock.won_ever(*deal.stage_at(day)))
            for p, w, deal in zip(plain, within, found, strict=True)
        ]
        said = (_worth(evenly, found), _worth(within, found))
        forecast = corrected(issued, day, phase(day), said)
        scale = forecast / max(_worth(chances, found), 1e-9)
        parts = [(p, d.value * scale) for p, d in zip(chances, found, strict=True)]
        spread = range_of_deals(parts, learn_error(_matured(final, day, days)))
        final.append((day + days, _past(forecast, actual, parts)))
        issued.append(Issued(day, day + days, phase(day), said, actual))
        rows.append(
            {
                "actual": actual,
                "range": (spread.p10, spread.p90, actual),
                "weighted sum, no timing": _worth(plain, found),
                "past share of open value": _past_share(rows, days, origins, found),
                "stage clock x score": _worth(chances, found),
                "stage clock": said[0],
                "stage clock by season": said[1],
                "stage clock + self-correction": forecast,
                "open": math.fsum(deal.value for deal in found),
            }
        )
    return rows


def _came(found, end):
    """What was won of these deals before a day."""
    return math.fsum(
        deal.facts.get("close_value", deal.value)
        for deal in found
        if deal.won and deal.closed is not None and deal.closed < end
    )


def _matured(final, day, days):
    return [
        replace(past, weight=fresh(day - end + days))
        for end, past in final
        if end <= day
    ]


def _past(forecast, actual, parts):
    return PastForecast(forecast, actual, total(parts).deviation ** 2)


def _worth(chances, deals):
    return math.fsum(p * d.value for p, d in zip(chances, deals, strict=True))


def _past_share(rows, days, origins, found):
    """The naive forecast: open value times what matured origins got of theirs."""
    day = origins[len(rows)]
    known = [r for at, r in zip(origins, rows, strict=False) if at + days <= day]
    share = sum(r["actual"] for r in known) / (sum(r["open"] for r in known) or 1.0)
    return share * math.fsum(deal.value for deal in found)
