from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.fields import Domain

from ..first_company import first_company
from . import rollup_sql

#: Decimals of a weighted number of opportunities.
_COUNT_DIGITS = 4


class CrmForecastRollup(models.AbstractModel):
    """What a period brings, by sales team and salesperson, as it stands now."""

    _name = "crm.forecast.rollup"
    _description = "Roll-up of the Forecast"

    @api.model
    def _rollup(
        self,
        period,
        companies,
        measure="revenue",
        domain=None,
        few=None,
        has_sources=False,
    ):
        """The opportunities that the user may read, a dict per team and salesperson.

        What is won counts on the day of closing, what is open on its expected closing,
        both by the calendar of its company. Open opportunities whose expected closing
        has passed count in the current period, never in the one that is over.

        Keys: ``team_id``, ``user_id`` (0: none); ``closed``, ``closed_count``;
        ``omitted``, ``pipeline``, ``best_case``, ``most_likely``, ``commit``, open
        amounts by category; ``overdue``, ``overdue_count``, part of them;
        ``open_count``; ``weighted`` and ``k1`` to ``k4``, weighted sum and cumulants of
        the open ones that are not omitted; ``top_lead_id`` and ``top_share`` of the
        variance; ``open_total``, all that is open, whenever expected;
        ``undated_count``, open without expected closing, in no period;
        ``rate_missing``, opportunities left out for want of an exchange rate.

        :param period: an ``engine.period.Period``
        :param companies: those whose opportunities count
        :param measure: "revenue", "mrr", "count" or "new_business"
        :param domain: on opportunities, to look at some of them only
        :param few: a function that takes the lines and returns scopes ``(team_id,
            user_id)``: their lines get ``deals``, ``((chance, amount), …)`` of each
            open one that may be won
        :param has_sources: tell what each source of probabilities says, too:
            ``weighted_odoo``, ``k1_odoo``… and ``known_odoo``, how many of the open
            ones have it
        """
        query, alias = self._deals_query(domain)
        if query.is_empty() or not companies:
            return []
        of = self._rollup_of(query, alias, period, companies, measure, has_sources)
        self.env.cr.execute(rollup_sql.rollup(query, alias, *of))
        lines = self.env.cr.dictfetchall()
        if few and (scopes := few(lines)):
            deals = self._few_deals(rollup_sql.few(query, alias, scopes, *of))
            for line in lines:
                scope = line["team_id"], line["user_id"]
                if scope in scopes:
                    line["deals"] = deals.get(scope, ())
        return lines

    @api.model
    def _few_deals(self, statement):
        found = {}
        for team_id, user_id, *deal in self.env.execute_query(statement):
            found[team_id, user_id] = (
                *found.get((team_id, user_id), ()),
                tuple(deal),
            )
        return found

    @api.model
    def _rollup_of(self, query, alias, period, companies, measure, has_sources):
        """What ``rollup_sql.rollup`` asks for; joins its tables to the query."""
        leads = self.env["crm.lead"]
        places = rollup_sql.places_table(self._places(period, companies, measure))
        rollup_sql.join_places(query, alias, places, first_company(self.env).id)
        stage = query.left_join(alias, "stage_id", "crm_stage", "id", "stage_id")
        return (
            period,
            rollup_sql.amount_of(query, alias, measure),
            leads._forecast_category_sql(alias, stage),
            leads._forecast_probability_sql(alias, stage),
            self._digits(measure),
            leads._forecast_probabilities_sql(alias, stage) if has_sources else None,
        )

    @api.model
    def _deals_query(self, domain=None):
        """Opportunities that the user may read, as a query to join to; its alias.

        Not a condition ``id IN``: the table is read once.
        """
        self.env.flush_all()
        asked = Domain("type", "=", "opportunity")
        if domain:
            asked &= Domain(domain)
        query = self.env["crm.lead"].with_context(active_test=False)._search(asked)
        return query, query.table

    @api.model
    def _digits(self, measure):
        if rollup_sql.AMOUNTS[measure] is None:
            return _COUNT_DIGITS
        return self.env.company.currency_id.decimal_places

    @api.model
    def _places(self, period, companies, measure):
        """Rows of ``rollup_sql.places_table``."""
        days = self.env["crm.pipeline.day"]
        factors = self.env["crm.forecast.rate"]._factors()
        if rollup_sql.AMOUNTS[measure] is None:
            factors = dict.fromkeys(factors, 1)
        rows = []
        for company in companies.sudo():
            today, _began = days._here(company)
            rows.append(
                (
                    company.id,
                    factors[company.currency_id.id],
                    _midnight(period.start, company),
                    _midnight(period.end + timedelta(days=1), company),
                    _due_from(period, today),
                    today,
                )
            )
        return rows


def _midnight(day, company):
    """When a day begins at a company, in UTC as in the database."""
    zone = ZoneInfo(company.partner_id.tz or "UTC")
    return datetime.combine(day, time.min, zone).astimezone(UTC).replace(tzinfo=None)


def _due_from(period, today):
    """The earliest expected closing that counts in a period."""
    if today > period.end:
        return date.max
    return date.min if today >= period.start else period.start
