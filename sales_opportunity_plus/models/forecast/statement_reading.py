"""What every method says of a period of one company, by scope, as it stands now."""

from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from ...engine.board import Figures, figures_of
from ...engine.forecast_category import OPEN_CATEGORIES
from ...engine.probability import DEFAULT_ORDER
from . import board_row

#: What a source alone says is written down of revenue; by hand few are entered.
SOURCES = tuple(name for name in DEFAULT_ORDER if name != "manual")


class Said(NamedTuple):
    """What a method says; a range and its variance where it has one."""

    amount: float
    closed: float = 0.0
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None
    variance: float | None = None

    def moved(self, by):
        """So much more, the range with it."""
        spread = {
            name: value + by
            for name, value in self._asdict().items()
            if name in ("p10", "p50", "p90") and value is not None
        }
        return self._replace(amount=self.amount + by, **spread)


def ranged(figures, amount, error, cumulants=None):
    """An amount with the range of what is open; none where nothing is uncertain."""
    if cumulants is None:
        cumulants, spread = figures.cumulants, board_row.range_of(figures, error)
    else:
        spread = board_row.range_of_many(figures, cumulants, error)
    if spread["p10"] == spread["p90"]:
        spread = {}
    return Said(
        amount, figures.number("closed"), **spread, variance=cumulants.deviation**2
    )


def scopes_of(team_id, user_id):
    """The person, his team and the company, each of them once."""
    return {(team_id, user_id), (team_id, 0), (0, 0)}


class StatementReading:
    """One period and measure, each opportunity looked at once for all methods."""

    def __init__(self, env, company, period, day, measure):
        self.env = env(su=True)
        self.company, self.period = company, period
        self.day, self.measure = day, measure
        self.rollup = self.env["crm.forecast.rollup"].with_company(company)
        self.statements = self.env["crm.forecast.statement"]
        #: ``{scope: {method: Said}}``
        self.said = defaultdict(dict)

    def methods(self):
        lines = self._lines()
        figures = summed({scope: figures_of(line) for scope, line in lines.items()})
        self.figures = figures
        self._of_opportunities()
        if self.measure == "revenue":
            self._of_sources(lines)
        self._of_projection()
        self._of_adjustments(lines)
        # Whom a method does not name, it forecasts nothing of.
        names = {name for methods in self.said.values() for name in methods}
        for methods in self.said.values():
            for name in names - methods.keys():
                methods[name] = Said(0.0)
        self._of_calls()
        return self.said

    def _lines(self):
        lines = self.rollup._rollup(
            *(self.period, self.company, self.measure),
            has_sources=self.measure == "revenue",
        )
        # Nothing forecast is a forecast, too: of 0.
        return {(0, 0): {}} | {(one["team_id"], one["user_id"]): one for one in lines}

    def _error(self, method):
        asked = self.company, self.period.kind, method, self.measure
        return self.statements._error(*asked, self.period.end, self.day)

    def _put(self, scope, method, said):
        self.said[scope][method] = said

    def _of_opportunities(self):
        error = self._error("weighted")
        for scope, figures in self.figures.items():
            closed = figures.number("closed")
            weighted = closed + figures.number("weighted")
            self._put(scope, "weighted", ranged(figures, weighted, error))
            for category in ("commit", "best_case"):
                amount = figures.cumulative(category)
                self._put(scope, category, Said(amount, closed))

    def _of_sources(self, lines):
        for name in SOURCES:
            if not any(line.get(f"known_{name}") for line in lines.values()):
                continue
            keys = {"weighted": f"weighted_{name}"}
            keys |= {f"k{order}": f"k{order}_{name}" for order in (1, 2, 3, 4)}
            error = self._error(name)
            own = summed(
                {
                    scope: figures_of({key: line.get(of) for key, of in keys.items()})
                    for scope, line in lines.items()
                }
            )
            for scope, figures in self.figures.items():
                amount = figures.number("closed") + own[scope].number("weighted")
                said = ranged(figures, amount, error, own[scope].cumulants)
                self._put(scope, name, said)

    def _of_projection(self):
        asked = self.period, self.company, self.measure
        found = self.rollup._uncorrected(*asked, has_cumulants=True)
        self._of_yardsticks(found or self.rollup._naive(*asked))
        if not found:
            return
        projected = summed({scope: _projected(line) for scope, line in found.items()})
        whole = projected[0, 0]
        coming = whole.number("projection") - whole.number("closed")
        correction = self.statements._learn_correction(
            self.company, self.period, self.measure, self.day, coming
        )
        error = self._error("projection")
        if correction:
            # What past projections missed by is in the amount already.
            error = replace(error, mean=0.0)
        factor = correction.factor if correction else 1.0
        for scope in self.figures.keys() | projected.keys():
            figures = projected.get(scope, Figures())
            closed, amount = figures.number("closed"), figures.number("projection")
            corrected = closed + (amount - closed) * factor
            cumulants = figures.cumulants.times(factor)
            said = ranged(figures, corrected, error, cumulants)
            self._put(scope, "projection", said)
            if correction:
                self._put(scope, "uncorrected", Said(amount, closed))

    def _of_yardsticks(self, lines):
        found = summed({scope: figures_of(line) for scope, line in lines.items()})
        names = ["naive_run_rate"]
        # Where nobody won anything a year before, there is nothing to compare with.
        if (0, 0) in found and found[0, 0].number("naive_last"):
            names.append("naive_last")
        for scope in self.figures.keys() | found.keys():
            closed = self.figures.get(scope, Figures()).number("closed")
            for name in names:
                amount = found.get(scope, Figures()).number(name)
                self._put(scope, name, Said(amount, closed))

    def _of_adjustments(self, lines):
        """With what managers said of it, in periods of which they said anything."""
        adjustments = self.env["crm.forecast.adjustment"].with_company(self.company)
        known = [
            {"team_id": team_id, "user_id": user_id}
            | {name: line.get(name, 0) for name in OPEN_CATEGORIES}
            for (team_id, user_id), line in lines.items()
        ]
        asked = known, self.period, self.company, self.measure
        changes = defaultdict(float)
        for one in adjustments._rolled_up(*asked).values():
            named = {**one.people}
            named |= {(team_id, 0): team for team_id, team in one.teams.items()}
            named[0, 0] = one.company
            for scope, adjusted in named.items():
                changes[scope] += float(adjusted.total - adjusted.base)
        if not any(changes.values()):
            return
        for scope in self.figures.keys() | changes.keys():
            said = self.said[scope].get("weighted", Said(0.0))
            self._put(scope, "adjusted", said.moved(changes[scope]))

    def _of_calls(self):
        """The last ones, of the places that somebody called for."""
        calls = self.env["crm.forecast.call"].with_company(self.company)
        last = calls._last(self.period, self.company, self.measure)
        for scope, call in last.items():
            if call["amount"] is not None:
                closed = self.figures.get(scope, Figures()).number("closed")
                self._put(scope, "call", Said(float(call["amount"]), closed))


def summed(lines):
    """``{scope: Figures}`` of persons, with those of teams and the company."""
    found = defaultdict(Figures)
    for scope, figures in lines.items():
        for above in scopes_of(*scope):
            found[above] += figures
    return dict(found)


def _projected(line):
    cumulants = {f"k{n}": one for n, one in enumerate(line["cumulants"], 1)}
    return figures_of({**line, **cumulants})
