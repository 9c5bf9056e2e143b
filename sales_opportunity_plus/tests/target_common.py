from datetime import date

from ..engine.period import period_of
from .common import FirmCase

YEAR = period_of(date(2026, 5, 1), "year")
MAY = period_of(date(2026, 5, 1), "month")
Q2 = period_of(date(2026, 5, 1), "quarter")


class TargetCase(FirmCase):
    """A firm whose manager sets targets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.targets = (
            cls.env["crm.forecast.target"]
            .with_user(cls.manager)
            .with_company(cls.company)
        )

    def target(self, kind="month", day="2026-05-17", amount=9000, **values):
        return self.targets.create(
            {
                "company_id": self.company.id,
                "period_kind": kind,
                "period_start": day,
                "amount": amount,
                **values,
            }
        )

    def of_team(self, *args, **values):
        return self.target(*args, team_id=self.team.id, **values)

    def of_seller(self, *args, **values):
        return self.of_team(*args, user_id=self.seller.id, **values)

    def amounts(self, period, measure="revenue", companies=None, user=None):
        targets = self.targets.with_user(user or self.manager)
        return targets._amounts(period, companies or self.company, measure)
