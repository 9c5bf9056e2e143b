from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..first_company import first_company
from . import forecast_statement_sql
from .crm_forecast_statement_take import KINDS


class CrmForecastStatement(models.Model):
    """The past: reconstructed from the pipeline history."""

    _name = "crm.forecast.statement"
    _inherit = ["crm.forecast.statement"]

    @api.model
    def _backfill(self, weeks=26):
        """Rebuild the Mondays of the weeks before; what is there stays.

        Amounts of the history are in the currency of the company already.
        """
        rows = []
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            today, _began = self.env["crm.pipeline.day"]._here(company)
            monday = today - timedelta(days=today.weekday())
            for week in range(1, weeks + 1):
                day = monday - timedelta(weeks=week)
                for kind in KINDS:
                    current = company._forecast_period(kind, day)
                    rows += [
                        (
                            company.id,
                            company.currency_id.id,
                            day,
                            kind,
                            period.start,
                            period.end,
                        )
                        for period in (current, current.following())
                    ]
        self.env.flush_all()
        if rows:
            self.env.cr.execute(
                forecast_statement_sql.backfill(rows, first_company(self.env).id)
            )
        self.invalidate_model(flush=False)
