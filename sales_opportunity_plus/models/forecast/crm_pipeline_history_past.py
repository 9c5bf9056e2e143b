from odoo import api, models
from odoo.fields import Domain

from ..first_company import first_company
from . import pipeline_backfill_sql, pipeline_history_sql

_TRACKED = ("expected_revenue", "date_deadline", "probability", "user_id")


class CrmPipelineHistory(models.Model):
    """The past: reconstructed at installation."""

    _name = "crm.pipeline.history"
    _inherit = ["crm.pipeline.history"]

    @api.model
    def _backfill(self):
        """Rebuild the history of opportunities that have none, and take today.

        Stages and outcomes come from the stage history, which is rebuilt before;
        expected revenue, salesperson, and, where a customer tracks them, expected
        closing and probability come from Odoo's tracking values; the rest is as it is
        today. What was changed without tracking changes on the day of the installation.
        """
        self.env.flush_all()
        fields = self.env["ir.model.fields"]
        day = self.env["crm.pipeline.day"]
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        today = {company: (day._here(company)[0], None) for company in companies}
        self.env.cr.execute(
            pipeline_backfill_sql.backfill(
                pipeline_history_sql.places_table(self._places(today)),
                {name: fields._get("crm.lead", name).id for name in _TRACKED},
                first_company(self.env).id,
            )
        )
        self.env.cr.execute("ANALYZE crm_pipeline_history")
        self._take(today)
