"""Alerts on the forecast: what fires, when it fires again, who is told."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import NO_MAIL
from .pipeline_common import DAY_ONE, PipelineCase


@tagged("post_install", "-at_install")
class TestForecastAlert(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.stage.rule"].search([]).active = False
        cls.env["crm.forecast.alert"].search([]).active = False
        cls.team.user_id = cls.all_leads
        cls.number = 0

    def _alert(self, kind, **values):
        with self._at(DAY_ONE + timedelta(days=self.number)):
            return self.env["crm.forecast.alert"].create(
                {
                    "name": "Look",
                    "kind": kind,
                    "company_id": self.company.id,
                    **values,
                }
            )

    def _next_night(self):
        """The night comes: the history of the day, then the alerts."""
        self.env.flush_all()
        # All that was written meanwhile was written at noon of the day.
        self.env.cr.execute(
            "UPDATE crm_lead SET write_date = %s WHERE company_id = ANY(%s)",
            (DAY_ONE + timedelta(days=self.number), self.both_companies.ids),
        )
        self.env.invalidate_all()
        self.number += 1
        self._night((DAY_ONE + timedelta(days=self.number)).replace(hour=1))
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_, **__: 60
        ):
            self.env["crm.forecast.alert"]._cron_evaluate()

    def _fired(self, alert):
        return list(reversed(alert.crossing_ids.sorted().mapped("message")))

    def _deal(self, amount=500_000, **values):
        lead = self._lead(expected_revenue=amount, date_deadline="2024-05-10", **values)
        lead.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = '2024-01-01' WHERE id = %s", [lead.id]
        )
        return lead

    def test_big_deal_enters_commit_once(self):
        big, small = self._deal(name="Big"), self._deal(90_000, name="Small")
        abroad = self._deal(
            500_000, name="Crowns", company_id=self.company.id, team_id=False
        )
        old = self._deal(name="Old", forecast_category_override="commit")
        self._next_night()
        alert = self._alert("big_commit", amount=100_000)
        self._next_night()
        self.assertEqual(self._fired(alert), [])
        (big | small).forecast_category_override = "commit"
        abroad.unlink()
        self._next_night()
        [said] = self._fired(alert)
        self.assertIn("“Big”", said)
        self.assertIn("500,000", said)
        # Looked at again, or still so the next night: nothing new.
        alert.evaluated_to = alert.evaluated_to - timedelta(days=5)
        self._next_night()
        self.assertEqual(len(self._fired(alert)), 1)
        big.forecast_category_override = False
        self._next_night()
        big.forecast_category_override = "commit"
        small.expected_revenue = 100_000
        self._next_night()
        self.assertEqual(len(self._fired(alert)), 3)
        self.assertNotIn(old, alert.crossing_ids.lead_id)

    def test_amounts_are_of_the_currency_of_the_company(self):
        """A crown is a quarter of a euro."""
        lead = self._deal(
            399_999,
            company_id=self.company_abroad.id,
            team_id=self.team_abroad.id,
            user_id=self.seller_abroad.id,
        )
        self._next_night()
        own = self._alert("big_commit", amount=100_000)
        abroad = self._alert(
            "big_commit", amount=300_000, company_id=self.company_abroad.id
        )
        lead.forecast_category_override = "commit"
        self._next_night()
        self.assertFalse(own.crossing_ids)
        self.assertEqual(abroad.crossing_ids.lead_id, lead)
        self.assertEqual(abroad.crossing_ids.told_ids, self.seller_abroad)

    def test_slips(self):
        lead = self._deal(forecast_category_override="commit")
        other = self._deal(name="No Commit")
        alert = self._alert("slip", period_kind="quarter", days=20)
        self._next_night()
        self._next_night()
        (lead | other).date_deadline = "2024-05-20"
        self._next_night()
        self.assertEqual(self._fired(alert), [])
        (lead | other).date_deadline = "2024-06-20"
        self._next_night()
        self.assertEqual(len(self._fired(alert)), 1)
        # Ten days only, but into the next quarter.
        (lead | other).date_deadline = "2024-07-01"
        self._next_night()
        (lead | other).date_deadline = "2024-06-01"
        self._next_night()
        (lead | other).date_deadline = False
        self._next_night()
        fired = self._fired(alert)
        self.assertEqual(len(fired), 3)
        self.assertIn("06/20/2024 to 07/01/2024", fired[1])
        self.assertIn("no expected closing any more", fired[2])

    def test_fiscal_year_of_the_company_decides_the_period(self):
        self.company.forecast_first_month = "6"
        lead = self._deal(forecast_category_override="commit")
        alert = self._alert("slip", period_kind="year")
        self._next_night()
        lead.date_deadline = "2024-06-01"
        self._next_night()
        self.assertEqual(len(self._fired(alert)), 1)

    def test_concentration_fires_once_per_crossing(self):
        one = self._deal(100, probability=50)
        self._deal(100, probability=50)
        alert = self._alert("concentration", share=60, team_ids=self.team.ids)
        self._next_night()
        self.assertEqual(self._fired(alert), [])
        for amount, times in ((400, 1), (500, 1), (100, 1), (400, 2)):
            one.expected_revenue = amount
            self._next_night()
            self.assertEqual(len(self._fired(alert)), times, amount)
        self.assertAlmostEqual(alert.crossing_ids[0].value, 80)
        self.assertEqual(len(alert.crossing_ids.filtered("ended_on")), 1)

    def test_concentration_of_the_variance(self):
        """Certain deals leave nothing uncertain, however big they are."""
        self._deal(10_000, probability=99.99)
        unsure = self._deal(1_000, probability=50)
        alert = self._alert("concentration", share=60, share_of="variance")
        self._next_night()
        self.assertEqual(alert.crossing_ids.lead_id, unsure)
        self.assertIn("uncertain", alert.crossing_ids.message)

    def _targets(self, targets):
        return patch.object(
            type(self.env["crm.forecast.alert"]),
            "_targets",
            lambda alert, period: targets,
        )

    def test_coverage(self):
        self._deal(2000)
        won = self._deal(500)
        won.action_set_won()
        won.date_closed = DAY_ONE
        leader = {"to_leader": False, "user_ids": self.manager.ids}
        own = self._alert("coverage", coverage=3, team_ids=self.team.ids)
        whole = self._alert("coverage", coverage=3, **leader)
        with self._targets({}):
            self._next_night()
        self.assertFalse((own | whole).crossing_ids)
        # 2,000 open are four times the 500 that are missing, twice the 1,000.
        by_person = {(self.team.id, self.seller.id): 1000.0, (0, 0): 1500.0}
        with self._targets(by_person):
            self._next_night()
            self._next_night()
        self.assertFalse(own.crossing_ids)
        self.assertAlmostEqual(whole.crossing_ids.value, 2)
        self.assertEqual(whole.crossing_ids.told_ids, self.manager)
        self.assertIn("Test North", whole.crossing_ids.message)
        with self._targets({(self.team.id, 0): 500.0}):
            self._next_night()
        self.assertFalse(own.crossing_ids)
        with self._targets({(self.team.id, 0): 3000.0}):
            self._next_night()
        self.assertEqual(own.crossing_ids.told_ids, self.all_leads)
        self.assertTrue(own.activity_ids)

    def test_who_is_told(self):
        """Nobody is told of what he may not read, and nobody who has left."""
        lead = self._deal()
        self._next_night()
        alert = self._alert(
            "big_commit",
            user_ids=[Command.set((self.seller_two | self.manager).ids)],
        )
        lead.forecast_category_override = "commit"
        self.manager.active = False
        self._next_night()
        told = self.seller | self.all_leads
        self.assertEqual(alert.crossing_ids.told_ids, told)
        activities = lead.activity_ids.filtered(lambda one: one.summary == "Look")
        self.assertEqual(activities.user_id, told)
        self.assertIn("entered Commit", activities[0].note)

    def test_by_mail(self):
        lead = self._deal()
        self._next_night()
        alert = self._alert("big_commit", channel="mail", to_leader=False)
        lead.forecast_category_override = "commit"
        self._next_night()
        self.assertFalse(lead.activity_ids)
        mail = self.env["mail.mail"].search([("subject", "=", "Look")])
        self.assertEqual(mail.recipient_ids, self.seller.partner_id)
        self.assertIn("entered Commit", mail.body_html)
        self.assertEqual(alert.crossing_ids.told_ids, self.seller)

    def test_rights(self):
        alert = self._alert("big_commit")
        with self.assertRaises(AccessError):
            alert.with_user(self.seller).amount = 5
        with self.assertRaises(AccessError):
            alert.with_user(self.seller).crossing_ids.check_access("read")
        self.assertFalse(
            alert.with_user(self.seller_abroad).search([("id", "=", alert.id)])
        )
        crossings = self.env["crm.forecast.alert.crossing"].with_user(self.manager)
        with self.assertRaises(AccessError):
            crossings.create({"alert_id": alert.id, "subject": "x", "day": date.max})
        self.assertFalse(alert.with_user(self.manager).action_open_crossings() is None)

    def test_wrong_input(self):
        with self.assertRaisesRegex(ValidationError, "tell nobody"):
            self._alert("coverage", to_leader=True)
        with self.assertRaisesRegex(ValidationError, "tell nobody"):
            self._alert("slip", to_leader=False, to_salesperson=False)
        with self.assert_refused(Exception, "share_in_range"):
            self._alert("concentration", share=100)
            self.env.flush_all()
        form = Form(
            self.env["crm.forecast.alert"]
            .with_user(self.manager)
            .with_context(**NO_MAIL)
        )
        form.name = "By Hand"
        self.assertEqual(form.save().company_id, self.company)
