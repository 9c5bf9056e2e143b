"""What the forecast board is asked for: a period, a measure, a choice of deals."""

from dataclasses import dataclass
from datetime import date

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.period import Period
from ..selections import FORECAST_MEASURES, PERIOD_KINDS

#: A board may be filtered by these and still be held against targets and calls.
SCOPE_FIELDS = {"team_id", "user_id"}
FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class BoardOptions:
    period: Period
    today: date
    measure: str
    domain: Domain

    @property
    def is_current(self):
        return self.today in self.period

    @property
    def is_by_scope(self):
        """Whether only teams and people are chosen, not single deals of theirs."""
        return {
            condition.field_expr.split(".")[0]
            for condition in self.domain.iter_conditions()
        } <= SCOPE_FIELDS

    def as_dict(self):
        return {
            "kind": self.period.kind,
            "day": fields.Date.to_string(self.period.start),
            "measure": self.measure,
        }


def parsed(env, options):
    """The options of a client.

    :raises UserError: for what is no period, measure or condition
    """
    options = options or {}
    if not isinstance(options, dict):
        raise UserError(
            env._(
                "The forecast board was asked for %s. Give it a dictionary with kind, "
                "day, measure and domain.",
                options,
            )
        )
    kind = _one_of(env, options.get("kind") or "month", PERIOD_KINDS, "kind")
    measure = _one_of(
        env, options.get("measure") or "revenue", FORECAST_MEASURES, "measure"
    )
    today, _began = env["crm.pipeline.day"]._here(env.company)
    day = _day(env, options.get("day")) or today
    return BoardOptions(
        env.company._forecast_period(kind, day),
        today,
        measure,
        _domain(env, options.get("domain") or []),
    )


def _one_of(env, value, selection, name):
    if value not in [key for key, _label in selection]:
        raise UserError(
            env._(
                "The forecast board has no %(name)s “%(value)s”. Choose one of: "
                "%(known)s.",
                name=name,
                value=value,
                known=", ".join(key for key, _label in selection),
            )
        )
    return value


def _day(env, text):
    try:
        day = text and date.fromisoformat(text)
    except (TypeError, ValueError):
        day = None
    if text and not (day and FIRST <= day <= LAST):
        raise UserError(
            env._(
                "The forecast board was asked for the day “%s”. Give a date such as "
                "2026-11-24.",
                text,
            )
        )
    return day


def _domain(env, given):
    try:
        domain = Domain(given)
        domain.validate(env["crm.lead"])
    except Exception as error:
        # Whatever is wrong with it: the client sent no condition on opportunities.
        raise UserError(
            env._(
                "The filter %(given)s is not a condition on opportunities: %(error)s. "
                "Remove it and choose another one.",
                given=given,
                error=error,
            )
        ) from error
    return domain
