"""A team with a leader, on a day of our own: who says what of the forecast."""

from datetime import date
from unittest.mock import patch

from .common import SELLER, FirmCase

TODAY = date(2026, 5, 13)


class SayCase(FirmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls._user("test_leader", SELLER, cls.company)
        cls.team.user_id = cls.leader
        cls.adjustments = cls.env["crm.forecast.adjustment"]
        cls.month = cls.company._forecast_period("month", TODAY)

    def setUp(self):
        super().setUp()
        self._today(TODAY)

    def _today(self, day):
        """Let it be this day at every company."""
        here = patch.object(
            type(self.env["crm.forecast.scope"]), "_here", lambda *_: day
        )
        here.start()
        self.addCleanup(here.stop)

    def _say(self, user, amount, **values):
        return self.adjustments.with_user(user).create(
            {
                "company_id": self.company.id,
                "team_id": self.team.id,
                "user_id": False,
                "period_kind": "month",
                "period_start": TODAY,
                "forecast_category": "commit",
                "amount": amount,
                "reason_kind": "other",
                "reason": "I know",
                **values,
            }
        )

    def _totals(self, user=None, companies=None, measure="revenue"):
        asker = self.adjustments.with_user(user or self.manager)
        found = asker.with_company(self.company)._totals(
            self.month, companies or self.company, measure
        )
        return {
            place: {
                category: (said["sum"], said["override"])
                for category, said in by_category.items()
            }
            for place, by_category in found.items()
        }
