import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from ..rows_sql import rows_table


class CrmPipelineDay(models.Model):
    """A day of a company whose pipeline was taken into the history.

    It tells how far a night's statement has come, so that a killed one goes on.
    """

    _name = "crm.pipeline.day"
    _inherit = ["crm.append.only"]
    _description = "Day of the Pipeline History"
    _order = "day desc, company_id"
    _rec_name = "day"

    company_id = fields.Many2one(
        "res.company", "Company", required=True, readonly=True, ondelete="cascade"
    )
    day = fields.Date(
        required=True, readonly=True, help="In the time zone of the company."
    )
    taken_at = fields.Datetime("Last Taken On", readonly=True)
    taken_to = fields.Integer(
        "Taken up to Opportunity ID", readonly=True, aggregator=None
    )
    is_done = fields.Boolean(
        "Complete", readonly=True, help="Taken after the day had ended, entirely."
    )

    _one_per_day = models.UniqueIndex(
        "(company_id, day)", "A company has each day once."
    )

    def _append_only_text(self):
        return self.env._(
            "The days of the pipeline history are kept by the nightly job and cannot "
            "be created, changed or deleted by hand."
        )

    @api.model
    def _here(self, company):
        """The day that it is at the company now, and the moment when it began (UTC)."""
        zone = _zone(company)
        now = self.env.cr.now().replace(tzinfo=UTC).astimezone(zone)
        began = datetime.combine(now.date(), time.min, zone).astimezone(UTC)
        return now.date(), began.replace(tzinfo=None)

    @api.model
    def _ended(self, companies):
        """``{company: (day, its end)}`` of the days that ended and are not complete."""
        here = {company: self._here(company) for company in companies}
        ended = {
            company: (today - timedelta(days=1), began)
            for company, (today, began) in here.items()
        }
        done = {
            (day.company_id, day.day)
            for day in self.sudo().search(
                [
                    ("company_id", "in", companies.ids),
                    ("day", "in", [day for day, _end in ended.values()]),
                    ("is_done", "=", True),
                ]
            )
        }
        return {
            company: (day, end)
            for company, (day, end) in ended.items()
            if (company, day) not in done
        }

    @api.model
    def _taken_to(self, days):
        """How far all of the days have been taken: an opportunity's id."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(taken.taken_to, 0)
                  FROM %s
                  LEFT JOIN crm_pipeline_day taken
                    ON taken.company_id = asked.company_id AND taken.day = asked.day
                """,
                self._asked(days),
            )
        )
        return min(taken_to for (taken_to,) in rows)

    @api.model
    def _keep(self, days, taken_to, is_whole, mark):
        """Keep how far days have been taken, and with which mark.

        :param days: ``{company: day}``
        :param taken_to: an opportunity's id; none for days that have not ended
        :param is_whole: no opportunity is left
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_pipeline_day AS taken (
                    company_id, day, taken_at, taken_to, is_done, mark, begun,
                    create_uid, create_date, write_uid, write_date)
                SELECT company_id, day, %(now)s, %(taken_to)s, %(is_done)s,
                       %(mark)s::jsonb, %(begun)s::jsonb, %(uid)s, %(now)s, %(uid)s,
                       %(now)s
                  FROM %(days)s
                    ON CONFLICT (company_id, day) DO UPDATE
                   SET taken_at = EXCLUDED.taken_at, write_uid = EXCLUDED.write_uid,
                       write_date = EXCLUDED.write_date,
                       mark = EXCLUDED.mark, begun = EXCLUDED.begun,
                       taken_to = COALESCE(EXCLUDED.taken_to, taken.taken_to),
                       is_done = taken.is_done OR EXCLUDED.is_done
                """,
                now=self.env.cr.now(),
                uid=self.env.uid,
                taken_to=taken_to,
                is_done=is_whole and bool(taken_to),
                mark=json.dumps(mark) if mark and is_whole else None,
                begun=json.dumps(mark) if mark and not is_whole else None,
                days=self._asked(days),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _asked(self, days):
        """Days as a table ``asked``: ``{company: day}``."""
        rows = [(company.id, day) for company, day in days.items()]
        return rows_table(rows, {"company_id": "int", "day": "date"}, "asked")


def _zone(company):
    return ZoneInfo(company.sudo().partner_id.tz or "UTC")
