from datetime import date, datetime, time, timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..first_company import first_company
from . import pipeline_history_sql, pipeline_touched_sql

#: Opportunities that one statement, and one transaction, goes through.
BATCH = 100_000
#: Beyond every id: the last statement takes what was created meanwhile, too.
_END = 2147483647
_LOCK = "crm.pipeline.history"


class CrmPipelineHistory(models.Model):
    """Taking the day: each night for the day that ended, and on demand for today."""

    _name = "crm.pipeline.history"
    _inherit = ["crm.pipeline.history"]

    @api.model
    def _cron_take(self):
        """Take the day that ended, for each company in whose time zone it has.

        What is taken is committed with how far it went: killed or out of time, the
        next run goes on from there, and going over the same ids again changes nothing.
        """
        cron, day = self.env["ir.cron"], self.env["crm.pipeline.day"]
        cron._commit_progress(remaining=1)
        ended = day._ended(self.env["res.company"].sudo().search(Domain.TRUE))
        days = {company: here for company, (here, _end) in ended.items()}
        after = day._taken_to(days) if days else _END
        while after < _END and self._lock():
            after = self._take_next(ended, after)
            if not cron._commit_progress(1, remaining=int(after < _END)):
                return
        if days and after >= _END:
            self._after_night(list(days))
        cron._commit_progress(remaining=0)

    @api.model
    def _after_night(self, companies):
        """What else is written down when the day of companies is complete."""
        companies = self.env["res.company"].concat(*companies)
        self.env["crm.forecast.look"]._take_week(companies)
        self.env["crm.forecast.statement"]._take_week(companies)

    @api.model
    def _take_now(self, companies):
        """Take today as it stands, after the day that ended if that was not taken."""
        day = self.env["crm.pipeline.day"]
        self.env.flush_all()
        if ended := day._ended(companies):
            self._take(ended)
        self._take({company: (day._here(company)[0], None) for company in companies})

    @api.model
    def _take(self, days):
        """Take days of companies in this transaction: ``{company: (day, end)}``."""
        after = 0
        while after < _END:
            after = self._take_next(days, after)

    @api.model
    def _take_next(self, days, after):
        """Take opportunities after an id; return the id it came to.

        At first those that were touched since the last time, and with them all; where
        that is not known, or they are too many, a part of all of them.
        """
        day, places = self.env["crm.pipeline.day"], self._places(days)
        now, touched = day._mark_now(self._code(places)), None
        if not after:
            touched, now["digests"] = self._touched(days, now)
        here = {company: day for company, (day, _end) in days.items()}
        mark = day._begun(here, now) if after else now
        if touched is None:
            query = pipeline_history_sql.next_top(after, BATCH)
            [[top, has_more]] = self.env.execute_query(query)
            top = top if has_more else _END
            waiting = self._take_range(days, places, after, top, now)
        else:
            top = _END
            waiting = self._compare(pipeline_touched_sql.of_ids(touched), places, now)
        if mark:
            mark = self._mark_with(mark, now, *waiting)
        is_night = any(end for _day, end in days.values())
        day._keep(here, top if is_night else None, top == _END, mark)
        self.invalidate_model(flush=False)
        return top

    @api.model
    def _mark_with(self, mark, now, transactions, has_gone):
        """A mark that what has to wait is not older than."""
        mark = {**mark, "xid": min(mark["xid"], now["xid"] - transactions)}
        if has_gone:
            mark["digests"] = None
        return mark

    @api.model
    def _touched(self, days, now):
        """Ids of what has to be compared (``None``: all), and the digests of all ids.

        The night after a Sunday looks at all opportunities, whatever a mark says. And
        where there is no history, there is nothing to compare with.
        """
        is_sunday = all(end and day.weekday() == 6 for day, end in days.values())
        if not self._has_rows(0, _END):
            return None, None
        found, digests = self.env["crm.pipeline.day"]._touched(days, now, BATCH)
        return None if is_sunday else found, digests

    @api.model
    def _has_rows(self, after, top):
        query = pipeline_history_sql.has_rows(after, top)
        return self.env.execute_query(query)[0][0]

    @api.model
    def _take_range(self, days, places, after, top, now):
        is_night = any(end for _day, end in days.values())
        if is_night or self._has_rows(after, top):
            return self._compare(pipeline_history_sql.of_range(after, top), places, now)
        since = min(day for day, _end in days.values()) - timedelta(days=2)
        self.env.cr.execute(
            pipeline_history_sql.begin(
                after,
                top,
                datetime.combine(since, time.min),
                pipeline_history_sql.places_table(places),
                *self._terms(),
            )
        )
        return 0, False

    @api.model
    def _compare(self, leads, places, now):
        """Return how many transactions ago that began which has to wait.

        And whether some has to that was deleted.
        """
        query = pipeline_history_sql.take(
            leads, pipeline_history_sql.places_table(places), *self._terms(), now["xid"]
        )
        [[transactions, has_gone]] = self.env.execute_query(query)
        return transactions or 0, has_gone

    @api.model
    def _terms(self):
        leads = self.env["crm.lead"]
        return (
            first_company(self.env).id,
            leads._forecast_category_sql("lead", "stage"),
            leads._forecast_probability_sql("lead", "stage"),
        )

    @api.model
    def _code(self, places):
        """What a row depends on beside the columns of tables, but for the day."""
        first_company_id, *terms = self._terms()
        said = [
            (sql.code, [one for one in sql.params if not isinstance(one, date)])
            for sql in terms
        ]
        zones = sorted(place[:3] for place in places)
        return repr((pipeline_history_sql.COLUMNS, zones, first_company_id, said))

    @api.model
    def _places(self, days):
        """Rows of companies with the rate of their currency on their day."""
        rows = []
        for company, (day, end) in days.items():
            company = company.sudo()
            currency = company.currency_id
            rate = currency._get_rates(company, day)[currency.id]
            zone = company.partner_id.tz or "UTC"
            rows.append((company.id, currency.id, zone, day, end, rate))
        return rows

    @api.model
    def _lock(self):
        """Whether nobody else is taking the history until this transaction ends."""
        query = SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s))", _LOCK)
        return self.env.execute_query(query)[0][0]

    @api.model
    def action_take_now(self):
        """Take today into the history, for the companies that are switched on."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only sales managers can take the pipeline history now.")
            )
        if not self._lock():
            raise UserError(
                self.env._(
                    "The pipeline history is being taken at this moment. Try again in "
                    "a minute."
                )
            )
        companies = self.env.companies
        self.sudo()._take_now(companies)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The pipeline of %(companies)s was taken into the history as it "
                    "stands now.",
                    companies=", ".join(companies.mapped("name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
