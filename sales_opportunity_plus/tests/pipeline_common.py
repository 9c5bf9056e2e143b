"""Days of a pipeline: a clock that tests set, and the rows that days leave."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tools import SQL

from .common import FirmCase

DAY_ONE = datetime(2024, 4, 1, 12)


class PipelineCase(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.history = cls.env["crm.pipeline.history"]
        cls.both_companies = cls.company | cls.company_abroad

    def _take(self, moment, companies=None):
        """Take the days that it is at a moment (UTC)."""
        with self._at(moment):
            self.env.flush_all()
            self.history._take_now(companies or self.both_companies)

    def _night(self, moment, commit=None):
        """The nightly job at a moment."""
        progress = patch.object(
            type(self.env["ir.cron"]),
            "_commit_progress",
            commit or (lambda *_, **__: 60),
        )
        with self._at(moment), progress:
            self.env.flush_all()
            self.history._cron_take()

    def _rows(self, leads, *columns):
        """Rows in the order of their days."""
        names = columns or ("valid_from", "valid_to", "status", "amount")
        return self.env.execute_query(
            SQL(
                "SELECT %s FROM crm_pipeline_history WHERE lead_id = ANY(%s)"
                " ORDER BY lead_id, valid_from, id",
                SQL(", ").join(map(SQL.identifier, names)),
                leads.ids if hasattr(leads, "ids") else list(leads),
            )
        )

    def _day(self, number):
        return (DAY_ONE + timedelta(days=number)).date()
