"""A board on a day of our own, and the sum of the list behind a number."""

from datetime import date, datetime
from unittest.mock import patch

from odoo import fields

TODAY = date(2024, 6, 12)
JUNE = {"kind": "month", "day": "2024-06-12"}


class BoardMixin:
    """Built on ``FirmMixin``."""

    @classmethod
    def _build_board(cls):
        cls.env["crm.stage.rule"].search([]).active = False
        now = datetime(2024, 6, 12, 10)
        cls.startClassPatcher(
            patch.object(fields.Date, "context_today", lambda *args: TODAY)
        )
        cls.startClassPatcher(patch.object(cls.env.cr, "now", lambda: now))
        cls.both = cls._user("test_both", "sales_team.group_sale_manager", cls.company)
        cls.both.company_ids += cls.company_abroad

    def _as(self, user, *companies):
        self.env.flush_all()
        self.env.invalidate_all()
        board = self.env["crm.forecast.board"].with_user(user)
        ids = [company.id for company in companies] or user.company_id.ids
        return board.with_context(allowed_company_ids=ids)

    def _read(self, user, *companies, **options):
        return self._as(user, *companies).read_board({**JUNE, **options})

    @staticmethod
    def _rows(board):
        return {row["key"]: row["values"] for row in board["rows"]}

    def _key(self, team=None, user=None):
        if not team and not user:
            return "all"
        key = f"team-{team.id}"
        return f"{key}-user-{user.id}" if user else key

    def _abroad(self, **values):
        return self._lead(
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
            **values,
        )

    def _won(self, amount, closed="2024-06-03 12:00:00", **values):
        lead = self._lead(expected_revenue=amount, **values)
        lead.action_set_won()
        lead.date_closed = closed
        return lead

    def _behind(self, board, key, name, is_cumulative=True, **options):
        """The opportunities that a number opens."""
        action = board.action_open_deals({**JUNE, **options}, key, name, is_cumulative)
        leads = board.env["crm.lead"].with_context(active_test=False)
        return leads.search(action["domain"])

    def _sum(self, board, leads, measure="revenue"):
        """What they come to in the currency of the current company."""
        target = board.env.company.currency_id
        field = {"mrr": "recurring_revenue_monthly"}.get(measure, "expected_revenue")
        if measure == "count":
            return len(leads)
        return sum(
            lead._forecast_currency()._convert(
                lead[field], target, board.env.company, TODAY
            )
            for lead in leads
        )
