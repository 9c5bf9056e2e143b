from datetime import timedelta

from odoo import api, models

from ...engine.forecast_error import (
    ForecastError,
    PastForecast,
    fresh,
    learn_from_statements,
)
from ...engine.period import period_of
from ...engine.self_correction import Correction, Issued, learn_correction
from ..first_company import first_company
from ..selections import STATEMENT_MEASURES
from . import forecast_proof_sql

MEASURES = tuple(measure for measure, _label in STATEMENT_MEASURES)
#: Days after a period in which what came may change: wins are entered late.
LATE = 60
#: Days after which a period teaches nothing any more.
OLDEST = 1096
#: Days for which what a week's statement says of a period stands.
STANDS = 14


class CrmForecastStatement(models.Model):
    """What past statements teach the next ones, by what came of them."""

    _name = "crm.forecast.statement"
    _inherit = ["crm.forecast.statement"]

    @api.model
    def _keep_actuals(self, days):
        """Hold the statements of whole companies against what came: ``{company: day}``.

        A board asks for what was learnt each time that it is opened: what came is
        summed up once a week.
        """
        days = {company.id: day for company, day in days.items()}
        first_id = first_company(self.env).id
        self.env.cr.execute(forecast_proof_sql.came(days, MEASURES, LATE, first_id))

    @api.model
    def _error(
        self, company, kind, method, measure="revenue", period_end=None, day=None
    ):
        """How far forecasts were beside, beyond the luck of single opportunities.

        Learnt from the company's own, made about as long before the end of their
        period; as long as few have matured it is close to what is assumed. It is of
        what was still open: what is closed is sure.

        :return: ``engine.forecast_error.ForecastError``; ``n`` periods taught it
        """
        day = day or self._today(company)
        if measure not in MEASURES:
            return ForecastError()
        past = {True: {}, False: {}}
        for row in self._nearest(company, kind, measure, method, period_end, day):
            past[row["is_reconstructed"]][row["period_start"]] = PastForecast(
                float(row["amount"] - row["closed"]),
                float(row["actual"] - row["closed"]),
                row["variance"],
                fresh((day - row["period_end"]).days),
            )
        live, rebuilt = past[False], past[True]
        more = [one for start, one in rebuilt.items() if start not in live]
        return learn_from_statements(list(live.values()), more)

    @api.model
    def _learn_correction(self, company, period, measure, day, coming):
        """What past projections of a company teach about one of today.

        :param coming: what is still to come by the clock, not corrected
        :return: ``engine.self_correction.Correction`` or None
        """
        rows = self._nearest(
            *(company, period.kind, measure, "projection", period.end, day)
        )
        past = [self._issued(company, row) for row in rows]
        phase = self._phase(company, day)
        return learn_correction(past, day.toordinal(), phase, [coming])

    @api.model
    def _issued(self, company, row):
        amount = row["uncorrected"] if row["uncorrected"] is not None else row["amount"]
        return Issued(
            row["day"].toordinal(),
            row["period_end"].toordinal() + 1,
            self._phase(company, row["day"]),
            (float(amount - row["closed"]),),
            float(row["actual"] - row["closed"]),
        )

    @api.model
    def _correction(self, period, companies, measure):
        """The correction in which the last statements of a period agree, or None."""
        self.flush_model()
        since = self._today(self.env.company) - timedelta(days=STANDS)
        rows = self.env.execute_query_dict(
            forecast_proof_sql.corrected(companies.ids, period, measure, since)
        )
        rates = self.env["crm.forecast.rate"]._factors()
        shown = uncorrected = 0.0
        for row in rows:
            rate = rates.get(row["currency_id"])
            if rate is not None and row["uncorrected"] is not None:
                shown += float(row["shown"]) * float(rate)
                uncorrected += float(row["uncorrected"]) * float(rate)
        if not uncorrected or shown == uncorrected:
            return None
        return Correction(shown / uncorrected, max(row["periods"] for row in rows))

    @api.model
    def _nearest(self, company, kind, measure, method, period_end, day):
        period_end = period_end or company._forecast_period(kind, day).end
        ahead = (period_end - day).days
        return self.env.execute_query_dict(
            forecast_proof_sql.nearest(
                *(company.id, kind, measure, method, day, ahead, OLDEST)
            )
        )

    @api.model
    def _phase(self, company, day):
        """How much of the quarter was over, 0 to 1."""
        first_month = int(company.sudo().forecast_first_month)
        quarter = period_of(day, "quarter", first_month)
        return (day - quarter.start).days / quarter.days

    @api.model
    def _today(self, company):
        return self.env["crm.pipeline.day"]._here(company)[0]
