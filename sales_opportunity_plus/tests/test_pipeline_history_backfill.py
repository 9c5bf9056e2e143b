"""The pipeline's past, rebuilt from stage history and tracking values."""

from datetime import date, datetime

from odoo.tests import tagged
from odoo.tools import SQL

from .pipeline_common import PipelineCase


@tagged("post_install", "-at_install")
class TestPipelineBackfill(PipelineCase):
    def _live(self):
        """A deal whose changes Odoo tracked, a day each."""
        with self._at(2024, 3, 1, 9):
            lead = self._lead().with_context(tracking_disable=False)
            self._flush()
        for when, values in (
            ((2024, 3, 4, 9), {"expected_revenue": 2000}),
            ((2024, 3, 4, 15), {"expected_revenue": 2500}),
            ((2024, 3, 6, 9), {"user_id": self.seller_two.id}),
            ((2024, 3, 8, 9), {"stage_id": self.stage_won.id}),
        ):
            with self._at(*when):
                lead.write({**values, "team_id": self.team.id})
                self._flush()
        return lead

    def _flush(self):
        self.env.flush_all()
        self.env.cr.flush()

    def _rebuild(self, moment=datetime(2024, 3, 20, 12)):
        self._flush()
        self.env.cr.execute("DELETE FROM crm_pipeline_history")
        with self._at(moment):
            self.history._backfill()

    def test_a_life(self):
        lead = self._live()
        self._rebuild()
        rows = self._rows(lead, "valid_from", "valid_to", "amount", "user_id", "status")
        days = [date(2024, 3, day) for day in (1, 4, 6, 8)]
        one, two = self.seller.id, self.seller_two.id
        self.assertEqual(
            rows[:4],
            [
                (days[0], days[1], 1000, one, "open"),
                (days[1], days[2], 2500, one, "open"),
                (days[2], days[3], 2500, two, "open"),
                (days[3], rows[3][1], 2500, two, "won"),
            ],
        )
        flags = [row[0] for row in self._rows(lead, "is_reconstructed")]
        self.assertEqual(flags[:4], [True] * 4)

    def test_a_customer_tracks_the_expected_closing(self):
        lead = self._live()
        self.env.flush_all()
        field = self.env["ir.model.fields"]._get("crm.lead", "date_deadline")
        message = lead.message_ids[:1]
        self.env.cr.execute(
            SQL(
                """INSERT INTO mail_tracking_value (field_id, mail_message_id,
                       old_value_datetime, new_value_datetime, create_date)
                   VALUES (%s, %s, '2024-04-30', NULL, '2024-03-05 10:00')""",
                field.id,
                message.id,
            )
        )
        self._rebuild()
        by_day = dict(self._rows(lead, "valid_from", "date_deadline"))
        self.assertEqual(by_day[date(2024, 3, 4)], date(2024, 4, 30))
        self.assertIsNone(by_day[date(2024, 3, 5)])

    def test_once_only_and_one_current_row(self):
        lead = self._live()
        self._rebuild()
        before = self._rows(lead, "id", "valid_to")
        with self._at(2024, 3, 20, 13):
            self.history._backfill()
        self.assertEqual(self._rows(lead, "id", "valid_to"), before)
        self.assertEqual([row[1] for row in before].count(None), 1)

    def test_what_was_not_tracked_changes_today(self):
        lead = self._live()
        self._flush()
        self.env.cr.execute(
            "UPDATE crm_lead SET expected_revenue = 7 WHERE id = %s", [lead.id]
        )
        self.env.invalidate_all()
        self._rebuild()
        self.assertEqual(
            self._rows(lead, "valid_from", "amount", "is_reconstructed")[-2:],
            [(date(2024, 3, 8), 2500, True), (date(2024, 3, 20), 7, False)],
        )

    def test_rate_of_the_day(self):
        for day, rate in (("2024-03-03", 1.5), ("2024-03-05", 1.7)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": self.euro.id,
                    "name": day,
                    "rate": rate,
                    "company_id": False,
                }
            )
        lead = self._live()
        self._rebuild()
        rates = [float(row[0]) for row in self._rows(lead, "rate")]
        self.assertEqual(rates[:3], [1.0, 1.5, 1.7])
