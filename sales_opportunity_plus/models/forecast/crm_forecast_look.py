from datetime import timedelta

from odoo import api, fields, models

from ...engine.probability import DEFAULT_ORDER
from ..first_company import first_company
from ..selections import PROBABILITY_SOURCES
from . import forecast_look_sql

#: Opportunities of a company that one look writes down.
MOST = 5000


class CrmForecastLook(models.Model):
    """What each source said of an open opportunity on a day, to be judged later.

    Once a week, with the first night of the week that comes to its end, a sample of
    the open opportunities of each company is written down in SQL. When they have
    closed, each probability is compared with what came: see ``engine.accuracy``.
    Columns that name other records are plain integers: a row outlives what it names.
    """

    _name = "crm.forecast.look"
    _inherit = ["crm.append.only"]
    _description = "Look at the Probabilities"
    _log_access = False
    _order = "day desc, id"
    _rec_name = "lead_id"

    day = fields.Date(
        required=True, readonly=True, help="In the time zone of the company."
    )
    company_id = fields.Integer(
        "Company ID", required=True, readonly=True, aggregator=None
    )
    lead_id = fields.Integer(
        "Opportunity ID", required=True, readonly=True, aggregator=None
    )
    team_id = fields.Integer("Sales Team ID", readonly=True, aggregator=None)
    user_id = fields.Integer("Salesperson ID", readonly=True, aggregator=None)
    stage_id = fields.Integer("Stage ID", readonly=True, aggregator=None)
    odoo_probability = fields.Float(readonly=True, aggregator="avg", help="Percent.")
    stage_probability = fields.Float(readonly=True, aggregator="avg", help="Percent.")
    history_probability = fields.Float(readonly=True, aggregator="avg", help="Percent.")
    manual_probability = fields.Float(readonly=True, aggregator="avg", help="Percent.")
    probability = fields.Float(
        "Probability That Counted", readonly=True, aggregator="avg", help="Percent."
    )
    source = fields.Selection(
        PROBABILITY_SOURCES, readonly=True, help="Of the probability that counted."
    )

    _one_per_day = models.UniqueIndex(
        "(company_id, day, lead_id)", "An opportunity is looked at once a day."
    )

    def _append_only_text(self):
        return self.env._(
            "What was forecast of an opportunity is written down each week by the "
            "nightly job and cannot be created, changed or deleted by hand."
        )

    @api.model
    def _take_week(self, companies):
        """Look at the companies that were not looked at this week; how many rows."""
        here = self.env["crm.pipeline.day"]._here
        today = {company.id: here(company)[0] for company in companies}
        mondays = {
            company_id: day - timedelta(days=day.weekday())
            for company_id, day in today.items()
        }
        seen = self.env.execute_query(forecast_look_sql.seen(mondays))
        for (company_id,) in seen:
            del today[company_id]
        return self._take(today) if today else 0

    @api.model
    def _take(self, days):
        """Look at companies: ``{company id: day}``; what is there already stays."""
        self.env.flush_all()
        self.env.cr.execute(
            forecast_look_sql.take(
                days,
                MOST,
                first_company(self.env).id,
                self.env["crm.team"]._forecast_orders(),
                DEFAULT_ORDER,
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model(flush=False)
        return count
