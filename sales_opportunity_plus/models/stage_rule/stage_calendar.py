"""The clocks that time limits run on, for as long as one question takes."""

from datetime import UTC

from ...engine.working_time import WallClock, WorkingTime


class Calendars:
    """Working time by calendar and company, each fetched once.

    Made anew for every call: a calendar may change between two of them.
    """

    def __init__(self, env):
        self._env = env(su=True)
        self._wall_clock = WallClock()
        self._clocks = {}

    def clock(self, limit, company_id):
        """The clock of an engine ``Limit`` for the opportunities of a company."""
        if limit.unit == "days":
            return self._wall_clock
        calendar_id = limit.calendar_id or self._calendar_of(company_id)
        if not calendar_id:
            # A company without working hours works whenever it likes.
            return self._wall_clock
        key = (calendar_id, company_id)
        if key not in self._clocks:
            self._clocks[key] = WorkingTime(self._fetch(*key))
        return self._clocks[key]

    def _calendar_of(self, company_id):
        return self._env["res.company"].browse(company_id).resource_calendar_id.id

    def _fetch(self, calendar_id, company_id):
        calendar = self._env["resource.calendar"].browse(calendar_id)
        # Odoo takes the public holidays of every company where a calendar is
        # named by none of them: here only the company's own count.
        companies = [False, company_id, calendar.company_id.id]
        domain = [("time_type", "=", "leave"), ("company_id", "in", companies)]

        def fetch(low, high):
            intervals = calendar._work_intervals_batch(
                low.replace(tzinfo=UTC), high.replace(tzinfo=UTC), domain=domain
            )[False]
            for start, stop, _attendance in intervals:
                yield _naive(start), _naive(stop)

        return fetch


def _naive(moment):
    return moment.astimezone(UTC).replace(tzinfo=None)
