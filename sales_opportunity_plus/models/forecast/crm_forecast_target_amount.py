from collections import defaultdict
from datetime import timedelta

from odoo import api, models

from ...engine.target import Target, amount_in, effective

#: No target is longer: what is farther away has nothing to do with a period.
LONGEST = timedelta(days=366)
_READ = (
    "company_id",
    "team_id",
    "user_id",
    "period_kind",
    "period_start",
    "period_end",
    "amount",
    "currency_id",
    "date_from",
    "date_to",
)


class CrmForecastTarget(models.Model):
    """What the targets come to in a period, of whatever length they are."""

    _name = "crm.forecast.target"
    _inherit = ["crm.forecast.target"]

    def _rounding(self):
        return self.currency_id.rounding or 1.0

    def _one(self):
        """The target for ``engine.target``, in whole units of its currency."""
        return Target(
            self.period_start,
            self.period_end,
            round((self.amount or 0) / self._rounding()),
            self.date_from or None,
            self.date_to or None,
            not self.is_off_calendar,
        )

    @api.model
    def _amounts(self, period, companies, measure):
        """Targets of a period that the user may read, by scope.

        The target of just these days counts; else the shorter ones in it, and of the
        longer ones what is left for the days without a shorter one.

        :param period: ``engine.period.Period``
        :param measure: one of ``FORECAST_MEASURES``
        :return: ``{(team_id, user_id): amount}``, 0 for none, in the currency of the
            current company; without those whose currency has no rate
        """
        targets = self.with_context(active_test=True).search_fetch(
            [
                ("company_id", "in", companies.ids),
                ("measure", "=", measure),
                ("period_start", "<=", period.end + LONGEST),
                ("period_end", ">=", period.start - LONGEST),
            ],
            _READ,
        )
        scopes = defaultdict(list)
        for target in targets:
            scopes[
                target.company_id.id,
                target.team_id.id or 0,
                target.user_id.id or 0,
                target.currency_id,
            ].append(target._one())
        factors = self._factors_of(targets.currency_id)
        amounts = defaultdict(float)
        for (_company_id, team_id, user_id, currency), own in scopes.items():
            units = amount_in(period.start, period.end, own)
            factor = factors[currency.id]
            if units is not None and factor is not None:
                amount = units * (currency.rounding or 1.0) * factor
                amounts[team_id, user_id] += amount
        digits = self.env.company.currency_id
        is_money = measure != "count"
        return {
            scope: digits.round(amount) if is_money else amount
            for scope, amount in amounts.items()
        }

    @api.model
    def _factors_of(self, currencies):
        """Factors to the current company's currency; what is counted has none."""
        return {False: 1.0} | self.env["crm.forecast.rate"]._factors(currencies)

    def _scope_key(self):
        records = self.company_id, self.team_id, self.user_id, self.currency_id
        return (self.measure, *(one._origin.id for one in records))

    def _scopes(self):
        """The targets of the scopes of these: ``{scope: {id: engine's target}}``."""
        found = defaultdict(dict)
        dated = self.filtered(lambda one: one.period_start and one.period_end)
        if dated:
            others = self.with_context(active_test=True).search_fetch(
                [
                    ("company_id", "in", dated.company_id._origin.ids),
                    ("measure", "in", dated.mapped("measure")),
                    ("period_start", "<=", max(dated.mapped("period_end"))),
                    ("period_end", ">=", min(dated.mapped("period_start"))),
                ],
                (*_READ, "measure"),
            )
            for other in others:
                found[other._scope_key()][other.id] = other._one()
        return found

    def _effective_units(self, scopes):
        """Whole units of this target that count.

        :param scopes: what ``_scopes`` returned
        """
        if not self.period_start or not self.period_end:
            return 0
        own = self._one()
        others = {**scopes.get(self._scope_key(), {}), self._origin.id: own}
        return effective(own, list(others.values()))
