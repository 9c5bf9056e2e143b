from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...report.currency_sql import rate_factors


class CrmForecastRate(models.Model):
    """A fixed exchange rate of the budget, from a day on."""

    _name = "crm.forecast.rate"
    _description = "Budget Rate"
    _order = "company_id, currency_id, valid_from desc"
    _rec_name = "currency_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", "Company", required=True, default=lambda self: self.env.company
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    currency_id = fields.Many2one(
        "res.currency", "Currency", required=True, ondelete="restrict"
    )
    rate = fields.Float(
        digits=0,
        required=True,
        aggregator=None,
        help="What one unit of the currency is worth in the company's currency.",
    )
    valid_from = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="The rate counts from this day on, until another one does.",
    )
    active = fields.Boolean(default=True)

    _one_per_day = models.UniqueIndex(
        "(company_id, currency_id, valid_from) WHERE active",
        "A currency has one budget rate from a day on. Change the one there is, or "
        "choose another day.",
    )

    @api.constrains("rate", "currency_id", "company_id")
    def _check_rate(self):
        for line in self:
            if not line.rate > 0:
                raise ValidationError(
                    self.env._(
                        "The budget rate %(rate)s of %(currency)s is not above zero. "
                        "Enter what one %(currency)s is worth in %(own)s.",
                        rate=line.rate,
                        currency=line.currency_id.name,
                        own=line.company_currency_id.name,
                    )
                )
            if line.currency_id == line.company_currency_id:
                raise ValidationError(
                    self.env._(
                        "%(currency)s is the currency of %(company)s itself and is "
                        "always worth 1. Choose another currency.",
                        currency=line.currency_id.name,
                        company=line.company_id.name,
                    )
                )

    @api.model
    def _factors(self, more=None, day=None):
        """Factors of a forecast by the policy of the current company.

        As ``rate_factors`` gives them, with the budget's where the company has them.
        """
        factors = rate_factors(self.env, more, day)
        company = self.env.company
        if company.forecast_rate_policy != "budget":
            return factors
        asked = day or fields.Date.context_today(self)
        rates = self.sudo().search(
            [("company_id", "=", company.id), ("valid_from", "<=", asked)],
            order="valid_from",
        )
        return factors | {
            line.currency_id.id: line.rate
            for line in rates
            if line.currency_id.id in factors
        }
