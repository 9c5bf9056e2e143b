"""The pipeline history: a row per change, whoever made it, on the company's day."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.forecast import crm_pipeline_history_take as take_module
from .pipeline_common import DAY_ONE, PipelineCase


@tagged("post_install", "-at_install")
class TestPipelineHistory(PipelineCase):
    def _sql(self, query, *args):
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *args))
        self.env.invalidate_all()

    def _made(self, **values):
        with self._at(DAY_ONE):
            lead = self._lead(**values)
            self.env.flush_all()
        return lead

    def test_a_row_per_change_not_per_day(self):
        lead = self._made()
        for day in range(3):
            self._take(DAY_ONE + timedelta(days=day))
        lead.expected_revenue = 1200
        self._take(DAY_ONE + timedelta(days=3))
        self.assertEqual(
            self._rows(lead),
            [
                (self._day(0), self._day(3), "open", 1000),
                (self._day(3), None, "open", 1200),
            ],
        )

    def test_what_a_row_says(self):
        lead = self._made(
            date_deadline="2024-05-31", probability=35, forecast_category="commit"
        )
        self._take(DAY_ONE)
        names = (
            "lead_type stage_id team_id user_id company_id currency_id rate probability"
            " date_deadline date_closed forecast_category is_reconstructed"
        ).split()
        [row] = self._rows(lead, *names)
        self.assertEqual(
            dict(zip(names, row, strict=True)),
            {
                "lead_type": "opportunity",
                "stage_id": self.stage_new.id,
                "team_id": self.team.id,
                "user_id": self.seller.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "rate": 1,
                "probability": 35,
                "date_deadline": date(2024, 5, 31),
                "date_closed": None,
                "forecast_category": "commit",
                "is_reconstructed": False,
            },
        )

    def test_taking_a_day_again_changes_nothing(self):
        lead = self._made()
        self._take(DAY_ONE)
        before = self._rows(lead, "id", "valid_from", "valid_to", "amount")
        self._take(DAY_ONE)
        self.assertEqual(
            self._rows(lead, "id", "valid_from", "valid_to", "amount"), before
        )

    def test_the_last_state_of_a_day_counts(self):
        lead = self._made()
        self._take(DAY_ONE)
        lead.expected_revenue = 1500
        self._take(DAY_ONE + timedelta(hours=1))
        self.assertEqual(self._rows(lead), [(self._day(0), None, "open", 1500)])

    def test_changes_by_sql(self):
        lead = self._made()
        self._take(DAY_ONE)
        # From here on the first day is complete.
        self._take(DAY_ONE + timedelta(days=1))
        self._sql("UPDATE crm_lead SET probability = 77 WHERE id = %s", lead.id)
        self._take(DAY_ONE + timedelta(days=1))
        rows = self._rows(lead, "valid_from", "probability")
        self.assertEqual(rows, [(self._day(0), 20), (self._day(1), 77)])

    def test_closing_by_sql(self):
        lead = self._made()
        self._take(DAY_ONE)
        self._sql(
            "UPDATE crm_lead SET won_status = 'won', date_closed = '2024-04-02 09:00'"
            " WHERE id = %s",
            lead.id,
        )
        self._take(DAY_ONE + timedelta(days=1))
        self.assertEqual(
            self._rows(lead, "valid_from", "valid_to", "status", "date_closed"),
            [
                (self._day(0), self._day(1), "open", None),
                (self._day(1), None, "won", date(2024, 4, 2)),
            ],
        )

    def test_deleted_and_merged(self):
        kept, merged, deleted = leads = self._leads(3)
        ids = leads.ids
        self._sql("UPDATE crm_lead SET create_date = %s", DAY_ONE)
        self._take(DAY_ONE)
        self._take(DAY_ONE + timedelta(days=2))
        (kept | merged).merge_opportunity()
        deleted.unlink()
        self._take(DAY_ONE + timedelta(days=2))
        current = {
            lead_id: valid_to
            for lead_id, valid_to in self._rows(ids, "lead_id", "valid_to")
        }
        gone = {one for one in ids if current[one]}
        self.assertEqual(len(gone), 2)
        self.assertEqual({current[one] for one in gone}, {self._day(2)})

    def test_created_and_deleted_on_one_day(self):
        lead = self._made()
        lead_id = lead.id
        self._take(DAY_ONE)
        lead.unlink()
        self._take(DAY_ONE + timedelta(hours=1))
        self.assertFalse(self._rows([lead_id]))

    def test_deleted_by_sql(self):
        """Where ids are missing tell the digests of the take before."""
        leads = self._leads(3)
        self._take(DAY_ONE)
        for number, lead in enumerate(leads, 1):
            self._take(DAY_ONE + timedelta(days=number))
            self._sql("DELETE FROM crm_lead WHERE id = %s", lead.id)
            self._take(DAY_ONE + timedelta(days=number, hours=1))
        ends = [ended for _lead, ended in self._rows(leads, "lead_id", "valid_to")]
        self.assertEqual(ends, [self._day(number) for number in (1, 2, 3)])

    def test_reopened(self):
        lead = self._made()
        self._take(DAY_ONE)
        lost = self.env["crm.lost.reason"].search([], limit=1)
        lead.action_set_lost(lost_reason_id=lost.id)
        self._take(DAY_ONE + timedelta(days=1))
        lead.action_restore()
        self._take(DAY_ONE + timedelta(days=2))
        statuses = [row[0] for row in self._rows(lead, "status")]
        self.assertEqual(statuses, ["open", "lost", "open"])

    def test_moved_between_companies(self):
        lead = self._made()
        self._take(DAY_ONE)
        lead.write(
            {
                "user_id": self.seller_abroad.id,
                "team_id": self.team_abroad.id,
                "company_id": self.company_abroad.id,
            }
        )
        self._take(DAY_ONE + timedelta(days=1))
        rows = self._rows(lead, "company_id", "currency_id", "rate")
        self.assertEqual(
            rows,
            [
                (self.company.id, self.euro.id, 1),
                (self.company_abroad.id, self.crown.id, 4),
            ],
        )

    def test_without_company(self):
        """The team's company says which day and currency; no row says another."""
        lead = self._made()
        self._sql("UPDATE crm_lead SET company_id = NULL WHERE id = %s", lead.id)
        self._take(DAY_ONE)
        rows = self._rows(lead, "company_id", "currency_id")
        self.assertEqual(rows, [(None, self.euro.id)])

    def test_amounts_of_any_size(self):
        leads = self._leads(3)
        for lead, amount in zip(leads, (0, -5, 10**12), strict=True):
            lead.expected_revenue = amount
        self._sql("UPDATE crm_lead SET create_date = %s", DAY_ONE)
        self._take(DAY_ONE)
        self.assertEqual(self._rows(leads, "amount"), [(0,), (-5,), (10**12,)])

    def test_honolulu(self):
        """Closed at 23:30 there is closed that day, though it is noon in Europe."""
        self.company.partner_id.tz = "Pacific/Honolulu"
        created = datetime(2024, 4, 10, 20)
        with self._at(created):
            early, late = leads = self._leads(2)
            self.env.flush_all()
        self._sql(
            "UPDATE crm_lead SET create_date = %s, write_date = %s WHERE id = ANY(%s)",
            created,
            created,
            leads.ids,
        )
        self._night(datetime(2024, 4, 11, 10, 30))
        for lead, closed in (
            (early, datetime(2024, 4, 12, 9, 30)),  # 23:30 on the 11th
            (late, datetime(2024, 4, 12, 10, 15)),  # 0:15 on the 12th
        ):
            self._sql(
                "UPDATE crm_lead SET won_status = 'won', date_closed = %s,"
                " write_date = %s WHERE id = %s",
                closed,
                datetime(2024, 4, 12, 10, 20),
                lead.id,
            )
        self._night(datetime(2024, 4, 12, 10, 30))
        columns = ("status", "date_closed", "valid_from")
        eleventh, twelfth = date(2024, 4, 11), date(2024, 4, 12)
        self.assertEqual(self._rows(early, *columns)[-1], ("won", eleventh, eleventh))
        self.assertEqual([row[0] for row in self._rows(late, *columns)], ["open"])
        self._night(datetime(2024, 4, 13, 10, 30))
        self.assertEqual(self._rows(late, *columns)[-1], ("won", twelfth, twelfth))

    def test_night_takes_the_day_that_ended(self):
        lead = self._made()
        self._night(datetime(2024, 4, 2, 0, 20))
        self.assertEqual(self._rows(lead)[0][0], date(2024, 4, 1))
        with self._at(2024, 4, 3, 0, 5):
            lead.expected_revenue = 1
            self.env.flush_all()
        self._sql(
            "UPDATE crm_lead SET write_date = '2024-04-03 00:05' WHERE id = %s", lead.id
        )
        self._night(datetime(2024, 4, 3, 0, 20))
        self.assertEqual(len(self._rows(lead)), 1, "written after midnight")
        self._night(datetime(2024, 4, 4, 0, 20))
        self.assertEqual(self._rows(lead)[-1], (date(2024, 4, 3), None, "open", 1))

    def test_the_hour_after_a_night_has_nothing_to_do(self):
        self._made()
        self._night(datetime(2024, 4, 2, 0, 20))
        with patch.object(
            take_module.pipeline_history_sql, "take", side_effect=AssertionError
        ):
            self._night(datetime(2024, 4, 2, 1, 20))

    def test_killed_in_the_middle(self):
        """What the killed run committed stays; the next one goes on from there."""
        with self._at(DAY_ONE):
            leads = self._leads(6)
            self.env.flush_all()
        undisturbed, committed = [], []
        night = datetime(2024, 4, 2, 0, 20)

        class Killed(BaseException):
            pass

        def commit(cron, processed=0, **kwargs):
            committed.append(processed)
            if len(committed) == 3:
                raise Killed
            return 60

        with patch.object(take_module, "BATCH", 3):
            with self.env.cr.savepoint(flush=False) as savepoint:
                self._night(night)
                undisturbed = self._rows(leads, "lead_id", "valid_from", "amount")
                savepoint.rollback()
            self.env.invalidate_all()
            with self.assertRaises(Killed):
                self._night(night, commit)
            self.env.invalidate_all()
            days = self.env["crm.pipeline.day"].search([("day", "=", "2024-04-01")])
            self.assertFalse(any(days.mapped("is_done")))
            self.assertTrue(all(days.mapped("taken_to")))
            self._night(night)
        self.assertEqual(
            self._rows(leads, "lead_id", "valid_from", "amount"), undisturbed
        )
        days.invalidate_recordset()
        self.assertTrue(all(days.mapped("is_done")))

    def test_now_is_for_managers(self):
        with self.assertRaises(AccessError):
            self.history.with_user(self.all_leads).action_take_now()
        lead = self._made()
        action = self.history.with_user(self.manager).action_take_now()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(len(self._rows(lead)), 1)
        foreign = self._rows(
            self.env["crm.lead"].search([("company_id", "=", self.company_abroad.id)])
        )
        self.assertFalse(foreign)

    def test_nobody_changes_it(self):
        lead = self._made()
        self._take(DAY_ONE)
        row = self.history.search([("lead_id", "=", lead.id)])
        for change in (
            lambda: row.write({"amount": 1}),
            row.unlink,
            lambda: row.create({"lead_id": lead.id}),
        ):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(AccessError):
            row.with_user(self.manager).read(["amount"])
