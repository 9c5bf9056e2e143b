"""The waterfall: what happened to a pipeline between two days, to the cent.

A *scope* says what is looked at: some companies, teams and persons, some categories,
some expected closings, and a measure. The *pipeline* of a day is the open deals that
the scope holds on that day, each with its value: amount at the rate of that day,
weighted by the probability where the measure says so (an omitted deal then counts
nothing). Opening and closing are the pipelines of the two days.

Between them each deal takes one path of steps whose values add up to the difference
that it makes, so that nothing is left over for any scope. In the order of precedence:

1. A deal that was not there on the first day, or not as an opportunity, is **new**; one
   that was won, lost or archived on the first day is **reopened**. It arrives with its
   value of the second day.
2. A deal that is not there on the second day (deleted, merged, archived) is
   **removed** with its value of the first day, wherever it was moved before.
3. A deal that moved across the bounds of the scope leaves with its value of the first
   day, and arrives with the same. What it moved by is the first of these that differs:

   * **owner out**, **owner in**: company, team or person;
   * **category**;
   * the expected closing: **pushed out** to later than the period or to no day,
     **pulled out** to earlier than it; **pushed in** from earlier, **pulled in** from
     later or from no day.

4. What changed in the value of a deal that stayed, or that arrived by 3, in this order:
   **currency** (another rate, and another currency as a whole), **amount up**, **amount
   down**, and for a weighted measure **probability** and **category** (omitted or not).
5. A deal that was **won** or **lost** leaves with the value that it had come to. What
   follows from the outcome alone is no change: it leaves with the probability and the
   category that it had when it was open. A won deal is expected on the day it was won.
   One that was not there, or not in the scope, before arrives by 1 or 3 first.

So owner out of one person is owner in of another, to the cent, and the waterfalls of
the parts of a scope add up to that of the whole but for what moved between them.

A scope may be *split*: each part is then a scope of its own, and moves between the
parts are seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal, NamedTuple

Bar = Literal[
    "opening",
    "new",
    "reopened",
    "owner_in",
    "pulled_in",
    "pushed_in",
    "amount_up",
    "amount_down",
    "probability",
    "category",
    "currency",
    "won",
    "lost",
    "owner_out",
    "pushed_out",
    "pulled_out",
    "removed",
    "closing",
]

#: In the order in which they are shown.
BARS: tuple[Bar, ...] = Bar.__args__  # type: ignore[attr-defined]

Split = Literal["none", "company", "team", "person", "category", "month"]
Measure = Literal["amount", "weighted"]

#: Never rounds a product of amount, rate and probability.
_EXACT = Context(prec=200, rounding=ROUND_HALF_UP)
_NEVER = date(1, 1, 1)


@dataclass(frozen=True)
class Deal:
    """An opportunity as it was at the end of a day."""

    status: Literal["open", "won", "lost", "archived"]
    amount: Decimal
    currency: int = 0
    #: Percent.
    probability: Decimal = Decimal(100)
    category: str = "pipeline"
    company: int = 0
    team: int = 0
    person: int = 0
    deadline: date | None = None
    closed: date | None = None

    @property
    def expected(self) -> date | None:
        return (self.closed or self.deadline) if self.status == "won" else self.deadline


@dataclass(frozen=True)
class Scope:
    """What is looked at; ``None`` is anything. The period's bounds are in it."""

    companies: frozenset[int] | None = None
    teams: frozenset[int] | None = None
    persons: frozenset[int] | None = None
    categories: frozenset[str] | None = None
    first: date | None = None
    last: date | None = None
    split: Split = "none"
    measure: Measure = "amount"
    digits: int = 2


class Rates(NamedTuple):
    """Factors to the currency of the waterfall, by currency; unknown counts nothing."""

    before: Mapping[int, Decimal]
    after: Mapping[int, Decimal]


class Place(NamedTuple):
    """Where a deal is in a scope, by criterion; ``None``: not in it."""

    holder: int | None
    category: str | None
    period: date | None

    @property
    def inside(self) -> bool:
        return None not in self


class Step(NamedTuple):
    """A part of the way of a deal, in the part of the scope where it happened."""

    bar: Bar
    place: Place
    value: Decimal


def place(deal: Deal, scope: Scope) -> Place:
    """Where a deal is in a scope."""
    return Place(_holder(deal, scope), _category(deal, scope), _period(deal, scope))


def _holder(deal: Deal, scope: Scope) -> int | None:
    wanted = (
        (deal.company, scope.companies),
        (deal.team, scope.teams),
        (deal.person, scope.persons),
    )
    if any(among is not None and one not in among for one, among in wanted):
        return None
    by_split = {"company": deal.company, "team": deal.team, "person": deal.person}
    return by_split.get(scope.split, 0)


def _category(deal: Deal, scope: Scope) -> str | None:
    if scope.categories is not None and deal.category not in scope.categories:
        return None
    return deal.category if scope.split == "category" else ""


def _period(deal: Deal, scope: Scope) -> date | None:
    expected = deal.expected
    if scope.first and not (expected and expected >= scope.first):
        return None
    if scope.last and not (expected and expected <= scope.last):
        return None
    if scope.split == "month" and expected:
        return expected.replace(day=1)
    return _NEVER


def value(deal: Deal, factors: Mapping[int, Decimal], scope: Scope) -> Decimal:
    """What a deal counts, rounded half away from zero as PostgreSQL does.

    >>> value(Deal("open", Decimal("10.05"), 1), {1: Decimal("0.5")}, Scope())
    Decimal('5.03')
    """
    factor = factors.get(deal.currency, Decimal(0))
    result = _EXACT.multiply(deal.amount, factor)
    if scope.measure == "weighted":
        counted = Decimal(0) if deal.category == "omitted" else deal.probability
        result = _EXACT.multiply(result, _EXACT.divide(counted, Decimal(100)))
    return result.quantize(Decimal(1).scaleb(-scope.digits), context=_EXACT)


def steps(
    before: Deal | None, after: Deal | None, rates: Rates, scope: Scope
) -> list[Step]:
    """The way of one deal, opening and closing included."""
    was_open = before is not None and before.status == "open"
    old = before if was_open else None
    found: list[Step] = []
    if old and (here := place(old, scope)).inside:
        found.append(Step("opening", here, value(old, rates.before, scope)))
    if after is None or after.status == "archived":
        found += [Step("removed", one.place, -one.value) for one in found]
    elif old:
        found += _from_open(old, _at_last(old, after), rates, scope)
    elif not before or before.status != after.status:
        found += _from_outside(before, after, rates, scope)
    return found


def _at_last(old: Deal, after: Deal) -> Deal:
    """The second state, without what an outcome does to probability and category."""
    if after.status == "open":
        return after
    return replace(after, probability=old.probability, category=old.category)


def _from_outside(
    before: Deal | None, after: Deal, rates: Rates, scope: Scope
) -> list[Step]:
    here, worth = place(after, scope), value(after, rates.after, scope)
    if not here.inside:
        return []
    kind: Bar = "reopened" if before else "new"
    return [Step(kind, here, worth), _end(after, here, worth)]


def _from_open(old: Deal, new: Deal, rates: Rates, scope: Scope) -> list[Step]:
    there, here = place(old, scope), place(new, scope)
    worth, found = value(old, rates.before, scope), []
    if there != here:
        out, into = _crossing(there, here, old, new)
        if there.inside:
            found.append(Step(out, there, -worth))
        if here.inside:
            found.append(Step(into, here, worth))
    if here.inside:
        found += _changes(old, new, rates, scope, here)
        found.append(_end(new, here, value(new, rates.after, scope)))
    return found


def _end(deal: Deal, here: Place, worth: Decimal) -> Step:
    if deal.status == "open":
        return Step("closing", here, worth)
    return Step("won" if deal.status == "won" else "lost", here, -worth)


def _crossing(there: Place, here: Place, old: Deal, new: Deal) -> tuple[Bar, Bar]:
    """By what a deal moved: the bar where it left, and where it arrived."""
    if there.holder != here.holder:
        return "owner_out", "owner_in"
    if there.category != here.category:
        return "category", "category"
    if (new.expected or date.max) > (old.expected or date.max):
        return "pushed_out", "pushed_in"
    return "pulled_out", "pulled_in"


def _changes(
    old: Deal, new: Deal, rates: Rates, scope: Scope, here: Place
) -> Iterable[Step]:
    """What changed in the value, one thing after the other."""
    one = old
    worth = value(one, rates.before, scope)
    moved = replace(one, currency=new.currency)
    if new.currency != old.currency:
        moved = replace(moved, amount=new.amount)
    states: list[tuple[Bar, Deal]] = [("currency", moved)]
    moved = replace(moved, amount=new.amount)
    states.append(("amount_up", moved))
    moved = replace(moved, probability=new.probability)
    states.append(("probability", moved))
    states.append(("category", replace(moved, category=new.category)))
    for bar, state in states:
        change = value(state, rates.after, scope) - worth
        if change:
            if bar == "amount_up" and change < 0:
                bar = "amount_down"
            yield Step(bar, here, change)
        worth += change


def waterfall(
    pairs: Iterable[tuple[Deal | None, Deal | None]], rates: Rates, scope: Scope
) -> dict[tuple[Place, Bar], Decimal]:
    """The sum of each bar, by part of the scope."""
    totals: dict[tuple[Place, Bar], Decimal] = {}
    for before, after in pairs:
        for bar, here, worth in steps(before, after, rates, scope):
            totals[here, bar] = totals.get((here, bar), Decimal(0)) + worth
    return totals
