"""A firm with office hours, and the scheduled check of its time limits."""

from datetime import datetime
from unittest.mock import patch

from odoo.tools import SQL

from .common import FirmCase


class LimitCase(FirmCase):
    """Everything happens in March 2024, whose 4th is a Monday; times are UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls._calendar("Test Office", cls.company, 9, 17)
        cls.company.resource_calendar_id = cls.calendar
        cls.company_abroad.resource_calendar_id = cls._calendar(
            "Test Office Abroad", cls.company_abroad, 9, 13
        )
        cls.stage_hold = cls._stage("Test Hold", -1025, pauses_limits=True)

    @classmethod
    def _calendar(cls, name, company, hour_from, hour_to):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "company_id": company.id,
                "tz": "UTC",
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "day_period": "morning",
                            "hour_from": hour_from,
                            "hour_to": hour_to,
                        },
                    )
                    for day in range(5)
                ],
            }
        )

    def _limit(self, steps=({"percent": 100, "action": "record"},), **values):
        """A limit of 8 working hours in Talk, set up in January."""
        with self._at(2024, 1, 8):
            return self.env["crm.stage.limit"].create(
                {
                    "stage_id": self.stage_talk.id,
                    "duration": 8,
                    "unit": "hours",
                    "step_ids": [(0, 0, step) for step in steps],
                    **values,
                }
            )

    def _enter(self, *when, **values):
        """An opportunity that entered Talk at a moment of March 2024."""
        values.setdefault("stage_id", self.stage_talk.id)
        with self._at(2024, 3, *when):
            lead = self._lead(**values)
            self.env.flush_all()
        return lead

    def _move(self, lead, stage, *when):
        with self._at(2024, 3, *when):
            lead.stage_id = stage
            self.env.flush_all()

    def _message(self, lead, moment, **values):
        return self.env["mail.message"].create(
            {"model": "crm.lead", "res_id": lead.id, "date": moment, **values}
        )

    def _customer_mail(self, lead, moment, **values):
        values = {"message_type": "email", "author_id": False, **values}
        return self._message(lead, moment, **values)

    def _check(self, *when):
        """Run the scheduled check at a moment of March 2024."""
        cron = type(self.env["ir.cron"])
        with (
            self._at(2024, 3, *when),
            patch.object(cron, "_commit_progress", lambda *args, **kwargs: 60),
        ):
            self.env["crm.stage.limit"].sudo()._cron_check_stage_limits()
            self.env.flush_all()

    def _state(self, lead, *when):
        with self._at(2024, 3, *when):
            lead.invalidate_recordset()
            return lead.stage_limit_state, lead.stage_limit_due

    def _found(self, *when):
        """Ids of the opportunities that are over time, by the search."""
        with self._at(2024, 3, *when):
            domain = [("stage_limit_state", "=", "late")]
            return self.env["crm.lead"].search(domain)

    def _breaches(self, leads):
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                "SELECT * FROM crm_stage_breach WHERE lead_id = ANY(%s)"
                " ORDER BY lead_id, clock_start, percent, id",
                leads.ids,
            )
        )

    def assert_due(self, lead, moment):
        """The limit is reached at this moment and not before.

        The field of the opportunity, the search and the scheduled check agree.
        """
        due = datetime(2024, 3, *moment)
        before = datetime.fromtimestamp(due.timestamp() - 60)
        seen = (before.day, before.hour, before.minute)
        self.assertNotEqual(self._state(lead, *seen)[0], "late")
        self.assertEqual(self._state(lead, *seen)[1], due)
        self.assertNotIn(lead, self._found(*seen))
        self._check(*seen)
        self.assertFalse(self._breaches(lead))
        self.assertEqual(self._state(lead, *moment), ("late", due))
        self.assertIn(lead, self._found(*moment))
        self._check(*moment)
        breach = self._breaches(lead)[-1]
        self.assertEqual(breach["reached_at"], due)
        self.assertFalse(breach["resolved_at"])
