from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError

from ...report.currency_sql import rates_table
from ...report.report_sql import readable_deals
from ..first_company import first_company
from . import digest_sql
from .pipeline_history_sql import company_of
from .target_of import target_of, target_of_person, targets_of

_ALL_LEADS = "sales_team.group_sale_salesman_all_leads"


class DigestDigest(models.Model):
    """Figures of the forecast in the mail that Odoo sends by day, week or month.

    They are read from the pipeline history, so that the figure of before is the one
    that stood then. Who reads the mail sees what he may read in the reports, as with
    Odoo's own figures of the CRM.
    """

    _name = "digest.digest"
    _inherit = ["digest.digest"]

    kpi_forecast_weighted = fields.Boolean(
        "Weighted Forecast of the Quarter",
        help="Open amount that is expected in the running quarter or overdue × the "
        "probability that counts.",
    )
    kpi_forecast_weighted_value = fields.Monetary(
        compute="_compute_kpi_forecast_weighted_value"
    )
    kpi_forecast_commit = fields.Boolean(
        "Commit of the Quarter",
        help="Open amount in the category Commit that is expected in the running "
        "quarter or overdue.",
    )
    kpi_forecast_commit_value = fields.Monetary(
        compute="_compute_kpi_forecast_commit_value"
    )
    kpi_forecast_coverage = fields.Boolean(
        "Coverage of the Target",
        help="What is open and expected in the running quarter, or overdue, ÷ what is "
        "missing to its target; left out where there is no target, or it is reached.",
    )
    kpi_forecast_coverage_value = fields.Float(
        compute="_compute_kpi_forecast_coverage_value"
    )
    kpi_forecast_slipped = fields.Boolean(
        "Slipped Opportunities",
        help="Open opportunities whose expected closing was moved to a later day.",
    )
    kpi_forecast_slipped_value = fields.Integer(
        compute="_compute_kpi_forecast_slipped_value"
    )

    def _compute_kpi_forecast_weighted_value(self):
        for digest in self:
            digest.kpi_forecast_weighted_value = digest._forecast_standing()[0]

    def _compute_kpi_forecast_commit_value(self):
        for digest in self:
            digest.kpi_forecast_commit_value = digest._forecast_standing()[1]

    def _compute_kpi_forecast_coverage_value(self):
        for digest in self:
            _weighted, _commit, is_open, closed = digest._forecast_standing()
            missing = digest._forecast_target() - closed
            if missing <= 0:
                raise self._forecast_left_out()
            digest.kpi_forecast_coverage_value = is_open / missing

    def _compute_kpi_forecast_slipped_value(self):
        for digest in self:
            first, until = digest._forecast_days()
            query = digest_sql.slipped(
                first=first, until=until, **digest._forecast_asked()
            )
            digest.kpi_forecast_slipped_value = self.env.execute_query(query)[0][0]

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def _forecast_left_out(self):
        """What Odoo takes as: leave the figure out of this person's mail."""
        return AccessError(self.env._("There is nothing to show in this digest."))

    def _forecast_company(self):
        return self.company_id or self.env.company

    def _forecast_days(self):
        """The first day of the time frame, and the one that is not over yet."""
        start, end, _companies = self._get_kpi_compute_parameters()
        today = fields.Date.context_today(self)
        return fields.Date.to_date(start) or today, fields.Date.to_date(end) or today

    def _forecast_asked(self):
        """What the statements ask of a row, for the person who reads the mail."""
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise self._forecast_left_out()
        return {
            "company": company_of("held", first_company(self.env).id),
            "company_id": self._forecast_company().id,
            "readable": readable_deals(self.env, "held"),
        }

    def _forecast_quarter(self):
        last = self._forecast_days()[1] - timedelta(days=1)
        return self._forecast_company()._forecast_period("quarter", last)

    def _forecast_standing(self):
        """Weighted, commit, open and won: amounts of the company and its quarter."""
        company, quarter = self._forecast_company(), self._forecast_quarter()
        rates = self.env["crm.forecast.rate"].with_company(company)._factors()
        query = digest_sql.standing(
            start=quarter.start,
            end=quarter.end,
            day=self._forecast_days()[1] - timedelta(days=1),
            rates=rates_table(rates),
            **self._forecast_asked(),
        )
        return [float(amount) for amount in self.env.execute_query(query)[0]]

    def _forecast_target(self):
        """The target of the company, or of a salesperson who sees only his own."""
        company = self._forecast_company()
        env = self.with_company(company).env
        targets = targets_of(env, self._forecast_quarter(), company)
        if self.env.user.has_group(_ALL_LEADS):
            return target_of(targets)
        return target_of_person(targets, self.env.uid)

    def _compute_kpis_actions(self, company, user):
        result = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("crm.crm_menu_root").id
        report = "sales_opportunity_plus.crm_forecast_report_action"
        slips = "sales_opportunity_plus.crm_pipeline_slip_report_action"
        result["kpi_forecast_weighted"] = f"{report}?menu_id={menu}"
        result["kpi_forecast_commit"] = f"{report}?menu_id={menu}"
        result["kpi_forecast_coverage"] = f"{report}?menu_id={menu}"
        result["kpi_forecast_slipped"] = f"{slips}?menu_id={menu}"
        return result
