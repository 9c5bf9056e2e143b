import logging
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...engine.adjustment import verdict
from .crm_forecast_adjustment import SAYING

_logger = logging.getLogger(__name__)
#: Days after a period until it is measured: what was won is entered late.
LATE = 7
VERDICTS = [
    ("closer", "Closer to what closed"),
    ("farther", "Farther from what closed"),
    ("same", "No difference"),
]


class CrmForecastAdjustment(models.Model):
    """Whether an adjustment was right, once its period has ended.

    The forecast of a category is what has closed and is open in that category or a
    surer one: it is what should have closed by the end of the period.
    """

    _name = "crm.forecast.adjustment"
    _inherit = ["crm.forecast.adjustment"]

    base_amount = fields.Monetary(
        "Figure Then",
        readonly=True,
        aggregator=None,
        help="The figure as it stood when it was adjusted, without adjustments.",
    )
    base_forecast = fields.Monetary(
        "Forecast Without",
        readonly=True,
        help="Closed by then, and open in the category or a surer one: what the "
        "forecast said without the adjustment.",
    )
    is_base_known = fields.Boolean(readonly=True)
    change = fields.Monetary(
        compute="_compute_change",
        store=True,
        help="What the adjustment added to the forecast as it stood.",
    )
    adjusted_forecast = fields.Monetary(
        "Forecast With", compute="_compute_change", store=True
    )
    is_measured = fields.Boolean(
        "Measured",
        readonly=True,
        help="The period has ended, and what closed in it is known.",
    )
    actual_amount = fields.Monetary(
        "Closed in the Period",
        readonly=True,
        help="What had closed in the period a week after its end.",
    )
    error_without = fields.Monetary(
        compute="_compute_errors",
        store=True,
        help="Forecast without the adjustment less what closed: above zero, it was "
        "too high.",
    )
    error_with = fields.Monetary(
        compute="_compute_errors",
        store=True,
        help="Forecast with the adjustment less what closed: above zero, it was too "
        "high. Its total is the bias of who adjusted.",
    )
    improvement = fields.Monetary(
        compute="_compute_errors",
        store=True,
        help="By how much the adjustment brought the forecast closer to what closed; "
        "below zero, it took it farther away.",
    )
    verdict = fields.Selection(
        VERDICTS, "Was It Right?", compute="_compute_errors", store=True
    )
    right_share = fields.Float(
        "Right (%)",
        compute="_compute_errors",
        store=True,
        aggregator="avg",
        help="Share of adjustments that brought the forecast closer to what closed.",
    )

    @api.depends("base_amount", "base_forecast", "is_base_known", "amount", "kind")
    def _compute_change(self):
        for said in self:
            change = said.amount
            if said.kind == "override":
                change -= said.base_amount
            said.change = change if said.is_base_known else 0.0
            said.adjusted_forecast = said.base_forecast + said.change

    @api.depends("is_measured", "actual_amount", "base_forecast", "adjusted_forecast")
    def _compute_errors(self):
        for said in self:
            if not (said.is_measured and said.is_base_known):
                said.error_without = said.error_with = said.improvement = 0.0
                said.verdict, said.right_share = False, 0.0
                continue
            actual = said.actual_amount
            said.error_without = said.base_forecast - actual
            said.error_with = said.adjusted_forecast - actual
            said.improvement = abs(said.error_without) - abs(said.error_with)
            said.verdict = verdict(
                *(
                    round(Decimal(str(one)), 2)
                    for one in (said.base_forecast, said.adjusted_forecast, actual)
                )
            )
            said.right_share = 100.0 * (said.verdict == "closer")

    @api.model
    def _cron_measure(self):
        """Measure adjustments whose period ended a week ago; idempotent."""
        ended = self.sudo().search(
            [
                ("is_measured", "=", False),
                ("is_base_known", "=", True),
                ("period_end", "<", fields.Date.today() - timedelta(days=LATE)),
            ]
        )
        cron = self.env["ir.cron"]
        groups = ended.grouped(
            lambda said: (said.company_id, said.author_id, said.measure, said._period())
        )
        cron._commit_progress(remaining=len(groups))
        for (company, author, measure, period), group in groups.items():
            group._measure(company, author, measure, period)
            if not cron._commit_progress(processed=1):
                break

    def _measure(self, company, author, measure, period):
        """What closed, as far as the author sees it: as the figure was taken."""
        asker = self.with_user(author).with_context(
            allowed_company_ids=company.ids, forecast_say=None
        )
        try:
            rows = asker._figures(company.with_env(asker.env), period, measure)
        except AccessError:
            # He has left the company: nothing can be compared with what he saw.
            _logger.info("adjustments of user %s are not measured any more", author.id)
            self.with_context(forecast_say=SAYING).write({"is_base_known": False})
            return
        for said in self.with_context(forecast_say=SAYING):
            closed = sum(row["closed"] for row in said._of_place(rows))
            said.write({"is_measured": True, "actual_amount": closed})
